"""The strict parser of query strings.

Every parameter is either understood or refused with the nearest legal name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from .entity import Entity
from .errors import BadQuery
from .filters import read_filter, visible_field
from .grammar import PARAMETERS, SORTABLE
from .hints import nearest, quoted
from .query import (
    DEFAULT_LIMIT,
    MAX_FILTERS,
    MAX_LIMIT,
    MAX_OFFSET,
    MAX_SORTS,
    Filter,
    Op,
    Query,
    Sort,
)
from .relations import Expansion

Pairs: TypeAlias = Sequence[tuple[str, str]]
Expand: TypeAlias = Callable[[str], tuple[Expansion, ...]]

_DIGITS = re.compile(r"[0-9]{1,19}")
_NOTHING: Final = Query()


def nothing_related(_text: str) -> tuple[Expansion, ...]:
    """How `expand` is read where nothing can be shown along with a record."""
    raise BadQuery("expand", "`expand` is not a parameter here", "unknown-parameter")


def once(pairs: Pairs) -> dict[str, str]:
    """Parameters by name. Raises `BadQuery` where one is given more than once."""
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            raise BadQuery(
                name, f"{quoted(name)} is given more than once", "repeated-parameter"
            )
        given[name] = text
    return given


def parse_query(
    entity: Entity,
    pairs: Pairs,
    filterable: tuple[str, ...] | None = None,
    expand: Expand = nothing_related,
) -> Query:
    """The query that decoded `(name, value)` pairs of a query string ask for.

    `filterable` are the only fields that filters may name; `None` means all. `expand`
    reads the parameter of that name. Raises `BadQuery` for whatever is unknown, repeated,
    illegal or ill-formed.
    """
    if not pairs:
        return _NOTHING
    given = once(pairs)
    filters: dict[tuple[str, Op], Filter] = {}
    for name, text in given.items():
        if name not in PARAMETERS:
            found = read_filter(entity, name, text, filterable)
            if filters.setdefault((found.field, found.op), found) is not found:
                raise BadQuery(
                    name,
                    f"{quoted(name)} is given more than once",
                    "repeated-parameter",
                )
    if len(filters) > MAX_FILTERS:
        raise BadQuery("", f"more than {MAX_FILTERS} filters", "too-many-filters")
    if "cursor" in given and "offset" in given:
        raise BadQuery(
            "offset",
            "`offset` and `cursor` exclude each other",
            "cursor-and-offset",
            "leave one",
        )
    return Query(
        filters=tuple(filters.values()),
        sort=_sort(entity, given["sort"]) if "sort" in given else (),
        limit=_number(given, "limit", 1, MAX_LIMIT)
        if "limit" in given
        else DEFAULT_LIMIT,
        offset=_number(given, "offset", 0, MAX_OFFSET) if "offset" in given else 0,
        cursor=given.get("cursor"),
        expand=expand(given["expand"]) if "expand" in given else (),
    )


def _sort(entity: Entity, text: str) -> tuple[Sort, ...]:
    keys: dict[str, Sort] = {}
    for piece in text.split(","):
        name = piece.removeprefix("-")
        if not name:
            raise BadQuery(
                "sort", "`sort` names no field", "empty-sort", "sort=-field,other"
            )
        field = visible_field(entity, name)
        if field is None or field.type not in SORTABLE:
            raise BadQuery(
                "sort",
                f"{quoted(name)} is not a field to sort by",
                "unknown-field" if field is None else "illegal-sort",
                nearest(name, [f.name for f in entity.visible if f.type in SORTABLE]),
            )
        if name in keys:
            raise BadQuery("sort", f"`sort` names `{name}` twice", "duplicate-sort")
        keys[name] = Sort(name, descending=piece.startswith("-"))
    if len(keys) > MAX_SORTS:
        raise BadQuery("sort", f"more than {MAX_SORTS} keys", "too-many-sorts")
    return tuple(keys.values())


def _number(given: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = given[name]
    if _DIGITS.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise BadQuery(
        name, f"{quoted(text)} is not a number from {least} to {most}", "out-of-range"
    )
