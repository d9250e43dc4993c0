"""What an operation does besides what it is asked to, on every store."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from domain import FOLDER, TICKET
from store import AGENT, NOBODY, STORES, Store, customer, move, opened, ticket

from specora_runtime.effects import Extra
from specora_runtime.entity import Caller, EmitEvent, Record, Sequence, SetField
from specora_runtime.errors import (
    GuardUnmet,
    IllegalTransition,
    Invalid,
    UnknownReference,
)
from specora_runtime.events import Event, subscribe


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    events: list[Event] = []

    async def listen(event: Event) -> None:
        events.append(event)

    end = subscribe("*", listen)
    yield events
    end()


def asked_by(record: Record, caller: Caller) -> str:
    return f"{caller.id}: {record['subject']}"


FILLED = Extra(
    fills=(
        SetField(field="resolution", function=asked_by),
        SetField(field="priority", value="high"),
        SetField(field="resolved_at", value="now"),
    )
)
_names = count()


def owner_of(store: Store) -> str:
    return str(customer(store, name=f"owner {next(_names)}")["id"])


NUMBERED = Extra(fills=(SetField(field="resolution", sequence=Sequence(prefix="R-")),))
TOLD = Extra(effects=(SetField(field="quantity", value=7), EmitEvent(name="told")))


def made(store: Store, extra: Extra, **data: object) -> Record:
    owner = data.pop("customer_id", None) or owner_of(store)
    body = {"subject": "help", "customer_id": owner} | data
    return store.run(store.of(TICKET).create(body, caller=AGENT, extra=extra))


def test_a_create_fills(store: Store) -> None:
    record = made(store, FILLED)
    assert record["resolution"] == "agent-1: help"
    assert record["priority"] == "high"
    assert record["resolved_at"] == record["created_at"]
    assert store.get(TICKET, record["id"]) == record


def test_a_create_numbers_without_gaps(store: Store) -> None:
    assert made(store, NUMBERED)["resolution"] == "R-000001"
    with pytest.raises(Invalid):
        made(store, NUMBERED, subject=None)
    owner = owner_of(store)
    works = [
        store.of(TICKET).create({"subject": "s", "customer_id": owner}, extra=NUMBERED)
        for _ in range(5)
    ]
    found = [one for one in store.gather(works) if not isinstance(one, BaseException)]
    numbers = sorted(record["resolution"] for record in found)
    assert numbers == [f"R-{n:06}" for n in range(2, 7)]


def test_expressions_read_what_effects_set(store: Store, heard: list[Event]) -> None:
    record = made(store, TOLD, price="2.00")
    assert (record["quantity"], str(record["amount"])) == (7, "14.00")
    assert [(event.name, event.key) for event in heard] == [("told", record["id"])]
    assert heard[0].payload["amount"] == "14.00"


def test_a_failed_create_tells_nothing(store: Store, heard: list[Event]) -> None:
    with pytest.raises(UnknownReference):
        made(store, TOLD, customer_id=NOBODY)
    unstorable = Extra(
        effects=(EmitEvent(name="told"), SetField(field="quantity", value="x"))
    )
    with pytest.raises(Invalid):
        made(store, unstorable)
    assert heard == []
    assert store.fetch("SELECT name FROM specora_outbox") == []


def test_an_update_fills_and_tells(store: Store, heard: list[Event]) -> None:
    record = ticket(store)
    tickets = store.of(TICKET)
    unchanged = store.run(tickets.update(record["id"], {"subject": "help"}, extra=TOLD))
    assert (unchanged, heard) == (record, [])
    changed = store.run(tickets.update(record["id"], {"subject": "x"}, extra=TOLD))
    assert changed is not None
    assert (changed["quantity"], [event.name for event in heard]) == (7, ["told"])
    assert heard[0].payload["subject"] == "x"
    filled = store.run(tickets.update(record["id"], {}, caller=AGENT, extra=FILLED))
    assert filled is not None
    assert filled["resolution"] == "agent-1: x"
    assert store.get(TICKET, record["id"]) == filled


def test_a_delete_tells(store: Store, heard: list[Event]) -> None:
    record = ticket(store)
    tickets = store.of(TICKET)
    assert store.run(tickets.delete(record["id"], extra=TOLD))
    assert [(event.name, event.key) for event in heard] == [("told", record["id"])]
    assert store.get(TICKET, record["id"]) is None
    assert not store.run(tickets.delete(record["id"], extra=TOLD))
    assert len(heard) == 1


def test_a_soft_delete_keeps_what_is_set(store: Store, heard: list[Event]) -> None:
    record = store.create(FOLDER, name="a")
    gone = Extra(effects=(SetField(field="name", value="gone"), EmitEvent(name="bye")))
    assert store.run(store.of(FOLDER).delete(record["id"], extra=gone))
    assert store.get(FOLDER, record["id"]) is None
    (row,) = store.fetch("SELECT name FROM folders")
    assert row["name"] == "gone"
    assert heard[0].payload["deleted_at"] is not None


def test_a_step_stores_what_its_guard_asks_for(
    store: Store, heard: list[Event]
) -> None:
    record = move(store, ticket(store, priority="high"), "assigned")
    tickets, key = store.of(TICKET), record["id"]
    with pytest.raises(GuardUnmet):
        store.run(tickets.transition(key, "resolved"))
    with pytest.raises(IllegalTransition):
        store.run(tickets.transition(key, "closed", {"resolution": "lost"}))
    stored = store.get(TICKET, key)
    assert stored is not None
    assert stored["resolution"] is None
    done = store.run(
        tickets.transition(
            key, "resolved", {"resolution": "ok"}, caller=AGENT, extra=TOLD
        )
    )
    assert done is not None
    assert (done["state"], done["resolution"], done["quantity"]) == (
        "resolved",
        "ok",
        7,
    )
    names = [event.name for event in heard]
    assert names == ["ticket.assigned", "ticket.resolved", "ticket.done", "told"]
    with pytest.raises(Invalid):
        store.run(tickets.transition(key, "closed", {"number": "TKT-1"}))


def test_a_guard_sees_what_the_operation_fills(store: Store) -> None:
    record = move(store, ticket(store, priority="high"), "assigned")
    done = store.run(
        store.of(TICKET).transition(
            record["id"], "resolved", caller=AGENT, extra=FILLED
        )
    )
    assert done is not None
    assert done["resolution"] == "agent-1: help"
