"""What is new, put into contracts that exist, as edits that leave everything else as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forge.diagnostics import Edit
from forge.source import Mapping as MappingNode
from forge.source import Node, Position, Scalar, Sequence, Span, plain, read
from forge.source.yaml_writer import flow, mapping_lines, scalar, sequence_lines

OPEN = (("spec", "fields"), ("spec", "endpoints"), ("spec", "unique"), ("spec", "indexes"),
        ("spec", "foreign_keys"))  # fmt: skip
"""Collections that an import adds to. Everything else belongs to who wrote it."""


NOTES = "x-unmapped"
"""The key under which an entity's contract lists what it does not say."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that the contract says otherwise than the source; the contract's word stands."""

    path: tuple[str, ...]
    contract: Any
    source: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """Edits of one existing text, and what was left as it is."""

    edits: tuple[Edit, ...]
    differences: tuple[Difference, ...]


def merge(file: str, text: str, wanted: Mapping[str, Any]) -> Merged:
    """The edits that add to `text` what `wanted` holds besides. A second merge adds nothing."""
    root = read(file, text).root
    if not isinstance(root, MappingNode):
        return Merged((), ())
    merger = _Merger(text)
    merger.mapping(root, dict(wanted), ())
    return Merged(tuple(merger.edits), tuple(merger.differences))


class _Merger:
    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[Edit] = []
        self.differences: list[Difference] = []

    def mapping(
        self, node: MappingNode, wanted: dict[str, Any], path: tuple[str, ...]
    ) -> None:
        missing = {}
        for key, value in wanted.items():
            here = (*path, key)
            if here == (NOTES,) and key in node.entries:
                # The list is for people, who may have seen to it.
                continue
            present = node.entries.get(key)
            if present is None:
                if path == () or path in (("spec",), ("spec", "fields")):
                    missing[key] = value
                elif len(path) > 2:
                    self.differences.append(Difference(here, None, value))
                continue
            self._present(present, value, here)
        if missing:
            self._add_entries(node, missing)

    def _present(self, node: Node, value: Any, path: tuple[str, ...]) -> None:
        if isinstance(node, MappingNode) and isinstance(value, dict):
            self.mapping(node, value, path)
        elif isinstance(node, Sequence) and isinstance(value, list) and path in OPEN:
            self._sequence(node, value, path)
        elif plain(node) != value:
            self.differences.append(Difference(path, plain(node), value))

    def _sequence(
        self, node: Sequence, wanted: list[Any], path: tuple[str, ...]
    ) -> None:
        present = {_identity(plain(item), path) for item in node.items}
        missing = [item for item in wanted if _identity(item, path) not in present]
        if missing:
            self._add_items(node, missing)

    def _add_entries(self, node: MappingNode, missing: dict[str, Any]) -> None:
        if not node.entries:
            self._replace(node, flow(missing))
        elif self._is_flow(node):
            inner = ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in missing.items())
            self._insert(self._last(node), f", {inner}")
        else:
            column = next(iter(node.keys.values())).span.start.column - 1
            self._add_lines(node, mapping_lines(missing, column))

    def _add_items(self, node: Sequence, missing: list[Any]) -> None:
        if not node.items:
            self._replace(node, flow(missing))
        elif self._is_flow(node):
            self._insert(
                self._last(node), "".join(f", {flow(item)}" for item in missing)
            )
        else:
            start = self.text.rfind("-", 0, node.items[0].span.start.offset)
            column = start - (self.text.rfind("\n", 0, start) + 1)
            self._add_lines(node, sequence_lines(missing, column))

    def _is_flow(self, node: Node) -> bool:
        return self.text[node.span.start.offset] in "{["

    def _last(self, node: Node) -> int:
        """The offset behind the last value of a collection in brackets."""
        return self._end(max(_children(node), key=_start))

    def _leaf(self, node: Node) -> Node:
        """What stands last in a node: a single value, or a collection in brackets."""
        while children := list(_children(node)):
            node = max(children, key=_start)
            if not isinstance(node, Scalar) and self._is_flow(node):
                break
        return node

    def _end(self, leaf: Node) -> int:
        end = leaf.span.end.offset
        while end > leaf.span.start.offset and self.text[end - 1] in " \t\r\n":
            end -= 1
        return end

    def _add_lines(self, node: Node, lines: Iterable[str]) -> None:
        at = self._end(self._leaf(node))
        end = self.text.find("\n", at)
        block = "\n".join(lines)
        if end == -1:
            self._insert(len(self.text), f"\n{block}\n")
        else:
            self._insert(end, f"\n{block}")

    def _insert(self, offset: int, text: str) -> None:
        self.edits.append(Edit(self._span(offset, offset), text))

    def _replace(self, node: Node, text: str) -> None:
        span = node.span
        self.edits.append(Edit(self._span(span.start.offset, span.end.offset), text))

    def _span(self, start: int, end: int) -> Span:
        return Span("", self._position(start), self._position(end))

    def _position(self, offset: int) -> Position:
        line = self.text.count("\n", 0, offset) + 1
        return Position(line, offset - self.text.rfind("\n", 0, offset), offset)


def _start(node: Node) -> int:
    return node.span.start.offset


def _children(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        yield from node.entries.values()
        yield from node.keys.values()
    elif isinstance(node, Sequence):
        yield from node.items


def _identity(item: Any, path: tuple[str, ...]) -> str:
    """What makes two entries of a list the same."""
    if path == ("spec", "endpoints") and isinstance(item, dict):
        return f"{item.get('method')} {item.get('path')}"
    if path == ("spec", "foreign_keys") and isinstance(item, dict):
        return repr(item.get("fields"))
    return repr(item)
