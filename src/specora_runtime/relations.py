"""Relations between records, and which of them a client wants to see along with a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .entity import Entity, Field

MAX_RELATED: Final = 100
"""Most records that a relation to many shows with each record."""
RELATED_OF_PAGES: Final = ((100, MAX_RELATED), (200, 50), (500, 20), (1000, 10))
"""The same on a page: for a `limit` up to the first number, so that their product is bounded."""
MAX_NESTED: Final = 10
"""The same, of a relation to many inside another one."""

RELATED: Final = ":related"
"""Key of a record under which its related records travel; no field has such a name."""


def most_related(limit: int) -> int:
    """Most records that a relation to many shows with each of so many on a page."""
    return next(most for up_to, most in RELATED_OF_PAGES if limit <= up_to)


Roles = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Relation:
    """A way from the records of one entity to those of another."""

    name: str
    """The member that holds what is related."""
    entity: Entity
    """The kind of the related records."""
    pairs: tuple[tuple[Field, Field], ...]
    """Fields of a record, and the fields of a related one that hold the same values."""
    many: bool
    """Whether it goes against a reference, so that any number may be related."""
    edge: str = ""
    """Name of the relation in the graph; empty where it is no part of it."""
    reversed: bool = False
    """Whether the edge points from what is referred to."""
    roles: Roles = ()
    """A caller needs one role of each group to see what is related."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A relation to show with each record, and what to show with each related one."""

    relation: Relation
    limit: int = 1
    """Most related records to show with each record."""
    nested: tuple[Expansion, ...] = ()
