"""A whole contract against the one that exists, as edits of what differs and of nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from factory.proposals.layout import Layout, Tangled
from forge.contracts.envelope import SHAPES, Kind
from forge.contracts.shapes import ListOf, MapOf, OneOf, Record, Shape
from forge.diagnostics import Edit
from forge.diagnostics.fixes import apply_edits
from forge.source import Mapping as MappingNode
from forge.source import Node, Position, Sequence, Span, plain, read
from forge.source.yaml_writer import write

_IDENTITIES = (("method", "path"), ("name",), ("fields",), ("type",), ("endpoint",))
"""Keys that make two entries of a list the same, although they may differ in others."""
_HEADER = re.compile(r"\ufeff?(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_DEPTHS = (50, 5, 4, 3, 2, 1)
"""How far down edits go. A text that they cannot follow is replaced in greater pieces."""


def rewrite(file: str, text: str, wanted: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The edits after which `text` reads as `wanted`.

    What is equal keeps its place, its layout and its comments; the order of keys that are there
    already is the text's. New keys go where the language's tables have them, those of open
    mappings where `wanted` has them. What is taken away takes its comments along.
    """
    value = dict(wanted)
    reading = read(file, text)
    root = reading.root
    if isinstance(root, MappingNode) and not reading.faults and root.entries:
        if same(plain(root), value):
            return ()
        for depth in _DEPTHS:
            for stripped in (False, True):
                try:
                    rewriter = _Rewriter(file, text, depth)
                    if stripped and not rewriter.layout.strip_last(root):
                        continue
                    rewriter.mapping(root, value, shape_of(value), 0)
                    edits = rewriter.layout.edits()
                except Tangled:
                    continue
                if _reads_as(apply_edits(text, edits), value):
                    return edits
    return (_whole(file, text, write(value) or "{}\n"),)


def new_file(file: str, text: str) -> Edit:
    """The edit that makes a file of nothing."""
    start = Position(1, 1, 0)
    return Edit(Span(file, start, start), text)


def whole_text(file: str, before: str, text: str, start: int = 0) -> Edit:
    """The edit that replaces everything from an offset on."""
    lines = before.count("\n", 0, start) + 1
    first = Position(lines, start - before.rfind("\n", 0, start), start)
    column = len(before) - before.rfind("\n")
    end = Position(before.count("\n") + 1, column, len(before))
    return Edit(Span(file, first, end), text)


def identity(item: Any) -> str:
    """What makes two entries of a list the same."""
    return repr(item) if (named := _named(item)) is None else named


def _named(item: Any) -> str | None:
    if isinstance(item, dict):
        for keys in _IDENTITIES:
            if all(key in item for key in keys):
                return repr([item[key] for key in keys])
    return None


def same(first: Any, second: Any) -> bool:
    """Whether two values are one: `1`, `1.0` and `true` are three. Keys have no order."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(
            same(value, second[key]) for key, value in first.items()
        )
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    return type(first) is type(second) and bool(first == second)


def shape_of(value: Mapping[str, Any]) -> Shape | None:
    """The shape of a contract, by its kind."""
    kind = value.get("kind")
    return SHAPES[Kind(kind)] if kind in set(Kind) else None


class _Rewriter:
    def __init__(self, file: str, text: str, depth: int) -> None:
        self.layout = Layout(file, text)
        self.depth = depth

    def mapping(
        self, node: MappingNode, wanted: dict[str, Any], shape: Shape | None, depth: int
    ) -> None:
        """Edit a mapping that keeps at least one of its keys. What is inside comes first."""
        kept = {}
        for number, (key, old) in enumerate(node.entries.items()):
            if key in wanted:
                kept[key] = number
                self._value(
                    node, number, old, wanted[key], _inner(shape, key), depth + 1
                )
        gone = {n for n, key in enumerate(node.entries) if key not in wanted}
        if gone:
            self.layout.remove(node, gone)
        order = _order(shape, wanted)
        after = -1
        groups: dict[int, dict[str, Any]] = {}
        for key in order:
            if key in kept:
                after = kept[key]
            else:
                groups.setdefault(after, {})[key] = wanted[key]
        for place, values in groups.items():
            self.layout.add(node, place, values)

    def _value(
        self,
        parent: MappingNode | Sequence,
        number: int,
        old: Node,
        wanted: Any,
        shape: Shape | None,
        depth: int,
    ) -> None:
        before = plain(old)
        if same(before, wanted):
            return
        if depth < self.depth:
            if isinstance(old, MappingNode) and isinstance(wanted, dict):
                if old.entries.keys() & wanted.keys():
                    self.mapping(old, wanted, shape, depth)
                    return
            elif (
                isinstance(old, Sequence)
                and isinstance(wanted, list)
                and self._sequence(old, wanted, shape, depth)
            ):
                return
        self.layout.replace(parent, number, wanted)

    def _sequence(
        self, node: Sequence, wanted: list[Any], shape: Shape | None, depth: int
    ) -> bool:
        """Edit a list; `False` where nothing of it stays."""
        inner = shape.item if isinstance(shape, ListOf) else None
        before = [identity(plain(item)) for item in node.items]
        after = [identity(item) for item in wanted]
        steps = SequenceMatcher(None, before, after, False).get_opcodes()
        pairs, gone, added = _steps(steps, node, wanted)
        if not pairs:
            return False
        for old, new in pairs:
            self._value(node, old, node.items[old], wanted[new], inner, depth + 1)
        if gone:
            self.layout.remove(node, gone)
        for place, values in added.items():
            self.layout.add(node, place, values)
        return True


def _steps(
    steps: Iterable[tuple[str, int, int, int, int]], node: Sequence, wanted: list[Any]
) -> tuple[list[tuple[int, int]], set[int], dict[int, list[Any]]]:
    """Items that stay in their place, those that go, and new ones by whom they follow."""
    pairs: list[tuple[int, int]] = []
    gone: set[int] = set()
    added: dict[int, list[Any]] = {}
    for step, low, high, first, last in steps:
        if step == "equal":
            pairs += zip(range(low, high), range(first, last), strict=True)
            continue
        paired = 0
        for item, value in zip(node.items[low:high], wanted[first:last], strict=False):
            if not _is_changed(plain(item), value):
                break
            paired += 1
        pairs += ((low + n, first + n) for n in range(paired))
        gone |= set(range(low + paired, high))
        if new := wanted[first + paired : last]:
            added[low + paired - 1] = new
    return pairs, gone, added


def _is_changed(before: Any, after: Any) -> bool:
    """Whether one item in place of another is that item, changed."""
    if isinstance(before, dict) and isinstance(after, dict):
        named = _named(before) or _named(after)
        return named is None and bool(before.keys() & after.keys())
    if isinstance(before, list) or isinstance(after, dict | list):
        return isinstance(before, list) and isinstance(after, list)
    return not isinstance(before, dict)


def _order(shape: Shape | None, wanted: dict[str, Any]) -> list[str]:
    """The keys in their usual order: the table's, then those that stand in none."""
    if not isinstance(shape, Record):
        return list(wanted)
    known = [key.name for key in shape.keys if key.name in wanted]
    return [*known, *(key for key in wanted if key not in shape.by_name)]


def _inner(shape: Shape | None, key: str) -> Shape | None:
    found: Shape | None = None
    if isinstance(shape, Record) and key in shape.by_name:
        found = shape.by_name[key].shape
    elif isinstance(shape, MapOf):
        found = shape.value
    if isinstance(found, OneOf):
        return next(
            (s for s in found.shapes if isinstance(s, Record | MapOf | ListOf)), None
        )
    return found


def _reads_as(text: str, wanted: dict[str, Any]) -> bool:
    reading = read("", text)
    return not reading.faults and same(plain(reading.root), wanted)


def _whole(file: str, before: str, text: str) -> Edit:
    """Everything but what stands above the first key."""
    header = _HEADER.match(before)
    start = header.end() if header else 0
    return whole_text(file, before, text, start)
