"""Markdown as sections of lines: headings, fences, tables, items and text, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from factory.importers.drafts import Place
from factory.importers.reading import Text

MAX_LINE = 4000
"""Characters of a line that are looked at; a longer one is no prose."""
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*\Z")
_FENCE = re.compile(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})\s*([\w+.-]*)")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(?:\[([ xX])\]\s*)?(.*)")
_RULE = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*\Z")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{0,300}\)")
_MARKS = re.compile(r"\*\*|__|`|~~")
_EMPHASIS = re.compile(r"(?<![\w*/])\*([^\s*][^*]{0,200})\*(?![\w*/])")
_CELLS = re.compile(r"(?<!\\)\|")


class Kind(StrEnum):
    """What a block is."""

    TEXT = "text"
    ITEM = "item"
    TABLE = "table"
    FENCE = "fence"


@dataclass(slots=True)
class Block:
    """A line of prose or of a list, a fence or a table."""

    kind: Kind
    text: str
    place: Place
    """Of a fence: of its first line of content."""
    indent: int = 0
    language: str = ""
    is_task: bool = False
    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    """Rows of a table by line; the first is its head."""

    @property
    def plain(self) -> str:
        """The text without marks."""
        return clean(self.text)

    def at(self, line: int) -> Place:
        """A line of the same file."""
        return Place(self.place.file, line)


@dataclass(slots=True)
class Section:
    """A heading, and what stands below it before the next one."""

    title: str
    level: int
    place: Place
    above: tuple[str, ...] = ()
    """Titles of the sections around it."""
    blocks: list[Block] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """The title without marks."""
        return clean(self.title)

    def names(self, *words: str) -> bool:
        """Whether a word begins like one of these in the title or in one around it."""
        return any(
            re.search(rf"\b{word}", title, re.IGNORECASE)
            for title in (self.plain, *map(clean, self.above))
            for word in words
        )


def clean(text: str) -> str:
    """A text without the marks of Markdown."""
    return _EMPHASIS.sub(r"\1", _MARKS.sub("", _LINK.sub(r"\1", text))).strip()


def sections(text: Text) -> list[Section]:
    """The sections of a file; the first has no title where the file does not begin with one."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: Text) -> None:
        self.name = text.name
        self.lines = [line[:MAX_LINE] for line in text.content.split("\n")]
        self.number = 0
        self.found = [Section("", 0, Place(text.name, 1))]
        self.around: list[Section] = []

    def read(self) -> list[Section]:
        while self.number < len(self.lines):
            self._line(self.lines[self.number])
        return self.found

    def _place(self) -> Place:
        return Place(self.name, self.number + 1)

    def _line(self, line: str) -> None:
        fence = _FENCE.match(line)
        heading = _HEADING.match(line.strip())
        if fence:
            self._fence(fence[1], fence[2].lower())
        elif heading:
            self._heading(len(heading[1]), heading[2], self._place())
            self.number += 1
        elif line.lstrip().startswith("<!--"):
            self._comment()
        elif line.count("|") >= 2 and self._is_delimiter(self.number + 1):
            self._table()
        elif _RULE.match(line):
            self._rule(line.strip()[0])
            self.number += 1
        else:
            self._prose(line)
            self.number += 1

    def _heading(self, level: int, title: str, place: Place) -> None:
        while self.around and self.around[-1].level >= level:
            self.around.pop()
        titles = tuple(one.title for one in reversed(self.around))
        self.around.append(Section(title, level, place, titles))
        self.found.append(self.around[-1])

    def _rule(self, mark: str) -> None:
        """A line under a text makes a heading of it; anywhere else it only divides."""
        blocks = self.found[-1].blocks
        last = blocks[-1] if blocks else None
        directly = last is not None and last.place.line == self.number
        if last is not None and last.kind is Kind.TEXT and directly and mark in "=-":
            blocks.pop()
            self._heading(1 if mark == "=" else 2, last.text, last.place)

    def _fence(self, mark: str, language: str) -> None:
        self.number += 1
        start = self.number
        end = start
        while end < len(self.lines) and not self._closes(self.lines[end], mark):
            end += 1
        content = "\n".join(self.lines[start:end])
        self.number = end + 1
        place = Place(self.name, start + 1)
        self.found[-1].blocks.append(Block(Kind.FENCE, content, place, 0, language))

    def _closes(self, line: str, mark: str) -> bool:
        bare = line.strip()
        return len(bare) >= len(mark) and not bare.strip(mark[0])

    def _comment(self) -> None:
        while self.number < len(self.lines) and "-->" not in self.lines[self.number]:
            self.number += 1
        self.number += 1

    def _is_delimiter(self, number: int) -> bool:
        line = self.lines[number] if number < len(self.lines) else ""
        return "-" in line and "|" in line and not line.strip(" \t|:-")

    def _table(self) -> None:
        block = Block(Kind.TABLE, self.lines[self.number], self._place())
        while self.number < len(self.lines) and "|" in self.lines[self.number]:
            if not self._is_delimiter(self.number):
                row = tuple(_cells(self.lines[self.number]))
                block.rows.append((self.number + 1, row))
            self.number += 1
        self.found[-1].blocks.append(block)

    def _prose(self, line: str) -> None:
        blocks = self.found[-1].blocks
        item = _ITEM.match(line)
        if item:
            indent = len(item[1].expandtabs(4))
            made = Block(Kind.ITEM, item[3].strip(), self._place(), indent)
            made.is_task = item[2] is not None
            blocks.append(made)
        elif line.strip():
            text = line.strip().lstrip("> ").strip()
            indent = len(line) - len(line.lstrip())
            blocks.append(Block(Kind.TEXT, text, self._place(), indent))


def _cells(line: str) -> Iterator[str]:
    row = line.strip().removeprefix("|").removesuffix("|")
    for cell in _CELLS.split(row):
        yield cell.replace("\\|", "|").strip()
