"""Places in contract text."""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """A point in a text: line and column from 1, offset in characters from 0."""

    line: int
    column: int
    offset: int


class Span(NamedTuple):
    """A stretch of one file, end exclusive."""

    file: str
    start: Position
    end: Position

    def __str__(self) -> str:
        return f"{self.file}:{self.start.line}:{self.start.column}"


START = Position(1, 1, 0)


def whole_file(file: str) -> Span:
    """The place to report what concerns a file as such."""
    return Span(file, START, START)
