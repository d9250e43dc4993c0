from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from domain import CUSTOMER, TICKET
from store import AGENT, STORES, Store, move, opened, ticket

from specora_runtime.entity import Record
from specora_runtime.errors import IllegalTransition
from specora_runtime.events import Event, Handler, subscribe
from specora_runtime.outbox import drain, redeliver


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    """The events of the test, as one subscriber to all of them gets them."""
    events: list[Event] = []

    async def listen(event: Event) -> None:
        events.append(event)

    end = subscribe("*", listen)
    yield events
    end()


@pytest.fixture
def failing() -> Iterator[Handler]:
    """A subscriber that always fails."""

    async def fail(event: Event) -> None:
        raise RuntimeError(event.name)

    end = subscribe("ticket.assigned", fail)
    yield fail
    end()


def outbox(store: Store) -> list[tuple[str, bool]]:
    """Names of the events in order, and whether they are published."""
    rows = store.fetch("SELECT name, published_at FROM specora_outbox ORDER BY id")
    return [(row["name"], row["published_at"] is not None) for row in rows]


def test_subscribers_get_the_record_without_its_secrets(
    store: Store, heard: list[Event]
) -> None:
    record = move(store, ticket(store, secret="s3cret"), "assigned")
    (event,) = heard
    assert (event.name, event.entity) == ("ticket.assigned", "ticket")
    assert event.key == record["id"]
    assert list(event.payload) == [field.name for field in TICKET.visible]
    assert event.payload["state"] == "assigned"
    assert event.payload["price"] == "2.50"
    written = record["updated_at"].isoformat().replace("+00:00", "Z")
    assert event.payload["updated_at"] == written
    assert outbox(store) == [("ticket.assigned", True)]


def test_events_keep_their_order(store: Store, heard: list[Event]) -> None:
    record = ticket(store, priority="high", resolution="x")
    move(store, record, "assigned", "resolved")
    names = ["ticket.assigned", "ticket.resolved", "ticket.done"]
    assert [event.name for event in heard] == names
    assert outbox(store) == [(name, True) for name in names]
    assert [event.id for event in heard] == sorted(event.id for event in heard)


def test_a_subscriber_sees_what_is_committed(store: Store) -> None:
    seen: list[Record | None] = []

    async def look(event: Event) -> None:
        seen.append(await store.of(TICKET).get(event.key))
        await store.of(TICKET).update(event.key, {"resolution": "looked"})

    end = subscribe("ticket.assigned", look)
    record = move(store, ticket(store), "assigned")
    end()
    assert seen == [record]
    stored = store.get(TICKET, record["id"])
    assert stored is not None
    assert stored["resolution"] == "looked"


def test_what_nobody_hears_is_published(store: Store) -> None:
    move(store, ticket(store), "assigned")
    assert outbox(store) == [("ticket.assigned", True)]


def test_a_failed_step_emits_nothing(store: Store, heard: list[Event]) -> None:
    with pytest.raises(IllegalTransition):
        move(store, ticket(store), "resolved")
    assert (heard, outbox(store)) == ([], [])


def test_a_failing_subscriber_fails_no_request(
    store: Store,
    failing: Handler,
    heard: list[Event],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        assert move(store, ticket(store), "assigned")["state"] == "assigned"
    assert "ticket.assigned" in caplog.text
    assert len(heard) == 1
    assert outbox(store) == [("ticket.assigned", False)]


def test_what_was_left_is_delivered_at_start_up(
    store: Store, heard: list[Event]
) -> None:
    async def fail(event: Event) -> None:
        raise RuntimeError

    end = subscribe("*", fail)
    for _ in range(3):
        move(store, ticket(store, customer_id=owner(store)), "assigned")
    end()
    first = list(heard)
    heard.clear()
    assert store.run(redeliver(store.database)) == 3
    assert heard == first
    assert outbox(store) == [("ticket.assigned", True)] * 3
    assert store.run(redeliver(store.database)) == 0


def test_what_fails_again_stays(store: Store, failing: Handler) -> None:
    move(store, ticket(store), "assigned")
    assert store.run(redeliver(store.database)) == 1
    assert outbox(store) == [("ticket.assigned", False)]


@pytest.mark.parametrize("commits", [True, False])
def test_events_wait_for_the_transaction_of_the_caller(
    store: Store, heard: list[Event], commits: bool
) -> None:
    record = ticket(store)

    async def work() -> None:
        async with store.database.transaction():
            await store.of(TICKET).transition(record["id"], "assigned", caller=AGENT)
            await asyncio.sleep(0.05)
            assert heard == []
            if not commits:
                raise TimeoutError

    async def whole() -> None:
        if commits:
            await work()
        else:
            with pytest.raises(TimeoutError):
                await work()
        await drain()

    store.run(whole())
    assert [event.name for event in heard] == ["ticket.assigned"] * commits
    assert outbox(store) == [("ticket.assigned", True)] * commits


def owner(store: Store) -> Any:
    """The key of a customer of its own for each ticket."""
    rows = store.fetch('SELECT COUNT(*) AS n FROM "customers"')
    return store.create(CUSTOMER, name=f"c{rows[0]['n']}")["id"]
