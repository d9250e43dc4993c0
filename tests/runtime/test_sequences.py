from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from domain import (
    CUSTOMER,
    TICKET,
)
from store import (
    NOBODY,
    STORES,
    Store,
    customer,
    opened,
    ticket,
)

from specora_runtime.entity import Record
from specora_runtime.errors import (
    InUse,
    UniqueConflict,
    UnknownReference,
)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


# ---- sequences ----


def test_concurrent_creates_leave_no_gap(store: Store) -> None:
    owner = customer(store)["id"]
    tickets = store.of(TICKET)
    data = {"subject": "x", "customer_id": owner}
    outcomes = store.gather([tickets.create(data) for _ in range(200)])
    numbers = sorted(one["number"] for one in outcomes if isinstance(one, dict))
    assert numbers == [f"TKT-{n:04}" for n in range(1, 201)]


def test_a_failed_create_gives_its_number_back(store: Store) -> None:
    owner = customer(store)["id"]
    good = {"subject": "x", "customer_id": owner}
    bad = good | {"customer_id": NOBODY}
    tickets = store.of(TICKET)
    outcomes = store.gather([tickets.create([good, bad][n % 2]) for n in range(40)])
    assert sum(isinstance(one, UnknownReference) for one in outcomes) == 20
    numbers = sorted(one["number"] for one in outcomes if isinstance(one, dict))
    assert numbers == [f"TKT-{n:04}" for n in range(1, 21)]


def test_a_rolled_back_transaction_gives_its_numbers_back(store: Store) -> None:
    owner = customer(store)["id"]
    data = {"subject": "x", "customer_id": owner}

    async def work() -> None:
        async with store.database.transaction():
            await store.of(TICKET).create(data)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        store.run(work())
    assert ticket(store, customer_id=owner)["number"] == "TKT-0001"


# ---- inside a transaction of the caller ----


def test_a_fault_inside_a_transaction_leaves_it_usable(store: Store) -> None:
    async def work() -> Record:
        customers = store.of(CUSTOMER)
        async with store.database.transaction():
            kept = await customers.create({"name": "Ada"})
            with pytest.raises(UniqueConflict):
                await customers.create({"name": "Ada"})
            with pytest.raises(UnknownReference):
                await store.of(TICKET).create({"subject": "x", "customer_id": NOBODY})
            await store.of(TICKET).create({"subject": "x", "customer_id": kept["id"]})
            with pytest.raises(InUse):
                await customers.delete(kept["id"])
        return kept

    kept = store.run(work())
    assert store.get(CUSTOMER, kept["id"]) == kept
    assert store.run(store.of(TICKET).list())[1] == 1


def test_waiting_writers_all_get_their_turn(store: Store) -> None:
    async def slow(name: str) -> Record:
        async with store.database.transaction():
            await asyncio.sleep(0.005)
            return await store.of(CUSTOMER).create({"name": name})

    outcomes = store.gather([slow(str(n)) for n in range(20)])
    assert not [one for one in outcomes if isinstance(one, BaseException)]
