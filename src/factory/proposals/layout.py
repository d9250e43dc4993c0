"""Edits of one text that keep to its layout: entries added, removed and replaced by span."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any

from forge.diagnostics import Edit
from forge.source import Mapping, Node, Position, Scalar, Sequence, Span
from forge.source.yaml_writer import flow, mapping_lines, scalar, sequence_lines

_COLON = re.compile(r"\s*:")
_DASHES = re.compile(r"[ \t]*(?:-[ \t]+)+")
_COMMENT = re.compile(r"([ \t]*)#.*")
_COMMA = re.compile(r"(?:[ \t\r\n]|#[^\n]*(?=\n))*,[ \t]*")
_CLIPPED = re.compile(r"[|>][1-9]?(?![-+1-9])")
_SPACE = re.compile(r"[ \t\r\n]*")


class Tangled(ValueError):
    """The text is laid out in a way in which this cannot be said by small edits."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """An entry of a mapping or an item of a list: where it begins, and its value."""

    start: int
    node: Node


class Layout:
    """A text, and the edits of it that were asked for."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._changes: list[tuple[int, int, str]] = []

    def edits(self) -> tuple[Edit, ...]:
        """What was asked for, as edits that do not touch. Raises `Tangled`."""
        joined: list[tuple[int, int, str]] = []
        for start, end, text in sorted(self._changes, key=lambda c: c[:2]):
            if joined and start < joined[-1][1]:
                raise Tangled(f"{self._position(start)} is changed twice")
            if joined and start == joined[-1][0]:
                start, _, before = joined.pop()
                text = before + text
            joined.append((start, end, text))
        return tuple(
            Edit(
                Span(self.file, self._position(start), self._position(end)),
                text.replace("\n", self._newline),
            )
            for start, end, text in joined
            if self.text[start:end] != text
        )

    def add(self, node: Mapping | Sequence, after: int, values: Any) -> None:
        """Put entries or items behind the one with the number `after`, or first for -1.

        `values` is a mapping or a list, as `node` is.
        """
        units = self._units(node)
        if not units:
            span = node.span
            self._change(span.start.offset, span.end.offset, flow(values))
        elif self._is_flow(node):
            inner = flow(values)[1:-1]
            if after < 0:
                self._change(units[0].start, units[0].start, f"{inner}, ")
            else:
                end = self._end(units[after].node)
                self._change(end, end, f", {inner}")
        else:
            self._add_lines(units, after, values)

    def _add_lines(self, units: list[_Unit], after: int, values: Any) -> None:
        column = self._column(units[0].start)
        lines = _lines(values, column)
        if after >= 0:
            at = self._entry_end(units[after].node, column)
            self._change(at, at, "".join(f"\n{line}" for line in lines))
            return
        start = units[0].start
        if not self._begins_line(start):
            indent = " " * column
            text = "\n".join(lines)[column:]
            self._change(start, start, f"{text}\n{indent}")
            return
        at = self._own_comments(start)
        if at == 0:
            self._change(0, 0, "".join(f"{line}\n" for line in lines))
        else:
            at = self._before_newline(at)
            self._change(at, at, "".join(f"\n{line}" for line in lines))

    def remove(self, node: Mapping | Sequence, numbers: Set[int]) -> None:
        """Take entries or items away, some but not all, with their own comments."""
        units = self._units(node)
        for first, last in _runs(numbers):
            if self._is_flow(node):
                self._remove_flow(units, first, last)
            else:
                self._remove_lines(units, first, last)

    def _remove_flow(self, units: list[_Unit], first: int, last: int) -> None:
        start, end = units[first].start, self._end(units[last].node)
        if last + 1 < len(units):
            comma = _COMMA.match(self.text, end)
            if comma is None:
                raise Tangled("no comma between two entries")
            self._change(start, comma.end(), "")
            return
        before = self._end(units[first - 1].node)
        if "\n" not in self.text[before:start]:
            start = before
        self._change(start, end, "")

    def _remove_lines(self, units: list[_Unit], first: int, last: int) -> None:
        column = self._column(units[0].start)
        start = units[first].start
        end = self._entry_end(units[last].node, column)
        if not self._begins_line(start):
            found = _SPACE.match(self.text, end)
            self._change(start, found.end() if found else end, "")
            return
        start = self._own_comments(start)
        if start == 0:
            end = self.text.find("\n", end) + 1 or len(self.text)
        else:
            start = self._before_newline(start)
        self._change(start, end, "")

    def replace(self, node: Mapping | Sequence, number: int, value: Any) -> None:
        """Put `value` in place of that of an entry or item."""
        unit = self._units(node)[number]
        old = unit.node
        start, end = old.span.start.offset, self._end(old)
        if self._is_flow(node):
            self._change(start, end, self._spaced(start, end, flow(value)))
            return
        column = self._column(unit.start)
        if isinstance(node, Mapping):
            key = list(node.keys.values())[number]
            head = len(f"{' ' * column}{scalar(key.text)}:")
            lines = mapping_lines({key.text: value}, column)
            colon = _COLON.match(self.text, key.span.end.offset)
            if colon is None:
                raise Tangled("no colon behind a key")
            behind = colon.end()
        else:
            head, lines = column + 1, sequence_lines([value], column)
            behind = unit.start + 1
        if len(lines) == 1 and "\n" not in self.text[behind:end]:
            text = lines[0][head:].lstrip()
            self._change(start, end, self._spaced(start, end, text))
            return
        if "\n" in self.text[behind:end]:
            end = self._entry_end(old, column)
        rest = "".join(f"\n{line}" for line in lines[1:])
        if lines[0][head:] == "" and "\n" in self.text[behind:start]:
            # What is told beside the key is about the whole.
            self._change(self._line_end(behind), end, rest)
            return
        self._change(behind, end, lines[0][head:])
        end = self._line_end(end)
        self._change(end, end, rest)

    def strip_last(self, node: Node) -> bool:
        """Say of a block of lines that ends the text without a line end that it has none.

        What is put behind it gives it one. `False` where the text does not end like that.
        """
        start = self._leaf(node).span.start.offset
        found = _CLIPPED.match(self.text, start)
        if found is None or self.text.endswith("\n"):
            return False
        self._change(found.end(), found.end(), "-")
        return True

    def _spaced(self, start: int, end: int, text: str) -> str:
        """A value in place of nothing needs room."""
        return f" {text}" if start == end and self.text[start - 1] in ":-" else text

    def _units(self, node: Mapping | Sequence) -> list[_Unit]:
        if isinstance(node, Mapping):
            keys, values = node.keys.values(), node.entries.values()
            units = [
                _Unit(key.span.start.offset, value)
                for key, value in zip(keys, values, strict=True)
            ]
        elif self._is_flow(node):
            units = [_Unit(item.span.start.offset, item) for item in node.items]
        else:
            units = [_Unit(self._dash(item), item) for item in node.items]
        low, high = node.span.start.offset, len(self.text)
        for unit in units:
            # An alias stands elsewhere than its value.
            if not low <= unit.start <= unit.node.span.start.offset <= high:
                raise Tangled("a value that stands in several places")
            low = max(unit.start + 1, unit.node.span.end.offset)
        if any(u.node.span.start.offset > node.span.end.offset for u in units):
            raise Tangled("a value that stands in several places")
        return units

    def _dash(self, item: Node) -> int:
        found = self.text.rfind("-", 0, item.span.start.offset)
        if self.text[found + 1 : item.span.start.offset].strip(" \t\r\n"):
            raise Tangled("an item that does not follow its dash")
        return found

    def _is_flow(self, node: Node) -> bool:
        return self.text[node.span.start.offset] in "{["

    def _begins_line(self, start: int) -> bool:
        """Whether nothing stands before; a dash may. Raises `Tangled`."""
        prefix = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        if prefix.strip(" \t\ufeff") and _DASHES.fullmatch(prefix) is None:
            raise Tangled("an entry in the midst of a line")
        return not prefix.strip(" \t\ufeff")

    def _own_comments(self, start: int) -> int:
        """The start of the line at which the comments right above an entry begin."""
        column = self._column(start)
        at = self.text.rfind("\n", 0, start) + 1
        while at > 0:
            above = self.text.rfind("\n", 0, at - 1) + 1
            found = _COMMENT.match(self.text, above, at - 1)
            if found is None or len(found[1]) != column:
                break
            at = above
        return at

    def _entry_end(self, node: Node, column: int) -> int:
        """The end of the line at which an entry ends; comments further in belong to it."""
        end = at = self._line_end(self._end(self._leaf(node)))
        while at < len(self.text):
            line = self.text.find("\n", at) + 1
            at = self._line_end(line)
            text = self.text[line:at]
            if text.strip(" \t"):
                found = _COMMENT.fullmatch(text)
                if found is None or len(found[1]) <= column:
                    break
                end = at
        return end

    def _leaf(self, node: Node) -> Node:
        """What stands last in a node: a single value, or a collection in brackets."""
        while children := list(_children(node)):
            if self._is_flow(node):
                break
            node = max(children, key=lambda child: child.span.start.offset)
        return node

    def _end(self, node: Node) -> int:
        """The end of a value, without the empty lines that the parser counts to it."""
        leaf = self._leaf(node)
        start, end = leaf.span.start.offset, leaf.span.end.offset
        while end > start and self.text[end - 1] in " \t\r\n":
            end -= 1
        return end

    def _line_end(self, at: int) -> int:
        """Where the line break behind `at` begins."""
        end = self.text.find("\n", at)
        if end == -1:
            return len(self.text)
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def _before_newline(self, line: int) -> int:
        """The end of the line before the one that begins at `line`."""
        end = line - 1
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def _column(self, offset: int) -> int:
        return offset - (self.text.rfind("\n", 0, offset) + 1)

    def _change(self, start: int, end: int, text: str) -> None:
        if start < end or text:
            self._changes.append((start, end, text))

    def _position(self, offset: int) -> Position:
        line = self.text.count("\n", 0, offset) + 1
        return Position(line, offset - self.text.rfind("\n", 0, offset), offset)


def _lines(values: Any, column: int) -> list[str]:
    if isinstance(values, dict):
        return mapping_lines(values, column)
    return sequence_lines(values, column)


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow each other, as first and last."""
    ordered = sorted(numbers)
    first = 0
    for place, number in enumerate(ordered):
        if place + 1 == len(ordered) or ordered[place + 1] != number + 1:
            yield ordered[first], number
            first = place + 1


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, Mapping):
        yield from node.entries.values()
        yield from node.keys.values()
    elif isinstance(node, Sequence):
        yield from node.items
    else:
        assert isinstance(node, Scalar)
