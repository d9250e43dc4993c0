"""Descriptions of contracts as docstrings."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import doc

WIDTH = 88
_QUOTE_AT_END = re.compile(r'(?<!\\)((?:\\\\)*)"\Z')


@dataclass(frozen=True, slots=True)
class Docstring:
    """What stands between the quotes, wrapped; one line where `rest` is empty."""

    first: Code
    rest: tuple[Code, ...] = ()


def docstring(text: str, indent: int = 4) -> Docstring | None:
    """A description as a docstring that stands `indent` deep; nothing for no text."""
    clean = " ".join(text.split())
    if len(clean) <= WIDTH - indent - len('""""""'):
        return Docstring(_line(clean)) if clean else None
    first, *rest = textwrap.wrap(
        f'"""{clean}',
        WIDTH - indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Docstring(_line(first[3:]), tuple(_line(line) for line in rest))


def _line(text: str) -> Code:
    """One line whose last quote is escaped, so that the closing ones stay apart."""
    # The full stop keeps `doc` from looking at the end, which is looked at here: a quote
    # there may already be escaped.
    body = str(doc(f"{text}."))[:-1]
    return Code(_QUOTE_AT_END.sub(r'\1\\"', body))
