"""The nodes of one file, read when they are first asked for.

A file whose text was read by an earlier run is known by what followed from it then. Its nodes are
needed only where something has to be pointed at.
"""

from __future__ import annotations

from typing import TypeAlias

from forge.source.nodes import Mapping, Node, Scalar, Sequence
from forge.source.spans import Position, Span
from forge.source.yaml_reader import read

Mark: TypeAlias = tuple[int, int, int]
Place: TypeAlias = tuple[Mark, Mark]
"""Start and end of a node: what finds it again in the same text."""


class Document:
    """One file as nodes."""

    __slots__ = ("_keys", "_root", "_text", "_values", "file")

    def __init__(self, file: str, root: Mapping | None, text: str = "") -> None:
        self.file = file
        self._root = root
        self._text = text
        self._values: dict[Place, Node] | None = None
        self._keys: dict[Place, Scalar] = {}

    @property
    def is_read(self) -> bool:
        """Whether there are nodes already."""
        return self._root is not None

    @property
    def root(self) -> Mapping:
        """The outermost node."""
        if self._root is None:
            found = read(self.file, self._text).root
            assert isinstance(found, Mapping)
            self._root = found
        return self._root

    def value(self, place: Place) -> Node:
        """The node that stands at `place`."""
        return self._index()[place]

    def key(self, place: Place) -> Scalar:
        """The key that stands at `place`."""
        self._index()
        return self._keys[place]

    def span(self, place: Place) -> Span:
        """A place as it is reported."""
        start, end = place
        return Span(self.file, Position(*start), Position(*end))

    def _index(self) -> dict[Place, Node]:
        if self._values is None:
            self._values = {}
            waiting: list[Node] = [self.root]
            while waiting:
                self._add(waiting.pop(), waiting)
        return self._values

    def _add(self, node: Node, waiting: list[Node]) -> None:
        assert self._values is not None
        if self._values.setdefault(node.place, node) is not node:
            return
        if isinstance(node, Mapping):
            self._keys.update((key.place, key) for key in node.keys.values())
            waiting += node.entries.values()
        elif isinstance(node, Sequence):
            waiting += node.items
