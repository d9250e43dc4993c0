"""Text that is being typed, read as far as it can be.

A line in the making breaks the YAML of a whole file. Lines that stand in the way are blanked, so
that everything else is read, and each offset stays where it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forge.source import Fault, Mapping, read

_ATTEMPTS = 8
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNREADABLE = frozenset({"syntax", "tab-indentation", "unknown-anchor", "key-not-text"})


@dataclass(frozen=True, slots=True)
class Repaired:
    """The nodes of a text, as far as there are any, and whether all of it was read."""

    root: Mapping | None
    whole: bool


def repaired(file: str, text: str) -> Repaired:
    """Read `text`, without the lines that keep the rest from being read."""
    current = text
    for attempt in range(_ATTEMPTS + 1):
        reading = read(file, current)
        if isinstance(reading.root, Mapping):
            return Repaired(reading.root, attempt == 0)
        fault = next((f for f in reading.faults if f.code in _UNREADABLE), None)
        if fault is None or attempt == _ATTEMPTS:
            break
        better = _without_fault(file, current, fault)
        if better is None:
            break
        current = better
    return Repaired(None, False)


def _without_fault(file: str, text: str, fault: Fault) -> str | None:
    """The text with one line blanked: of those around the fault the one that helps most."""
    lines = _lines(text)
    number = min(fault.span.start.line - 1, len(lines) - 1)
    best: tuple[int, str] | None = None
    for start, end in _around(text, lines, number):
        blanked = text[:start] + " " * (end - start) + text[end:]
        reading = read(file, blanked)
        if reading.root is not None:
            return blanked
        reached = max((f.span.start.offset for f in reading.faults), default=0)
        if best is None or reached > best[0]:
            best = reached, blanked
    return None if best is None else best[1]


def _around(
    text: str, lines: list[tuple[int, int]], number: int
) -> list[tuple[int, int]]:
    """The line of the fault and the two lines with content before it."""
    found: list[tuple[int, int]] = []
    while number >= 0 and len(found) < 3:
        start, end = lines[number]
        if text[start:end].strip():
            found.append((start, end))
        number -= 1
    return found


def _lines(text: str) -> list[tuple[int, int]]:
    """Start and end of each line, without its line end."""
    found: list[tuple[int, int]] = []
    at = 0
    for match in _LINE_END.finditer(text):
        found.append((at, match.start()))
        at = match.end()
    return [*found, (at, len(text))]
