"""Where in the structure of a contract an offset is, judged by indentation.

A parser needs a whole document; an editor asks in the middle of a word. Lines above the offset
say by their indentation where it is, whatever comes below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

_KEY = re.compile(
    r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s"'{}\[\],#&*!|>%@`:](?:[^:#]|:(?=\S)|(?<=\S)\#)*?))"""
    r"[ \t]*:(?=[ \t]|$)"
)
_BLOCK = re.compile(r"[|>][0-9+-]*[ \t]*(?:#.*)?$")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|[ \t])#")


class Part(Enum):
    """What of an entry a spot is."""

    KEY = auto()
    VALUE = auto()
    EITHER = auto()
    """Nothing tells yet: there is no colon."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the structure, and the word that stands or begins there."""

    path: Path
    """Of a value, its own; of a key, the mapping's; where that is open, the collection's."""
    part: Part
    start: int
    end: int
    """The word that an answer replaces."""
    word: str
    """What of it stands before the offset."""
    in_flow: bool = False
    has_colon: bool = False
    before: frozenset[str] = frozenset()
    """In brackets, the keys or items that stand before it."""


@dataclass(slots=True)
class _Open:
    """A collection that is open at some line: what leads into it, and its column."""

    column: int
    step: Step
    is_item: bool


@dataclass(slots=True)
class _Flow:
    """A collection in brackets that is open."""

    is_mapping: bool
    key: str | None = None
    number: int = 0
    start: int = 0
    """Where its present key, value or item begins."""
    names: set[str] = field(default_factory=set)
    """Its keys or items so far."""


def spot_at(text: str, offset: int) -> Spot | None:
    """The spot at an offset; `None` in comments and in texts of several lines."""
    return _Scanner(text, offset).spot()


class _Scanner:
    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = max(0, min(offset, len(text)))
        self.open: list[_Open] = []
        self.block: int | None = None
        """The column below which lines belong to a text of several lines."""
        self.flow: int | None = None
        """Where the brackets open that the offset is in."""

    def spot(self) -> Spot | None:
        at = 0
        while True:
            match = _LINE.match(self.text, at)
            assert match is not None
            end = match.end()
            if self.offset < end or end == len(self.text):
                if self.offset == end > at and self.text[end - 1] in "\r\n":
                    self._skip(at, end)
                    at = end
                return (
                    self._last(at, end)
                    if self.flow is None
                    else self._in_flow(self.flow)
                )
            at = self._skip(at, end)
            if self.flow is not None:
                return self._in_flow(self.flow)

    def _skip(self, at: int, end: int) -> int:
        """Take a line in that lies before the offset; where the next one starts."""
        line = self.text[at:end].rstrip("\r\n")
        content = line.lstrip(" \t")
        column = len(line) - len(content)
        if not content or self._in_block(column):
            return end
        if content.startswith(("#", "---", "%", "...")):
            return end
        rest = self._enter(line, column)
        if rest is None:
            return end
        value = line[rest:].lstrip(" \t")
        start = at + len(line) - len(value)
        if _BLOCK.match(value):
            self.block = self.open[-1].column if self.open else -1
        elif value.startswith(("{", "[")):
            return max(end, self._behind_flow(start))
        return end

    def _in_block(self, column: int) -> bool:
        if self.block is not None and column > self.block:
            return True
        self.block = None
        return False

    def _enter(self, line: str, column: int) -> int | None:
        """Follow the dashes and the key of a line; where its value starts, if it has a key."""
        while line.startswith(("- ", "-\t"), column) or line[column:] == "-":
            self._item(column)
            after = column + 1
            column = after + len(line[after:]) - len(line[after:].lstrip(" \t"))
        match = _KEY.match(line, column)
        if match is None:
            return column if line[column : column + 1] in ("{", "[", "|", ">") else None
        self._close(column)
        self.open.append(_Open(column, _key_text(match), False))
        return match.end()

    def _item(self, column: int) -> None:
        last: _Open | None = None
        while self.open and (
            self.open[-1].column > column
            or (self.open[-1].column == column and self.open[-1].is_item)
        ):
            last = self.open.pop()
        number = 0
        if last is not None and last.is_item and last.column == column:
            number = int(last.step) + 1
        self.open.append(_Open(column, number, True))

    def _close(self, column: int) -> None:
        while self.open and self.open[-1].column >= column:
            self.open.pop()

    @property
    def path(self) -> Path:
        return tuple(entry.step for entry in self.open)

    def _last(self, at: int, end: int) -> Spot | None:
        """The spot on the line of the offset."""
        line = self.text[at:end].rstrip("\r\n")
        place = min(self.offset - at, len(line))
        content = line.lstrip(" \t")
        column = len(line) - len(content)
        if content and self._in_block(column):
            return None
        if _COMMENT.search(line[:place]) and not _quoted(line[:place]):
            return None
        if place <= column and not content:
            return self._blank(at, place)
        dashes = column
        while dashes < place and (
            line.startswith(("- ", "-\t"), dashes) or line[dashes:] == "-"
        ):
            self._item(dashes)
            after = dashes + 1
            dashes = after + len(line[after:]) - len(line[after:].lstrip(" \t"))
        return self._on_line(line, at, min(dashes, len(line)), place)

    def _blank(self, at: int, place: int) -> Spot | None:
        if self.block is not None and place > self.block:
            return None
        self._close(place)
        spot = at + place
        return Spot(self.path, Part.EITHER, spot, spot, "")

    def _on_line(self, line: str, at: int, column: int, place: int) -> Spot | None:
        match = _KEY.match(line, column)
        if match is None:
            if line[column : column + 1] in ("{", "["):
                return self._in_flow(at + column)
            self._close_for_word(line, column)
            start = min(column, place)
            return self._word(at, line, start, Part.EITHER, place)
        self._close(column)
        if place <= match.end() - 1:
            stop = column + len(match[0][:-1].rstrip())
            word = self.text[at + column : at + place]
            return Spot(
                self.path,
                Part.KEY,
                at + column,
                at + stop,
                word.lstrip("\"'"),
                has_colon=True,
            )
        self.open.append(_Open(column, _key_text(match), False))
        after = match.end()
        start = after + len(line[after:]) - len(line[after:].lstrip(" \t"))
        if line[start : start + 1] in ("{", "["):
            return self._in_flow(at + start)
        return self._word(at, line, min(start, place), Part.VALUE, place)

    def _close_for_word(self, line: str, column: int) -> None:
        last = self.open[-1] if self.open else None
        if last is None or not (last.is_item and last.column < column):
            self._close(column)

    def _word(self, at: int, line: str, start: int, part: Part, place: int) -> Spot:
        rest = line[start:]
        comment = _COMMENT.search(rest)
        if comment is not None and not _quoted(rest[: comment.start() + 1]):
            rest = rest[: comment.start()]
        end = max(start + len(rest.rstrip()), place) if start < place else place
        word = line[start:place].lstrip("\"'")
        return Spot(self.path, part, at + start, at + end, word)

    def _behind_flow(self, start: int) -> int:
        """Where the line ends in which brackets close; 0 where they never do."""
        depth = 0
        for at, character in self._flow_tokens(start, self.offset):
            if character in "{[":
                depth += 1
            elif character in "}]":
                depth -= 1
            if depth == 0:
                line = _LINE.match(self.text, at)
                behind = line.end() if line else 0
                return min(behind, self._line_start())
        if not self._is_left(start):
            self.flow = start
        return 0

    def _line_start(self) -> int:
        """Where the line of the offset starts."""
        ends = (self.text.rfind(mark, 0, self.offset) for mark in "\r\n")
        return max(ends) + 1

    def _is_left(self, start: int) -> bool:
        """Whether a line between brackets that never close and the offset stands further out."""
        column = self.open[-1].column if self.open else -1
        return any(
            self._dedents(match.end(), column)
            for match in _LINE_END.finditer(self.text, start, self.offset)
        )

    def _flow_tokens(self, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """The marks outside of quotes from `start` on, each with its place."""
        at, quote = start, ""
        column = self.open[-1].column if self.open else -1
        while at < stop:
            character = self.text[at]
            if quote:
                if character == "\\" and quote == '"':
                    at += 1
                elif character == quote:
                    quote = ""
            elif character in "\"'" and self.text[at - 1 : at] in (
                " ",
                "[",
                "{",
                ",",
                ":",
                "\n",
            ):
                quote = character
            elif character in "{[]}," or (character == ":" and self._ends_key(at)):
                yield at, character
            elif character in "\r\n" and self._dedents(at + 1, column):
                return
            at += 1

    def _ends_key(self, at: int) -> bool:
        return self.text[at + 1 : at + 2] in ("", " ", "\n", "\r", "\t")

    def _dedents(self, at: int, column: int) -> bool:
        """Whether the line at `at` is a sibling of the key before the brackets, or further out."""
        line = _LINE.match(self.text, at)
        content = line[0].strip() if line else ""
        if not content or line is None:
            return False
        indent = len(line[0]) - len(line[0].lstrip(" \t"))
        return indent <= column and content[0] not in "}]"

    def _in_flow(self, start: int) -> Spot | None:
        if self.offset <= start:
            return Spot(self.path, Part.VALUE, self.offset, self.offset, "")
        frames: list[_Flow] = []
        for at, character in self._flow_tokens(start, self.offset):
            end = at + 1
            if character in "{[":
                frames.append(_Flow(character == "{", start=end))
            elif character in "}]":
                frames.pop()
                if not frames:
                    return None
                frames[-1].start = end
            elif character == ",":
                if not frames[-1].is_mapping:
                    frames[-1].names.add(self._bare(frames[-1].start, at))
                frames[-1].key = None
                frames[-1].number += 1
                frames[-1].start = end
            elif frames[-1].is_mapping and frames[-1].key is None:
                frames[-1].key = self._bare(frames[-1].start, at)
                frames[-1].names.add(frames[-1].key)
                frames[-1].start = end
        return self._flow_spot(frames)

    def _bare(self, start: int, end: int) -> str:
        return self.text[start:end].strip().strip("\"'")

    def _flow_spot(self, frames: list[_Flow]) -> Spot | None:
        if not frames:
            return None
        path: list[Step] = [*self.path]
        path += [(f.key or "") if f.is_mapping else f.number for f in frames[:-1]]
        last = frames[-1]
        part = Part.KEY
        if not last.is_mapping:
            path.append(last.number)
            part = Part.VALUE
        elif last.key is not None:
            path.append(last.key)
            part = Part.VALUE
        start = max(last.start, self._line_start())
        while start < self.offset and self.text[start] in " \t\r\n":
            start += 1
        end = self._flow_word_end(self.offset) if start < self.offset else start
        word = self.text[start : self.offset].lstrip("\"'")
        colon = self.text[end : end + 1] == ":"
        before = frozenset(last.names)
        return Spot(tuple(path), part, start, end, word, True, colon, before)

    def _flow_word_end(self, at: int) -> int:
        while at < len(self.text) and self.text[at] not in ",{}[]:\r\n#":
            at += 1
        while at > self.offset and self.text[at - 1] in " \t":
            at -= 1
        return at


def _key_text(match: re.Match[str]) -> str:
    double, single, bare = match[1], match[2], match[3]
    if double is not None:
        return double
    return single.replace("''", "'") if single is not None else bare.rstrip()


def _quoted(before: str) -> bool:
    """Whether a text ends inside of quotes."""
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1
