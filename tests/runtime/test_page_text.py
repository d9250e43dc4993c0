"""Pages that PostgreSQL writes as JSON are those of the renderer, for every type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from domain import CUSTOMER, SAMPLE, SEAT, TICKET
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store import NOBODY, Store, customer, move, opened, ticket
from test_values import NATIVE

from specora_runtime.entity import Entity, Field, Type
from specora_runtime.filters import filters_of
from specora_runtime.json_text import item_text
from specora_runtime.links import encode, paths_of, renderer
from specora_runtime.operations import Collection, List, Operation, Read, Transition
from specora_runtime.page_text import is_told_by_text
from specora_runtime.query import Query, Sort

OPERATIONS: tuple[Operation, ...] = (List("list"), Read("read"), Transition("move"))
# The text of a duration is the service's own, and none that PostgreSQL writes.
TOLD = replace(
    SAMPLE,
    fields=tuple(
        replace(field, sensitive=field.type is Type.DURATION) for field in SAMPLE.fields
    ),
)
ITEMS = {Type.STRING: NATIVE[Type.STRING], Type.BOOLEAN: NATIVE[Type.BOOLEAN]}


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened("postgresql", tmp_path, request) as found:
        yield found


def collection(entity: Entity) -> Collection:
    return Collection(
        entity.path, entity=entity, repository=lambda: None, operations=OPERATIONS
    )


def assert_same(store: Store, entity: Entity, query: Query) -> list[Any]:
    """The page as text holds what the renderer makes of its records."""
    own = collection(entity)
    targets = paths_of([own, collection(CUSTOMER)])
    item = item_text(own, targets)
    assert item is not None
    repository, render = store.of(entity), renderer(own, targets)
    page = store.run(repository.page(query))
    text = store.run(repository.page_text(query, item))
    assert text is not None
    shown = json.loads(b"[%b]" % text.items)
    wanted = json.loads(encode([render(record) for record in page.items]))
    assert json.dumps(shown) == json.dumps(wanted)
    assert text.page == replace(page, items=[])
    return shown


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.name == "small":
        return st.integers(-(2**15), 2**15 - 1)
    if field.type is Type.ARRAY:
        return st.lists(NATIVE[field.items or Type.STRING], max_size=4)
    return NATIVE[field.type]


SAMPLES = st.fixed_dictionaries(
    {
        field.name: st.none() | values_of(field)
        for field in SAMPLE.fields
        if field.name != "key" and field.type is not Type.EMAIL
    }
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(records=st.lists(SAMPLES, min_size=1, max_size=4))
def test_every_type(store: Store, records: list[dict[str, Any]]) -> None:
    for key, record in enumerate(records):
        store.create(TOLD, key=key, **record)
    try:
        assert len(assert_same(store, TOLD, Query())) == len(records)
        order = (Sort("number", descending=True), Sort("datetime"))
        assert_same(store, TOLD, Query(sort=order, limit=2))
    finally:
        store.run(store.database.execute("DELETE FROM samples"))


def test_links(store: Store) -> None:
    first = ticket(store, secret="not shown")
    second = ticket(store, customer_id=first["customer_id"], priority="low")
    move(store, second, "assigned")
    shown = assert_same(store, TICKET, Query(sort=(Sort("number"),)))
    assert "secret" not in shown[0]
    assert shown[0]["_links"]["state:assigned"].endswith("/state")


def test_cursors(store: Store) -> None:
    for number in range(5):
        customer(store, f"c{number}")
    query = Query(sort=(Sort("name"), Sort("email", descending=True)), limit=2)
    while True:
        assert_same(store, CUSTOMER, query)
        cursor = store.run(store.of(CUSTOMER).page(query)).next_cursor
        if cursor is None:
            return
        query = replace(query, cursor=cursor)


def test_empty(store: Store) -> None:
    query = Query(filters=filters_of(CUSTOMER, {"id": NOBODY}))
    assert assert_same(store, CUSTOMER, query) == []


def test_what_sql_cannot_say() -> None:
    """Durations, and paths in which a key needs escaping."""
    assert item_text(collection(SAMPLE), {}) is None
    assert item_text(collection(SEAT), {}) is None
    assert not is_told_by_text(Query(limit=2**40))
