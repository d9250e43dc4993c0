"""A walk through the graph, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from .entity import Entity, Record
from .relations import Relation

MAX_DEPTH: Final = 10
"""Most edges between a record and what is shown around it."""
MAX_NODES: Final = 1000
MAX_STEPS: Final = 200
"""Most kinds of steps in one statement; SQLite takes some hundred."""


@dataclass(frozen=True, slots=True)
class Step:
    """A way from the records of one kind to those of another."""

    source: int
    relation: Relation
    target: int


@dataclass(frozen=True, slots=True)
class Walk:
    """What is visited from a record: kinds by number, the record's own first."""

    kinds: tuple[Entity, ...]
    steps: tuple[Step, ...]
    depth: int


class Node(NamedTuple):
    """A record that was reached."""

    kind: int
    depth: int
    """Fewest edges on the way to it."""
    record: Record
