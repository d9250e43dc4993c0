"""Where an IR value was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from forge.source import Document, Mapping, Node, Place, Scalar, Sequence, Span
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

    def __reduce__(self) -> tuple[Callable[..., Origin], tuple[Any, ...]]:
        """Places instead of nodes: whoever reads it back has the document to find them in."""
        if self.node is None:
            return Origin, (self.contract,)
        key = None if self.key is None else self.key.place
        return stored_origin, (self.contract, self.node.place, key)


class StoredOrigin(Origin):
    """An origin whose nodes are looked up in a document when they are asked for."""

    __slots__ = ("_document", "_key_place", "_place")

    _document: Document
    _place: Place
    _key_place: Place | None

    @property
    def node(self) -> Node:
        return self._document.value(self._place)

    @property
    def key(self) -> Scalar | None:
        place = self._key_place
        return None if place is None else self._document.key(place)

    @property
    def span(self) -> Span:
        """The place to point at, which takes no node."""
        return self._document.span(self._key_place or self._place)

    def __reduce__(self) -> tuple[Callable[..., Origin], tuple[Any, ...]]:
        return stored_origin, (self.contract, self._place, self._key_place)


def stored_origin(
    contract: str, place: Place, key: Place | None, document: Document
) -> StoredOrigin:
    """An origin in a document."""
    origin = StoredOrigin.__new__(StoredOrigin)
    _store_contract(origin, contract)
    _store_document(origin, document)
    _store_place(origin, place)
    _store_key(origin, key)
    return origin


_store_contract = vars(Origin)["contract"].__set__
_store_document = vars(StoredOrigin)["_document"].__set__
_store_place = vars(StoredOrigin)["_place"].__set__
_store_key = vars(StoredOrigin)["_key_place"].__set__


NOWHERE = Span("<built in>", START, START)
"""The place of what no contract wrote, such as an implicit key."""

BUILT_IN = Origin("specora")


def _step(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None
