"""YAML as located values: every node knows where it stands.

Three node classes instead of plain Python values, because a diagnostic needs the place of each key
and each value. `plain(node)` gives the values without places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from forge.source.spans import Position, Span

Value: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "Value | list[Json] | dict[str, Json]"


class _Node:
    """What the three kinds of node share: a file, a start and an end."""

    __slots__ = ("_end", "_start", "file")

    def __init__(
        self, file: str, start: tuple[int, int, int], end: tuple[int, int, int]
    ) -> None:
        self.file = file
        self._start = start
        self._end = end

    @property
    def span(self) -> Span:
        """Where the node stands."""
        return Span(self.file, Position(*self._start), Position(*self._end))

    @property
    def place(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """Start and end, which tell the node from every other one of the file."""
        return self._start, self._end


class Scalar(_Node):
    """A single value. `text` is what the author wrote, `value` what YAML 1.2 reads in it."""

    __slots__ = ("plain_style", "text", "value")

    def __init__(
        self,
        file: str,
        start: tuple[int, int, int],
        end: tuple[int, int, int],
        value: Value,
        text: str,
        plain_style: bool,
    ) -> None:
        # Not by way of the base: most nodes are scalars, and a call costs as much as the rest.
        self.file = file
        self._start = start
        self._end = end
        self.value = value
        self.text = text
        self.plain_style = plain_style


class Sequence(_Node):
    """A list of nodes."""

    __slots__ = ("items",)

    def __init__(
        self,
        file: str,
        start: tuple[int, int, int],
        end: tuple[int, int, int],
        items: list[Node],
    ) -> None:
        super().__init__(file, start, end)
        self.items = items

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Mapping(_Node):
    """Keys to nodes, in the author's order. `keys` holds the key nodes for their places."""

    __slots__ = ("entries", "keys")

    def __init__(
        self,
        file: str,
        start: tuple[int, int, int],
        end: tuple[int, int, int],
        entries: dict[str, Node],
        keys: dict[str, Scalar],
    ) -> None:
        super().__init__(file, start, end)
        self.entries = entries
        self.keys = keys

    def get(self, key: str) -> Node | None:
        """The node at `key`, if any."""
        return self.entries.get(key)

    def key_span(self, key: str) -> Span:
        """Where the key itself stands; the mapping's own place when the key is absent."""
        node = self.keys.get(key)
        return self.span if node is None else node.span

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def __len__(self) -> int:
        return len(self.entries)


Node: TypeAlias = Scalar | Sequence | Mapping


def plain(node: Node | None) -> Json:
    """The value of a node without places."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}
