"""The YAML documents in a file: a service each, at the lines where they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from factory.importers.documents import Document, load
from factory.importers.drafts import Place, Unmapped, Unreadable
from factory.importers.markdown import Block, Kind, sections
from factory.importers.reading import Text

NAMES = ("service_name", "service", "name")
"""Keys that may hold a service's name."""
_GLUED = re.compile(r"(?:ya?ml)(?=[A-Za-z_\"'][\w\"' -]*:(?:\s|$))")
_START = re.compile(r"(?:ya?ml)?\s*[\"']?(?:service_name|service)[\"']?\s*:")
_INSIDE = re.compile(r"\s|#|-(?:\s|$)|[\"'\w][^:]*:(?:\s|$)|[\]}]|\Z")
_TITLE = re.compile(r"\d+[.)]\s|[A-Z][\w ,&-]{0,70}\Z|ya?ml\Z")
"""A heading that lost its mark when the document was printed."""
_SEPARATOR = re.compile(r"---(?:\s|\Z)")
LONGEST = 120
"""Characters of a piece of the source in a note."""
LARGEST = 300_000
"""Values of a sheet; one of a thousand tables has about as many."""
DEEPEST = 20
"""Levels of a sheet."""
_WEIGHT = 100
"""Characters that count as one more value."""


@dataclass(slots=True)
class Sheets:
    """The services of a file, and what stands around them."""

    documents: list[Document]
    unmapped: list[Unmapped]


def sheets(text: Text) -> Sheets:
    """Every service of a file. Raises `Unreadable` where none of its blocks is YAML."""
    lines = text.content.split("\n")
    marked = [block for section in sections(text) for block in section.blocks]
    blocks = list(_blocks(text, lines, marked))
    found = Sheets([], [])
    faults = []
    inside: set[int] = set()
    for start, end in blocks:
        inside |= set(range(start, end))
        try:
            document = load(_piece(text, lines, start, end))
            if size_of(document.value) > LARGEST:
                place = Place(text.name, start + 1)
                raise Unreadable(place, f"holds more than {LARGEST} values, or itself")
        except Unreadable as error:
            faults.append(error)
            continue
        if isinstance(document.value, dict) and name_of(document):
            found.documents.append(_flat(document))
        elif document.value is not None:
            place = Place(text.name, start + 1)
            what = shortened(lines[start])
            found.unmapped.append(Unmapped(place, what, "names no service"))
    if faults and not found.documents:
        raise faults[0]
    found.unmapped += (
        Unmapped(fault.place, "a block of YAML", fault.reason) for fault in faults
    )
    found.unmapped += _around(lines, marked, inside)
    return found


def name_of(document: Document) -> str:
    """The service's name; empty where the document has none."""
    for key in NAMES:
        value = document.value.get(key)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def size_of(value: object, most: int = LARGEST) -> int:
    """How many values and keys there are, aliases counted in full, up to one more than `most`.

    What is nested more than `DEEPEST` levels counts as too many, as what holds itself is.
    """
    count = 0
    left = [(value, 0)]
    while left and count <= most:
        one, depth = left.pop()
        count += 1 + (len(one) // _WEIGHT if isinstance(one, str) else 0)
        if isinstance(one, dict | list | tuple):
            if depth > DEEPEST:
                return most + 1
            members = (*one.keys(), *one.values()) if isinstance(one, dict) else one
            left += ((member, depth + 1) for member in members)
    return count


def _flat(document: Document) -> Document:
    """`service: {name: x, ...}` with its members at the top."""
    for key in NAMES:
        if isinstance(document.value.get(key), dict):
            return document.lifted(key, "name")
        if isinstance(document.value.get(key), str):
            break
    return document


def shortened(text: object) -> str:
    """One line of at most `LONGEST` characters."""
    plain = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return " ".join(plain.split())[:LONGEST]


def _piece(text: Text, lines: list[str], start: int, end: int) -> Text:
    first = _GLUED.sub("", lines[start], count=1) if start < end else ""
    # Lines before the block stay as empty ones, so that places count from the file's first.
    return Text(text.name, "\n" * start + "\n".join([first, *lines[start + 1 : end]]))


def _blocks(
    text: Text, lines: list[str], marked: list[Block]
) -> Iterator[tuple[int, int]]:
    """First line and the one behind the last, counted from 0."""
    fenced = [
        (start, end)
        for start, end in map(_lines_of, marked)
        if any(_START.match(line) for line in lines[start:end])
    ]
    if text.suffix == ".json":
        yield 0, len(lines)
    elif fenced:
        yield from fenced
        for start, end in _printed(lines):
            if not any(first <= start < last for first, last in fenced):
                yield start, min([end, *(f - 1 for f, _ in fenced if f > start)])
    elif text.suffix in (".yaml", ".yml"):
        yield from _separated(lines)
    else:
        yield from _printed(lines)


def _lines_of(block: Block) -> tuple[int, int]:
    """Where the content of a fence stands; nothing for any other block."""
    start = block.place.line - 1
    inside = block.text.count("\n") + 1 if block.kind is Kind.FENCE else 0
    return start, start + inside


def _separated(lines: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for number, line in enumerate(lines):
        if _SEPARATOR.match(line):
            if any(one.strip() for one in lines[start:number]):
                yield start, number
            start = number + 1
    if any(one.strip() for one in lines[start:]):
        yield start, len(lines)


def _printed(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Blocks without fences: from the service's name to the first line that is no YAML."""
    start = -1
    for number, line in enumerate(lines):
        begins = _START.match(line)
        if start >= 0 and (begins or not _INSIDE.match(line)):
            yield start, number
            start = -1
        if begins:
            start = number
    if start >= 0:
        yield start, len(lines)


def _around(
    lines: list[str], marked: list[Block], inside: set[int]
) -> Iterable[Unmapped]:
    """Prose between the blocks, by paragraph; headings say nothing that a sheet does not."""
    told = -1
    for block in marked:
        number = block.place.line - 1
        plain = lines[number].strip() if number < len(lines) else ""
        if number in inside or not plain or _TITLE.match(plain):
            continue
        if number != told + 1 or told < 0:
            what = shortened(plain)
            yield Unmapped(block.place, what, "is prose outside of the sheets")
        told = number
