"""Descriptions of contracts as docstrings."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import doc

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Docstring:
    """What stands between the quotes, wrapped; one line where `rest` is empty."""

    first: Code
    rest: tuple[Code, ...] = ()


def docstring(text: str, indent: int = 4) -> Docstring | None:
    """A description as a docstring that stands `indent` deep; nothing for no text."""
    clean = " ".join(text.split())
    if len(clean) <= WIDTH - indent - len('""""""'):
        return Docstring(doc(clean)) if clean else None
    first, *rest = textwrap.wrap(
        f'"""{clean}',
        WIDTH - indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Docstring(doc(first[3:]), tuple(map(doc, rest)))
