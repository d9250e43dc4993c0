"""The format of `sequence(...)`."""

from __future__ import annotations

import re

from forge.ir.entities import SequenceFormat

WIDTH = 6
"""Digits of a number whose format names no width."""

_COUNTER = re.compile(
    r"\{n?(?::0?(?P<width>\d+)d?)?\}|\{(?P<zeros>0+)\}|%0?(?P<printf>\d*)d|(?P<hashes>#+)"
)
_DATE_PARTS = {
    "{YYYY}": "{year}", "{MM}": "{month}", "{DD}": "{day}",
    "{year}": "{year}", "{month}": "{month}", "{day}": "{day}",
}  # fmt: skip
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_MAX_WIDTH = 30


def sequence_format(text: str) -> SequenceFormat | None:
    """What `sequence(text)` asks for; `None` where it has no meaning.

    `INV-{n:06}`, `INV-{000000}`, `INV-%06d`, `INV-######` and the bare prefix `INV`
    mean the same. `{year}`, `{month}` and `{day}` stand for the date of creation, and
    numbers restart with them.
    """
    stripped = _unquoted(text.strip())
    counters = list(_COUNTER.finditer(stripped))
    if len(counters) > 1:
        return None
    if not counters:
        prefix = (
            stripped if not stripped or not stripped[-1].isalnum() else f"{stripped}-"
        )
        return _checked(prefix, WIDTH, "")
    found = counters[0]
    width = _width(found)
    return _checked(stripped[: found.start()], width, stripped[found.end() :])


def _unquoted(text: str) -> str:
    """The text inside a pair of quotes; a quote that stands alone is part of the format."""
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text


def _width(found: re.Match[str]) -> int:
    for group in ("width", "printf"):
        if found.group(group):
            return int(found.group(group))
    for group in ("zeros", "hashes"):
        if found.group(group):
            return len(found.group(group))
    return WIDTH if found.group().startswith("{") else 1


def _checked(prefix: str, width: int, suffix: str) -> SequenceFormat | None:
    if not 1 <= width <= _MAX_WIDTH:
        return None
    parts = [_dates(prefix), _dates(suffix)]
    if parts[0] is None or parts[1] is None:
        return None
    return SequenceFormat(parts[0], width, parts[1])


def _dates(text: str) -> str | None:
    for found in _BRACES.findall(text):
        if found not in _DATE_PARTS:
            return None
    return _BRACES.sub(lambda m: _DATE_PARTS[m.group()], text)
