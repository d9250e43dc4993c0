"""Edits of the text of a contract, by offsets."""

from __future__ import annotations

from forge.diagnostics import Edit
from forge.editing.index import Index
from forge.source import Mapping, Position, Scalar, Span
from forge.source.yaml_writer import scalar


def replace(index: Index, start: int, end: int, text: str) -> Edit:
    """Write `text` in place of a stretch of a contract."""
    span = Span(index.file, _position(index.text, start), _position(index.text, end))
    return Edit(span, text)


def add_entry(index: Index, node: Mapping, key: str, value: str) -> Edit:
    """Add an entry with a single value to a mapping that has others.

    It stands behind the first entry where that is a line, and before it where not.
    """
    text = index.text
    first, written = next(iter(node.keys.values())), f"{key}: {scalar(value)}"
    at = first.place[0][2]
    if text[node.place[0][2]] == "{":
        return replace(index, at, at, f"{written}, ")
    line_end = "\r\n" if "\r\n" in text else "\n"
    indent = " " * (first.place[0][1] - 1)
    behind = _line_behind(text, node, first)
    if behind is None:
        return replace(index, at, at, f"{written}{line_end}{indent}")
    return replace(index, behind, behind, f"{line_end}{indent}{written}")


def _line_behind(text: str, node: Mapping, first: Scalar) -> int | None:
    """Where the line of the first entry ends, if all of it is one line."""
    value = node.get(first.text)
    if not isinstance(value, Scalar) or value.place[1][0] != first.place[0][0]:
        return None
    at = value.place[1][2]
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at


def _position(text: str, offset: int) -> Position:
    line = text.count("\n", 0, offset) + 1
    return Position(line, offset - text.rfind("\n", 0, offset), offset)
