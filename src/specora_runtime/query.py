"""What a client asks of a collection, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .entity import Record
from .relations import Expansion
from .visibility import Deleted

MAX_LIMIT: Final = 1000
DEFAULT_LIMIT: Final = 100
MAX_OFFSET: Final = 2**63 - 1
MAX_FILTERS: Final = 64
"""Bounds the depth of one statement; SQLite refuses expressions deeper than 1000."""
MAX_SORTS: Final = 16
MAX_WORDS: Final = 16
"""Most words of one search."""
MAX_LEVELS: Final = 16
"""Most keys of one path into an object."""
MAX_ITEMS: Final = 1000
"""Most elements of one comma list."""


class Op(StrEnum):
    """How a filter compares. Nothing but `null` ever matches a null."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NIN = "nin"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    NULL = "null"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field."""

    field: str
    op: Op
    value: Any
    """Native value; a tuple of them for `in`, `nin`, `between` and `contains` of an
    array; a boolean for `null`. Below a path values are texts."""
    path: tuple[str, ...] = ()
    """Keys that lead from the field's object to a value inside it."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order."""

    field: str
    descending: bool = False
    nulls_first: bool | None = None
    """Where nulls come; `None` takes null for the greatest value."""


class Count(StrEnum):
    """What a page tells about the number of all records."""

    EXACT = "exact"
    NONE = "none"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Query:
    """Which records of a collection, in which order, from where."""

    filters: tuple[Filter, ...] = ()
    groups: tuple[tuple[Filter, ...], ...] = ()
    """Alternatives: of each group at least one filter holds."""
    search: tuple[str, ...] = ()
    """Words, as `words.split_words` gives them, that all occur."""
    sort: tuple[Sort, ...] = ()
    """The keys that the client names; the primary key always follows them."""
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None
    deleted: Deleted = Deleted.EXCLUDE
    """Which softly deleted records are among them."""
    expand: tuple[Expansion, ...] = ()
    """What is shown along with each record."""
    fields: tuple[str, ...] | None = None
    """The fields to show besides the key; `None` shows all."""
    count: Count = Count.EXACT


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records."""

    items: list[Record]
    total: int | None
    """How many records pass the filters, on all pages; `None` where nobody counted."""
    next_cursor: str | None
