"""Where an IR value was written."""

from __future__ import annotations

from dataclasses import dataclass, field

from forge.source import Mapping, Node, Scalar, Sequence, Span
from forge.source.spans import START


@dataclass(frozen=True, slots=True)
class Origin:
    """The contract and the node that an IR value comes from.

    Equality ignores it: two values that mean the same are the same, wherever they were written.
    """

    contract: str
    """FQN of the contract."""
    node: Node | None = field(default=None, repr=False)
    key: Scalar | None = field(default=None, repr=False)
    """The key under which the node stands, where it has one."""

    @property
    def span(self) -> Span:
        """The place to point at: the key if there is one, else the node."""
        if self.key is not None:
            return self.key.span
        return NOWHERE if self.node is None else self.node.span

    def at(self, *path: str | int) -> Span:
        """The place of the value at `path` below the node, or the nearest place above it."""
        node = self.node
        span = self.span
        for step in path:
            found = _step(node, step)
            if found is None:
                return span
            node, span = found, found.span
        return span

    def key_at(self, *path: str | int) -> Span:
        """The place of the last key of `path`; of the value where the last step is an index."""
        node = self.node
        for step in path[:-1]:
            node = _step(node, step)
        last = path[-1]
        if isinstance(node, Mapping) and isinstance(last, str) and last in node:
            return node.key_span(last)
        return self.at(*path)


NOWHERE = Span("<built in>", START, START)
"""The place of what no contract wrote, such as an implicit key."""

BUILT_IN = Origin("specora")


def _step(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None
