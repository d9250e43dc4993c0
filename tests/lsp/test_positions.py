"""Offsets and the units in which clients count, on texts where they differ."""

from __future__ import annotations

import pytest
from lsprotocol.types import Position

from specora.lsp.positions import Lines

TEXT = "a: 😀x\r\nb: é\u2028y\rc: \U0001d11e\n"


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [("utf-8", (3, 7, 8)), ("utf-16", (3, 5, 6)), ("utf-32", (3, 4, 5))],
)
def test_counts_as_agreed(encoding: str, columns: tuple[int, int, int]) -> None:
    lines = Lines(TEXT, encoding)
    face = TEXT.index("😀")
    assert tuple(lines.position(face + n).character for n in range(3)) == columns


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_every_offset_is_found_again(encoding: str) -> None:
    lines = Lines(TEXT, encoding)
    for offset in range(len(TEXT) + 1):
        if TEXT[offset - 1 : offset + 1] != "\r\n":
            assert lines.offset(lines.position(offset)) == offset


def test_lines_end_where_the_protocol_says() -> None:
    lines = Lines(TEXT)
    assert lines.position(TEXT.index("y")) == Position(1, 5)
    assert lines.position(TEXT.index("c:")) == Position(2, 0)
    assert lines.position(len(TEXT)) == Position(3, 0)


def test_places_that_are_not_there_are_the_nearest_that_are() -> None:
    lines = Lines(TEXT)
    assert lines.offset(Position(0, 99)) == TEXT.index("\r\n")
    assert lines.offset(Position(99, 0)) == len(TEXT)
    assert lines.offset(Position(0, 4)) == TEXT.index("😀")
    assert lines.position(9999) == Position(3, 0)
    assert Lines("").range(5, 2).end == Position(0, 0)
