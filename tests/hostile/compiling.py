"""From contracts as values to outputs, in the process: nothing is formatted, nothing written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from forge.diagnostics import Diagnostic
from forge.emit import Target
from forge.ir.compiler import analyze
from forge.parser.loader import load_texts
from forge.targets.registry import EVERYTHING, find_targets
from tests.golden.trees import constant

_PLAIN = re.compile(r'[^\x20-\x7e]|["\\]')


@dataclass(frozen=True, slots=True)
class Result:
    """What contracts come to: files by path, or the errors that refuse them."""

    files: dict[str, str] = field(default_factory=dict)
    errors: tuple[Diagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@cache
def targets() -> tuple[Target, ...]:
    return find_targets((EVERYTHING,))


def compiled(contracts: Iterable[dict[str, Any]]) -> Result:
    """The files that the contracts decide about, or the errors."""
    texts = [(f"{n:02}.contract.yaml", as_yaml(c)) for n, c in enumerate(contracts)]
    analysis = analyze(load_texts(texts))
    found = analysis.diagnostics
    files: dict[str, str] = {}
    if not analysis.failed:
        for target in targets():
            generated = target.generate(analysis.application)
            found = (*found, *generated.diagnostics)
            files |= {f.path: f.content for f in generated if constant(f.path) is None}
    errors = tuple(d for d in found if d.is_error)
    return Result({} if errors else files, errors, found)


def as_yaml(value: Any) -> str:
    """A value in YAML's flow style: every text quoted, everything unusual escaped."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_entry(k, v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return '"' + _PLAIN.sub(_escaped, value) + '"'


def _entry(key: str, value: Any) -> str:
    # A key that is written out may have any length.
    return f"? {as_yaml(key)} : {as_yaml(value)}"


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
