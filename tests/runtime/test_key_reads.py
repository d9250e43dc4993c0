"""Reads that share a statement answer what each alone would."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from domain import CUSTOMER, FOLDER, SEAT
from store import NOBODY, Store, customer, opened

from specora_runtime.entity import Record
from specora_runtime.errors import Fault
from specora_runtime.key_reads import Batches, KeyRead, key_reads_of
from specora_runtime.sql import table_of
from specora_runtime.visibility import LIVE


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened("postgresql", tmp_path, request) as found:
        yield found


def test_many_at_once(store: Store) -> None:
    records = [customer(store, f"c{number}") for number in range(20)]
    wanted = [record["id"] for record in records] * 15 + [NOBODY, "no key"]
    repository = store.of(CUSTOMER)
    found = store.gather([repository.get(key) for key in wanted])
    assert found == [*records * 15, None, None]
    assert len({id(record) for record in found[:-2]}) == 300


def test_a_transaction_sees_its_own_writes(store: Store) -> None:
    repository = store.of(CUSTOMER)

    async def work() -> tuple[Record | None, Record | None]:
        async with store.database.transaction():
            made = await repository.create({"name": "Ada"})
            inside = await repository.get(made["id"])
            # Another task is outside of the transaction.
            outside = await asyncio.create_task(repository.get(made["id"]))
        return inside, outside

    inside, outside = store.run(work())
    assert inside is not None
    assert outside is None


def test_deleted_records_stay_hidden(store: Store) -> None:
    folders = store.of(FOLDER)
    kept, gone = (store.create(FOLDER, name=name) for name in ("kept", "gone"))
    assert store.run(folders.delete(gone["id"]))
    assert store.gather([folders.get(kept["id"]), folders.get(gone["id"])]) == [
        kept,
        None,
    ]


def test_keys_of_several_fields_are_read_one_by_one(store: Store) -> None:
    seat = store.create(SEAT, hall="a", place=1)
    table = table_of(SEAT, store.database.dialect)
    assert key_reads_of(table).of(LIVE) is None
    assert store.get(SEAT, "a,1") == seat


def test_a_failure_reaches_everyone_and_no_later_read() -> None:
    calls: list[list[int]] = []

    async def fetch(text: str, args: tuple[list[int]]) -> list[Record]:
        calls.append(args[0])
        await asyncio.sleep(0)
        if len(calls) == 1:
            raise Fault("lost")
        return [{"id": key} for key in args[0] if key]

    async def work() -> list[Record | BaseException | None]:
        batches, read = Batches(fetch), KeyRead("SELECT", "id")
        first = [batches.read(read, key, ()) for key in (1, 2, 2)]
        lost = await asyncio.gather(*first, return_exceptions=True)
        later = [batches.read(read, key, ()) for key in (1, 0)]
        return [*lost, *await asyncio.gather(*later)]

    *lost, found, missing = asyncio.run(work())
    assert all(isinstance(one, Fault) for one in lost)
    assert (found, missing) == ({"id": 1}, None)
    assert calls == [[1, 2], [1, 0]]
