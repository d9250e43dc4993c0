"""Lists and pages, held against a model in Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cmp_to_key
from pathlib import Path
from typing import Any

import pytest
from domain import CUSTOMER, FOLDER, SAMPLE, SEAT, TICKET
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store import STORES, Store, opened

from specora_runtime import cursor as cursors
from specora_runtime.entity import Entity, Record, Type
from specora_runtime.errors import BadQuery
from specora_runtime.filters import filters_of
from specora_runtime.grammar import OPERATORS
from specora_runtime.query import Filter, Op, Page, Query, Sort
from specora_runtime.query_string import parse_query
from specora_runtime.values import duration_parts

ON_STORES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


def some(store: Store, count: int = 5) -> list[Record]:
    return [store.create(SAMPLE, key=n, integer=n % 3) for n in range(count)]


def test_list(store: Store) -> None:
    records = some(store)
    samples = store.of(SAMPLE)
    assert store.run(samples.list()) == (records, 5)
    assert store.run(samples.list(2, 1)) == (records[1:3], 5)
    assert store.run(samples.list(offset=9)) == ([], 5)
    assert store.run(samples.list(limit=0)) == ([], 5)
    assert store.run(samples.list(filters={"integer": 0})) == (records[::3], 2)
    assert store.run(samples.list(1, filters={"integer[in]": [0, 1]})) == (
        records[:1],
        4,
    )


@pytest.mark.parametrize("bounds", [{"limit": -1}, {"offset": -1}, {"limit": 2**63}])
def test_lists_are_bounded(store: Store, bounds: dict[str, int]) -> None:
    with pytest.raises(BadQuery):
        store.run(store.of(SAMPLE).list(**bounds))


def test_the_largest_offset(store: Store) -> None:
    some(store)
    assert store.run(store.of(SAMPLE).list(1000, 2**63 - 1)) == ([], 5)


@pytest.mark.parametrize("entity", [CUSTOMER, TICKET, FOLDER, SEAT, SAMPLE])
def test_empty_collections(store: Store, entity: Entity) -> None:
    assert store.run(store.of(entity).list()) == ([], 0)


# ---- pages ----


def page(store: Store, entity: Entity, **parameters: str) -> Page:
    query = parse_query(entity, list(parameters.items()))
    return store.run(store.of(entity).page(query))


def test_pages_end(store: Store) -> None:
    records = some(store)
    first = page(store, SAMPLE, limit="3")
    assert (first.items, first.total) == (records[:3], 5)
    assert first.next_cursor
    last = page(store, SAMPLE, limit="3", cursor=first.next_cursor)
    assert last == Page(records[3:], 5, None)
    assert page(store, SAMPLE, limit="5") == Page(records, 5, None)


def test_a_cursor_is_valid_where_it_was_made(store: Store) -> None:
    some(store)
    made = page(store, SAMPLE, limit="2", sort="-integer", **{"integer[gte]": "0"})
    assert made.next_cursor
    there = {"sort": "-integer", "integer[gte]": "0", "cursor": made.next_cursor}
    assert page(store, SAMPLE, **there).items
    assert page(store, SAMPLE, **there, limit="1").items
    elsewhere: list[dict[str, str]] = [
        there | {"sort": "integer"},
        there | {"sort": "-integer,string"},
        there | {"integer[gte]": "1"},
        there | {"string": "x"},
        there | {"cursor": made.next_cursor[:-1]},
        there | {"cursor": made.next_cursor + "A"},
        there | {"cursor": made.next_cursor.swapcase()},
        there | {"cursor": ""},
        there | {"cursor": "é"},
        there | {"cursor": "A" * 100_000},
    ]
    for parameters in elsewhere:
        with pytest.raises(BadQuery) as caught:
            page(store, SAMPLE, **parameters)
        assert (caught.value.parameter, caught.value.code) == ("cursor", "bad-cursor")
    with pytest.raises(BadQuery):
        page(store, SEAT, cursor=made.next_cursor)


def test_a_secret_is_shared_by_processes() -> None:
    bound_to = cursors.scope(SAMPLE, Query(), (Sort("key"),))
    fields = [SAMPLE.by_name["key"]]
    before = cursors.seal(bound_to, [1])
    cursors.set_cursor_secret(b"s" * 32)
    assert cursors.seal(bound_to, [1]) != before
    assert cursors.unseal(bound_to, fields, cursors.seal(bound_to, [1])) == (1,)
    with pytest.raises(BadQuery):
        cursors.unseal(bound_to, fields, before)
    with pytest.raises(ValueError, match="16 bytes"):
        cursors.set_cursor_secret(b"short")


# ---- the order of pages, against a model ----

KEYS = ("string", "integer", "number", "datetime", "boolean", "decimal")

ROWS = st.fixed_dictionaries(
    {
        "string": st.sampled_from(
            [None, "", "a", "B", "b", "ä", "\U0001f600", "\uffff"]
        ),
        "integer": st.sampled_from([None, -1, 0, 7]),
        "number": st.sampled_from([None, -1.5, 0.1, 1e300]),
        "datetime": st.sampled_from(
            [
                None,
                datetime(2024, 1, 1, tzinfo=UTC),
                datetime(2024, 1, 1, 0, 0, 0, 1, UTC),
            ]
        ),
        "boolean": st.sampled_from([None, False, True]),
        "decimal": st.sampled_from(
            [None, *map(Decimal, ("-1", "9", "10.5", "10.501"))]
        ),
    }
)

SORTS = st.lists(
    st.builds(
        Sort,
        st.sampled_from((*KEYS, "key")),
        st.booleans(),
        st.sampled_from([None, True, False]),
    ),
    max_size=4,
    unique_by=lambda key: key.field,
)


def compared(sort: tuple[Sort, ...]) -> Any:
    """The order of records; a null is greater than every value, or where it is put."""

    def compare(one: Record, other: Record) -> int:
        for key in (*sort, Sort("key")):
            a, b = one[key.field], other[key.field]
            if a == b:
                continue
            if a is None or b is None:
                first = key.descending if key.nulls_first is None else key.nulls_first
                return -1 if (a is None) == first else 1
            return -1 if (a < b) != key.descending else 1
        return 0

    return cmp_to_key(compare)


@ON_STORES
@given(
    before=st.lists(ROWS, max_size=9),
    between=st.lists(ROWS, max_size=6),
    sort=SORTS.map(tuple),
    limit=st.integers(1, 4),
)
def test_a_walk_over_pages_is_a_walk_over_the_order(
    store: Store,
    before: list[Record],
    between: list[Record],
    sort: tuple[Sort, ...],
    limit: int,
) -> None:
    store.run(store.database.execute('DELETE FROM "samples"'))
    order = compared(sort)
    waiting = list(enumerate([*before, *between]))

    def insert(count: int) -> list[Record]:
        batch, waiting[:count] = waiting[:count], []
        # Keys that go up and down, so that the last key of the order decides both ways.
        return [store.create(SAMPLE, key=n * (-1) ** n, **row) for n, row in batch]

    stored, last, query = insert(len(before)), None, Query(sort=sort, limit=limit)
    while True:
        found = store.run(store.of(SAMPLE).page(query))
        ahead = [row for row in stored if last is None or order(last) < order(row)]
        ahead.sort(key=order)
        assert found.items == ahead[:limit]
        assert found.total == len(stored)
        assert (found.next_cursor is None) == (len(ahead) <= limit)
        if found.next_cursor is None:
            return
        last = found.items[-1]
        query = Query(sort=sort, limit=limit, cursor=found.next_cursor)
        stored += insert(2)


@ON_STORES
@given(SORTS.map(tuple), st.integers(0, 12), st.integers(1, 12))
def test_offsets_cut_the_same_order(
    store: Store, sort: tuple[Sort, ...], offset: int, limit: int
) -> None:
    repository = store.of(SAMPLE)
    stored, total = store.run(repository.list())
    if not stored:
        for n in range(10):
            row = {name: POOLS[name][n % len(POOLS[name])] for name in KEYS}
            stored.append(store.create(SAMPLE, key=n, **row))
        total = 10
    query = Query(sort=sort, limit=limit, offset=offset)
    expected = sorted(stored, key=compared(sort))[offset : offset + limit]
    assert store.run(repository.list(query=query)) == (expected, total)


# ---- filters, against a model ----

TEXTS = [
    "",
    "a",
    "A",
    "ab",
    "a,b",
    "a%",
    "a_b",
    "a\\b",
    "'\"",
    "ä",
    "e\u0301",
    "\ud7ff",
    "\ud7ffx",
    "\uffff",
    "\U0001f600",
    "\U0010ffff",
    "a\U0010ffff",
]

POOLS: dict[str, list[Any]] = {
    "string": TEXTS,
    "text": TEXTS,
    "email": ["a@b.c", "A@b.c", "ab@b.c"],
    "uuid": [f"0189000{n}-0000-7000-8000-00000000000a" for n in range(4)],
    "integer": [-(2**63), -1, 0, 1, 10, 2**63 - 1],
    "small": [-5, 0, 5],
    "number": [-1e300, -0.5, 0.0, 0.1, 2.0, 1e-300],
    "decimal": [Decimal(text) for text in ("-2", "0", "1.005", "1.5", "9", "10")],
    "boolean": [True, False],
    "datetime": [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2024, 2, 29, 12, 0, 0, 1, UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
    ],
    "date": [date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)],
    "time": [time(0), time(12, 0, 0, 1), time(23, 59, 59, 999999)],
    "duration": ["PT0S", "P1D", "PT24H", "P1M", "P30D", "-PT1S", "PT1H30M"],
    "binary": [b"", b"\x00"],
    "words": [[], ["a"], ["a", "a,b"], ["A", "ä"], ["1", "true"]],
    "counts": [[], [1], [1, 2], [2, -3]],
    "flags": [[], [True], [True, False]],
    "object": [{}, {"a": 1}],
    "json": [0, "", [], False],
}


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def piece_of(value: Any) -> str:
    return text_of(value).replace("\\", "\\\\").replace(",", "\\,")


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, str]:
    """A parameter of a query string that is legal for its field, and its text."""
    field = SAMPLE.by_name[draw(st.sampled_from(sorted(POOLS)))]
    op = draw(st.sampled_from(sorted(OPERATORS[field.type])))
    pool = POOLS[field.name]
    name = f"{field.name}[{op}]"
    if op is Op.NULL:
        return name, draw(st.sampled_from(["true", "false"]))
    if field.type is Type.ARRAY:
        items = sorted({item for value in pool for item in value})
        wanted = draw(st.lists(st.sampled_from(items), min_size=1, max_size=3))
        return name, ",".join(map(piece_of, wanted))
    if op in (Op.IN, Op.NIN, Op.BETWEEN):
        least = 2 if op is Op.BETWEEN else 1
        most = 2 if op is Op.BETWEEN else 3
        values = draw(st.lists(st.sampled_from(pool), min_size=least, max_size=most))
        return name, ",".join(map(piece_of, values))
    return name, text_of(draw(st.sampled_from(pool)))


def length(text: str) -> int:
    """How long a duration is, with months of 30 days."""
    months, days, micros = duration_parts(text)
    return (months * 30 + days) * 86_400_000_000 + micros


def passes(one: Filter, record: Record) -> bool:
    """Whether `record` is found, by the words of the design."""
    field, value, wanted = SAMPLE.by_name[one.field], record[one.field], one.value
    if one.op is Op.NULL:
        return (value is None) == wanted
    if value is None:
        return False
    if field.type is Type.ARRAY:
        return all(item in value for item in wanted)
    if field.type is Type.DURATION:
        value = length(value)
        wanted = tuple(map(length, wanted)) if type(wanted) is tuple else length(wanted)
    match one.op:
        case Op.EQ | Op.NE:
            return bool((value == wanted) == (one.op is Op.EQ))
        case Op.GT:
            return bool(value > wanted)
        case Op.GTE:
            return bool(value >= wanted)
        case Op.LT:
            return bool(value < wanted)
        case Op.LTE:
            return bool(value <= wanted)
        case Op.IN | Op.NIN:
            return (value in wanted) == (one.op is Op.IN)
        case Op.BETWEEN:
            return bool(wanted[0] <= value <= wanted[1])
        case Op.CONTAINS:
            return wanted in value
        case Op.STARTSWITH:
            return bool(value.startswith(wanted))
        case Op.ENDSWITH:
            return bool(value.endswith(wanted))
    raise AssertionError(one.op)


@settings(ON_STORES, max_examples=400)
@given(st.lists(conditions(), max_size=3, unique_by=lambda pair: pair[0]))
def test_filters_find_what_they_say(store: Store, pairs: list[tuple[str, str]]) -> None:
    repository = store.of(SAMPLE)
    stored, _ = store.run(repository.list())
    if not stored:
        for n in range(max(map(len, POOLS.values())) + 1):
            values = {
                name: None
                if n % (len(pool) + 1) == len(pool)
                else pool[n % (len(pool) + 1)]
                for name, pool in POOLS.items()
            }
            stored.append(store.create(SAMPLE, key=n, **values))
    query = parse_query(SAMPLE, pairs)
    expected = [row for row in stored if all(passes(one, row) for one in query.filters)]
    assert store.run(repository.list(query=query)) == (expected, len(expected))
    assert store.run(repository.list(filters=dict(pairs)))[0] == expected
    assert filters_of(SAMPLE, dict(pairs)) == query.filters


def test_no_values_find_nothing_and_exclude_nothing(store: Store) -> None:
    records = some(store)
    samples = store.of(SAMPLE)
    assert store.run(samples.list(filters={"integer[in]": []})) == ([], 0)
    assert store.run(samples.list(filters={"integer[nin]": []})) == (records, 5)
    assert store.run(samples.list(filters={"string[nin]": []})) == ([], 0)
