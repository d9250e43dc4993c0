"""The strict parser of query strings.

Every parameter is either understood or refused with the nearest legal name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from .entity import Entity
from .errors import BadQuery
from .filters import label_of, read_alternative, read_filter, visible_field
from .grammar import (
    NULLS_FIRST,
    PLACES,
    READ_PARAMETERS,
    SORTABLE,
    parameters_of,
)
from .hints import nearest, quoted
from .query import (
    DEFAULT_LIMIT,
    MAX_FILTERS,
    MAX_LIMIT,
    MAX_OFFSET,
    MAX_SORTS,
    MAX_WORDS,
    Count,
    Filter,
    Op,
    Query,
    Sort,
)
from .relations import Expansion
from .values import check_text
from .words import split_words

Pairs: TypeAlias = Sequence[tuple[str, str]]
Expand: TypeAlias = Callable[[str, int], tuple[Expansion, ...]]

_DIGITS = re.compile(r"[0-9]{1,19}")
_NOTHING: Final = Query()


def nothing_related(_text: str, _limit: int) -> tuple[Expansion, ...]:
    """How `expand` is read where nothing can be shown along with a record."""
    raise BadQuery("expand", "`expand` is not a parameter here", "unknown-parameter")


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
    filters, groups = _filters(entity, given, filterable)
    if "cursor" in given and "offset" in given:
        raise BadQuery(
            "offset",
            "`offset` and `cursor` exclude each other",
            "cursor-and-offset",
            "leave one",
        )
    limit = DEFAULT_LIMIT
    if "limit" in given:
        limit = _number(given, "limit", 1, MAX_LIMIT)
    return Query(
        filters=filters,
        groups=groups,
        search=_search(given["q"]) if "q" in given else (),
        sort=_sort(entity, given["sort"]) if "sort" in given else (),
        limit=limit,
        offset=_number(given, "offset", 0, MAX_OFFSET) if "offset" in given else 0,
        cursor=given.get("cursor"),
        expand=expand(given["expand"], limit) if "expand" in given else (),
        fields=_fields(entity, given["fields"]) if "fields" in given else None,
        count=_count(given["count"]) if "count" in given else Count.EXACT,
    )


def parse_read(entity: Entity, pairs: Pairs, expand: Expand = nothing_related) -> Query:
    """What the query string of a single record asks for. Raises `BadQuery`."""
    if not pairs:
        return _NOTHING
    given = once(pairs)
    for name in given:
        if name not in READ_PARAMETERS:
            raise BadQuery(
                name,
                f"{quoted(name)} is not a parameter of a single record",
                "unknown-parameter",
                nearest(name, READ_PARAMETERS),
            )
    return Query(
        expand=expand(given["expand"], 1) if "expand" in given else (),
        fields=_fields(entity, given["fields"]) if "fields" in given else None,
    )


def once(pairs: Pairs) -> dict[str, str]:
    """Parameters by name. Raises `BadQuery` where one is given more than once."""
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            raise _repeated(name)
        given[name] = text
    return given


def _repeated(name: str) -> BadQuery:
    return BadQuery(
        name, f"{quoted(name)} is given more than once", "repeated-parameter"
    )


def _filters(
    entity: Entity, given: Mapping[str, str], filterable: tuple[str, ...] | None
) -> tuple[tuple[Filter, ...], tuple[tuple[Filter, ...], ...]]:
    """The filters that all hold, and the groups of which one holds each."""
    legal = parameters_of(entity)
    found: dict[str | None, dict[tuple[str, tuple[str, ...], Op], Filter]] = {None: {}}
    for name, text in given.items():
        if name in legal:
            continue
        label = label_of(name)
        read = read_filter if label is None else read_alternative
        one = read(entity, name, text, filterable)
        same = found.setdefault(label, {})
        if same.setdefault((one.field, one.path, one.op), one) is not one:
            raise _repeated(name)
    if sum(map(len, found.values())) > MAX_FILTERS:
        raise BadQuery("", f"more than {MAX_FILTERS} filters", "too-many-filters")
    plain = tuple(found.pop(None).values())
    return plain, tuple(tuple(group.values()) for group in found.values())


def _search(text: str) -> tuple[str, ...]:
    try:
        words = split_words(check_text(text))
    except ValueError as fault:
        raise BadQuery("q", f"{quoted(text)}: {fault}", "bad-value") from fault
    if not words:
        raise BadQuery("q", f"{quoted(text)} holds no word", "bad-value", "q=word")
    if len(words) > MAX_WORDS:
        raise BadQuery("q", f"more than {MAX_WORDS} words", "too-many-words")
    return words


def _count(text: str) -> Count:
    if text in Count.__members__.values():
        return Count(text)
    legal = [count.value for count in Count]
    raise BadQuery(
        "count",
        f"{quoted(text)} is no way to count",
        "bad-value",
        nearest(text, legal),
    )


def _fields(entity: Entity, text: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for name in text.split(","):
        if not name:
            raise BadQuery(
                "fields", "`fields` names no field", "empty-fields", "fields=one,other"
            )
        if visible_field(entity, name) is None:
            raise BadQuery(
                "fields",
                f"{quoted(name)} is not a field of this collection",
                "unknown-field",
                nearest(name, [field.name for field in entity.visible]),
            )
        if name in names:
            raise BadQuery(
                "fields", f"`fields` names `{name}` twice", "duplicate-field"
            )
        names[name] = None
    return tuple(names)


def _sort(entity: Entity, text: str) -> tuple[Sort, ...]:
    keys: dict[str, Sort] = {}
    for piece in text.split(","):
        key, colon, place = piece.partition(":")
        if colon and place not in PLACES:
            raise BadQuery(
                "sort",
                f"{quoted(place)} is no place for nulls",
                "bad-value",
                nearest(place, PLACES),
            )
        name = key.removeprefix("-")
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
        nulls_first = place == NULLS_FIRST if colon else None
        keys[name] = Sort(name, key.startswith("-"), nulls_first)
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
