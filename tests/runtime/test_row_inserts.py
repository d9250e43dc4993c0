"""Creates that share a statement answer, and store, what each alone would."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from domain import CUSTOMER, PAPER, SAMPLE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store import NOBODY, Store, opened
from test_values import NATIVE

from specora_runtime.entity import Type
from specora_runtime.errors import UniqueConflict, UnknownReference
from specora_runtime.row_inserts import Inserts, insert_text
from specora_runtime.sql import table_of

OTHERS = (Type.TIME, Type.DURATION, Type.BINARY, Type.ARRAY, Type.OBJECT, Type.JSON)
CARRIED = replace(
    SAMPLE, fields=tuple(one for one in SAMPLE.fields if one.type not in OTHERS)
)
ROWS = st.fixed_dictionaries(
    {
        field.name: st.none()
        | (st.integers(-9, 9) if field.name == "small" else NATIVE[field.type])
        for field in CARRIED.fields
        if field.name != "key" and field.type is not Type.EMAIL
    }
)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened("postgresql", tmp_path, request) as found:
        yield found


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_every_type(store: Store, rows: list[dict[str, Any]]) -> None:
    assert insert_text(table_of(CARRIED, store.database.dialect)) is not None
    repository = store.of(CARRIED)
    try:
        works = [repository.create({"key": n} | row) for n, row in enumerate(rows)]
        made = store.gather(works)
        kept = [store.get(CARRIED, str(number)) for number in range(len(rows))]
        assert made == kept
    finally:
        store.run(store.database.execute("DELETE FROM samples"))


def test_one_conflict_spoils_no_other_create(store: Store) -> None:
    repository = store.of(CUSTOMER)
    names = [f"c{number % 30}" for number in range(40)]
    found = store.gather([repository.create({"name": name}) for name in names])
    made = Counter(one["name"] for one in found if isinstance(one, dict))
    refused = [one for one in found if not isinstance(one, dict)]
    assert made == Counter(set(names))
    assert len(refused) == 10
    assert all(isinstance(one, UniqueConflict) for one in refused)
    assert store.fetch("SELECT count(*) AS n FROM customers") == [{"n": 30}]


def test_types_that_arrays_do_not_carry_go_alone(store: Store) -> None:
    assert insert_text(table_of(SAMPLE, store.database.dialect)) is None
    assert store.create(SAMPLE, key=1, json=[1])["json"] == [1]


def test_an_unknown_reference_is_told(store: Store) -> None:
    works = [
        store.of(PAPER).create({"title": "t", "folder_id": NOBODY}) for _ in range(3)
    ]
    assert all(isinstance(one, UnknownReference) for one in store.gather(works))


def test_a_lock_delays_only_those_who_need_it() -> None:
    """Two statements that wait for somebody's lock keep no later create waiting."""
    lock = asyncio.Event()

    async def execute(_text: str, columns: tuple[list[int], ...]) -> int:
        if columns[0][0] < 2:
            await lock.wait()
        return len(columns[0])

    async def work() -> bool:
        inserts = Inserts(execute)
        blocked = []
        for number in range(2):
            blocked.append(inserts.store("INSERT", (number,)))
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.06)
        async with asyncio.timeout(5):
            await inserts.store("INSERT", (2,))
        waiting = not any(one.done() for one in blocked)
        lock.set()
        await asyncio.gather(*blocked)
        return waiting

    assert asyncio.run(work())
