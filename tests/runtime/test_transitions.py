from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from domain import SEAT, TICKET
from store import (
    AGENT,
    LEAD,
    NOBODY,
    STORES,
    Store,
    move,
    opened,
    resolved,
    ticket,
)

from specora_runtime.entity import ANONYMOUS
from specora_runtime.errors import (
    GuardUnmet,
    IllegalTransition,
    RoleRequired,
)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


def test_a_step_runs_its_effects(store: Store) -> None:
    record = resolved(store)
    assert record["state"] == "resolved"
    assert record["resolved_by"] == "agent-1 -> resolved"
    assert record["resolved_at"] == record["updated_at"]
    assert store.get(TICKET, record["id"]) == record


def test_a_literal_is_set(store: Store) -> None:
    record = move(store, ticket(store, priority="high"), "assigned", "new")
    assert record["priority"] == "low"


def test_an_illegal_step_names_the_legal_ones(store: Store) -> None:
    record = ticket(store)
    for wanted in ("resolved", "new", "nonsense", ""):
        with pytest.raises(IllegalTransition) as caught:
            move(store, record, wanted)
        fault = caught.value
        assert (fault.state, fault.wanted) == ("new", wanted)
        assert fault.allowed == ("assigned", "closed")
    closed = move(store, record, "closed")
    with pytest.raises(IllegalTransition) as caught:
        move(store, closed, "new")
    assert caught.value.allowed == ()


def test_a_guard_names_what_is_missing(store: Store) -> None:
    record = move(store, ticket(store, resolution=""), "assigned")
    with pytest.raises(GuardUnmet) as caught:
        move(store, record, "resolved")
    assert caught.value.missing == ("resolution",)
    assert caught.value.condition == 'priority == "high"'
    store.run(store.of(TICKET).update(record["id"], {"resolution": "ok"}))
    with pytest.raises(GuardUnmet) as caught:
        move(store, record, "resolved")
    assert (caught.value.missing, caught.value.condition) == (
        (),
        'priority == "high"',
    )
    assert store.run(store.of(TICKET).get(record["id"])) is not None
    stored = store.get(TICKET, record["id"])
    assert stored is not None
    assert stored["state"] == "assigned"


def test_roles_come_before_the_rest(store: Store) -> None:
    record = resolved(store)
    for caller in (ANONYMOUS, AGENT):
        with pytest.raises(RoleRequired) as caught:
            move(store, record, "closed", caller=caller)
        assert caught.value.roles == ("lead", "admin")
    assert move(store, record, "closed", caller=LEAD)["state"] == "closed"


def test_a_step_of_nothing(store: Store) -> None:
    assert store.run(store.of(TICKET).transition(NOBODY, "closed")) is None


def test_one_of_two_concurrent_steps_wins(store: Store) -> None:
    record = move(store, ticket(store, priority="high", resolution="x"), "assigned")
    tickets = store.of(TICKET)
    outcomes = store.gather(
        [tickets.transition(record["id"], "resolved") for _ in range(8)]
    )
    lost = [one for one in outcomes if isinstance(one, IllegalTransition)]
    assert len(lost) == 7
    assert {one.state for one in lost} == {"resolved"}
    rows = store.fetch("SELECT name FROM specora_outbox ORDER BY id")
    assert [row["name"] for row in rows] == [
        "ticket.assigned",
        "ticket.resolved",
        "ticket.done",
    ]


def test_an_entity_without_workflow_has_no_steps(store: Store) -> None:
    with pytest.raises(TypeError):
        store.run(store.of(SEAT).transition("a,1", "x"))
