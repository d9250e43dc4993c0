"""Offsets in a text, and the lines and columns by which the protocol names them.

A column counts code units of the encoding that server and client agreed on. Lines end as the
protocol says, which is at fewer characters than in Python.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol.types import Position, PositionEncodingKind, Range

_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}


class Lines:
    """A text by lines."""

    def __init__(self, text: str, encoding: str = PositionEncodingKind.Utf16) -> None:
        self.text = text
        self._codec = _BYTES.get(str(getattr(encoding, "value", encoding)))
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]

    def offset(self, position: Position) -> int:
        """The offset of a position; behind a line's end, that end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._ends[position.line]
        line = self.text[start:end]
        if self._codec is None or line.isascii():
            return min(start + position.character, end)
        return start + self._characters(line, position.character)

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : min(offset, self._ends[line])]
        return Position(line, self._units(before))

    def range(self, start: int, end: int) -> Range:
        """The range between two offsets."""
        return Range(self.position(start), self.position(max(start, end)))

    def _units(self, text: str) -> int:
        if self._codec is None or text.isascii():
            return len(text)
        name, size = self._codec
        return len(text.encode(name, "surrogatepass")) // size

    def _characters(self, line: str, units: int) -> int:
        """How many characters so many code units are; part of one counts as none of it."""
        left = units
        for number, character in enumerate(line):
            left -= self._units(character)
            if left < 0:
                return number
        return len(line)
