"""Changes of one statement, alone and shared, do what the transaction would."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from domain import CUSTOMER, ENTITIES, PAPER, SAMPLE, SEAT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store import AGENT, STORES, Store, opened
from test_values import NATIVE

from specora_runtime.entity import Caller, Computed, Entity, Record, Type
from specora_runtime.errors import CheckViolation, Fault, Unavailable
from specora_runtime.lone_updates import LoneUpdate, lone_update
from specora_runtime.postgres import PostgresDatabase
from specora_runtime.repository import SqlRepository
from specora_runtime.row_updates import RowUpdate, Told, Updates
from specora_runtime.visibility import Sight

_FILLED = {
    "datetime": Computed.NOW_ON_UPDATE,
    "date": Computed.NOW_ON_UPDATE,
    "email": Computed.CURRENT_USER,
}
FILLED = replace(
    SAMPLE,
    fields=tuple(
        replace(field, computed=_FILLED.get(field.name)) for field in SAMPLE.fields
    ),
)
CARRIED = (
    *(Type.STRING, Type.TEXT, Type.UUID, Type.INTEGER, Type.NUMBER),
    *(Type.DECIMAL, Type.BOOLEAN),
)
MANY = 100
"""What the key of a record's twin has more."""
VALUES = {
    field.name: st.none()
    | (st.lists(NATIVE[field.items], max_size=4) if field.items else NATIVE[field.type])
    for field in FILLED.fields
    if field.name != "key" and field.computed is None
}
PLAIN = {name: VALUES[name] for name in VALUES if FILLED.by_name[name].type in CARRIED}
UPDATES = st.tuples(
    st.fixed_dictionaries({}, optional=VALUES),
    st.fixed_dictionaries({}, optional=PLAIN)
    | st.fixed_dictionaries({}, optional=VALUES)
    | st.fixed_dictionaries({name: PLAIN[name] for name in ("string", "number")}),
)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened("postgresql", tmp_path, request) as found:
        yield found


def statement(store: Store, entity: Entity, *names: str) -> LoneUpdate | None:
    return lone_update(store.database, entity, dict.fromkeys(names), Sight())


def told(outcome: Any, before: Record) -> Any:
    """An outcome without the key, and with whether the time of the write was stored."""
    if isinstance(outcome, BaseException):
        return type(outcome), str(outcome)
    assert isinstance(outcome, dict)
    moved = outcome["datetime"] != before["datetime"]
    return moved, {
        name: value
        for name, value in outcome.items()
        if name not in ("key", "datetime", "date")
    }


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(UPDATES, min_size=1, max_size=5))
def test_every_update_is_that_of_the_transaction(
    store: Store, rows: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    repository, other = store.of(FILLED), Caller(id="b@example.com")
    numbered = list(enumerate(rows))
    try:
        before = {
            key: store.create(
                FILLED, Caller(id="a@example.com"), key=key, **row | {"small": None}
            )
            for number, (row, _) in numbered
            for key in (number, number + MANY)
        }
        quick = store.gather(
            [
                repository.update(str(number), data, caller=other)
                for number, (_, data) in numbered
            ]
        )
        # A version that is named, if only as any, takes the transaction.
        slow = store.gather(
            [
                repository.update(str(number + MANY), data, caller=other, if_match="*")
                for number, (_, data) in numbered
            ]
        )
        for number, _ in numbered:
            twin = number + MANY
            assert told(quick[number], before[number]) == told(
                slow[number], before[twin]
            )
            one, two = (store.get(FILLED, str(key)) for key in (number, twin))
            assert told(one, before[number]) == told(two, before[twin])
            if isinstance(quick[number], dict):
                assert one == quick[number]
    finally:
        store.run(store.database.execute("DELETE FROM samples"))


def test_which_changes_share_a_statement(server: Store) -> None:
    def shared(entity: Entity, *names: str) -> bool:
        lone = statement(server, entity, *names)
        return lone is not None and lone.together is not None

    assert shared(SAMPLE, "string", "uuid", "datetime", "decimal")
    assert not shared(SAMPLE, "time")  # No array carries it.
    assert not shared(SAMPLE, "key")
    assert shared(CUSTOMER, "token")
    assert not shared(CUSTOMER, "token", "email")  # Unique.
    assert not shared(PAPER, "folder_id")
    assert not shared(SEAT, *(f.name for f in SEAT.fields if f.name not in SEAT.key))


def samples(store: Store, count: int) -> list[Record]:
    return [store.create(SAMPLE, key=number, string="old") for number in range(count)]


def test_one_that_fails_spoils_no_other(server: Store) -> None:
    samples(server, 30)
    repository = server.of(SAMPLE)
    found = server.gather(
        [
            repository.update(
                str(key), {"string": "new", "small": 10**9 if key % 7 == 0 else key}
            )
            for key in range(30)
        ]
    )
    for key, outcome in enumerate(found):
        stored = server.get(SAMPLE, str(key))
        assert stored is not None
        if key % 7 == 0:
            assert isinstance(outcome, Fault)
            assert (stored["string"], stored["small"]) == ("old", None)
        else:
            assert outcome == stored
            assert (stored["string"], stored["small"]) == ("new", key)


def test_a_row_that_is_locked_delays_no_other(server: Store) -> None:
    samples(server, 10)
    repository = server.of(SAMPLE)

    async def work() -> list[Record | None]:
        locked, release = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with server.database.transaction() as connection:
                await connection.execute("UPDATE samples SET text = 'x' WHERE key = 3")
                locked.set()
                await release.wait()

        holder = asyncio.create_task(hold())
        await locked.wait()
        tasks = [
            asyncio.create_task(repository.update(str(key), {"string": "new"}))
            for key in range(10)
        ]
        async with asyncio.timeout(10):
            await asyncio.gather(*(tasks[key] for key in range(10) if key != 3))
        assert not tasks[3].done()
        release.set()
        await holder
        return await asyncio.gather(*tasks)

    found = server.run(work())
    assert [one and one["string"] for one in found] == ["new"] * 10
    assert found[3] is not None
    assert found[3]["text"] == "x"


def test_workers_that_meet_wait_for_nobody_forever(
    server: Store, postgres_url: str, tmp_path: Path
) -> None:
    """Two services change the same rows in opposite orders, and everything is stored."""
    samples(server, 12)
    second = PostgresDatabase(ENTITIES, tmp_path / "schema.sql", postgres_url)
    members = {"entity": SAMPLE, "database": second}
    repositories = server.of(SAMPLE), type("Second", (SqlRepository,), members)()

    async def work() -> list[Record | None]:
        try:
            found: list[Record | None] = []
            for turn in range(15):
                found += await asyncio.gather(
                    *(
                        repository.update(str(key), {"string": f"{turn}"})
                        for pair in enumerate(reversed(range(12)))
                        for repository, key in zip(repositories, pair, strict=True)
                    )
                )
            return found
        finally:
            await second.close()

    found = server.run(work())
    assert len(found) == 15 * 24
    assert None not in found
    for key in range(12):
        stored = server.get(SAMPLE, str(key))
        assert stored is not None
        assert stored["string"] == "14"


def test_a_key_that_nobody_has_and_what_is_the_same_already(server: Store) -> None:
    samples(server, 4)
    repository = server.of(SAMPLE)
    keys = ("0", "99", "1", "x")
    found = server.gather(
        [repository.update(key, {"string": "old"}, caller=AGENT) for key in keys]
    )
    assert found == [server.get(SAMPLE, "0"), None, server.get(SAMPLE, "1"), None]


class Sent:
    """What is written, with an outcome for each statement in turn."""

    def __init__(self, *outcomes: Fault | None) -> None:
        self.outcomes = list(outcomes)
        self.calls: list[Sequence[Any]] = []

    async def write(self, _text: str, args: tuple[Any, ...]) -> list[Record]:
        self.calls.append(args)
        await asyncio.sleep(0)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        return [{"id": key} for key in args[0] if key]


def outcomes(sent: Sent, *turns: Sequence[int]) -> list[list[Any]]:
    """What becomes of the keys of each turn, which come in one tick."""

    async def work() -> list[list[Any]]:
        updates, update = Updates(sent.write), RowUpdate("UPDATE", "id")
        found: list[list[Any]] = []
        for keys in turns:
            given = [
                updates.update(update, (key, f"v{key}"), ("acme",)) for key in keys
            ]
            works = [one for one in given if one is not None]
            done = iter(await asyncio.gather(*works, return_exceptions=True))
            found.append([None if one is None else next(done) for one in given])
        return found

    return asyncio.run(work())


def test_one_statement_for_one_tick() -> None:
    sent = Sent()
    (found,) = outcomes(sent, (1, 2, 1, 0))
    assert found == [Told({"id": 1}), Told({"id": 2}), None, Told(None)]
    assert sent.calls == [([1, 2, 0], ["v1", "v2", "v0"], "acme")]


def test_who_is_alone_is_told_so() -> None:
    sent = Sent()
    assert outcomes(sent, (1,)) == [[Told(None, alone=True)]]
    assert sent.calls == []


def test_a_fault_of_one_row_tells_nothing_and_a_lost_server_is_told_to_all() -> None:
    sent = Sent(CheckViolation(None, "one of them"), Unavailable("lost"))
    first, second, third = outcomes(sent, (1, 2), (1, 2), (1, 2))
    assert first == [Told(None), Told(None)]
    assert all(isinstance(one, Unavailable) for one in second)
    assert third == [Told({"id": 1}), Told({"id": 2})]
