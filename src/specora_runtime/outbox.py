"""Events that wait for delivery: written with the change that they tell of.

A row stays unpublished until every subscriber in this process took its event, so a crash
between commit and delivery loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from .database import Connection, Database, Row, retrying
from .entity import Entity, Field, Record, Type
from .errors import Fault
from .events import Event, dispatch, handlers_of
from .identity import format_key
from .uuid7 import uuid7
from .values import encoder, json_form

_log = logging.getLogger(__name__)

_BATCH: Final = 100
_PAUSE: Final = 0.01

_FIELDS: Final = tuple(
    Field(name=name, type=type_)
    for name, type_ in (
        ("id", Type.STRING),
        ("entity", Type.STRING),
        ("record", Type.STRING),
        ("name", Type.STRING),
        ("payload", Type.JSON),
        ("created_at", Type.DATETIME),
        ("published_at", Type.DATETIME),
    )
)
_ID: Final = _FIELDS[0]
_PUBLISHED: Final = _FIELDS[-1]


async def record_events(
    connection: Connection,
    database: Database,
    entity: Entity,
    record: Record,
    names: Sequence[str],
    at: datetime,
) -> tuple[Event, ...]:
    """Write one row for each event of a change to `record`.

    Returns those that wait for a subscriber; what nobody listens to is published at once.
    """
    if not names:
        return ()
    payload = _payload(entity, record)
    key = format_key(entity, record)
    tenant = payload.get(entity.tenant)
    events = tuple(
        Event(str(uuid7()), name, entity.name, key, dict(payload), tenant)
        for name in names
    )
    for event in events:
        published = None if handlers_of(event.name) else at
        await _insert(connection, database, event, at, published)
    return tuple(event for event in events if handlers_of(event.name))


async def deliver(database: Database, events: Iterable[Event]) -> None:
    """Dispatch committed events in order and mark those that every subscriber took."""
    delivered = [event.id for event in events if await dispatch(event)]
    if not delivered:
        return
    dialect = database.dialect
    text = (
        f"UPDATE specora_outbox SET published_at = {dialect.parameter(_PUBLISHED, 1)}"
        f" WHERE id = {dialect.parameter(_ID, 2)}"
    )
    stamp = encoder(_PUBLISHED, dialect)(datetime.now(UTC))
    try:
        async with database.transaction() as connection:
            for one in delivered:
                await connection.execute(text, stamp, one)
    except Fault:
        # The change itself is committed; an unmarked event is delivered once more.
        _log.exception("events stay unmarked: %s", delivered)


async def redeliver(database: Database) -> int:
    """Deliver, at start-up, what an earlier process left; how many events there are."""
    dialect = database.dialect
    columns = ", ".join(dialect.select(field) for field in _FIELDS[:5])
    text = (
        f"SELECT {columns} FROM specora_outbox"
        f" WHERE published_at IS NULL AND id > {dialect.parameter(_ID, 1)}"
        f" ORDER BY id LIMIT {_BATCH}"
    )
    last, count = "00000000-0000-0000-0000-000000000000", 0
    tenants = {entity.name: entity.tenant for entity in database.entities}
    while rows := await database.fetch(text, last):
        await deliver(database, [_event(row, tenants) for row in rows])
        last, count = str(rows[-1]["id"]), count + len(rows)
    return count


_later: Final[set[asyncio.Task[None]]] = set()


def deliver_after(
    database: Database, outer: Connection, events: tuple[Event, ...]
) -> None:
    """Deliver `events` once the transaction of `outer`, which wrote them, is committed."""
    task = asyncio.create_task(_wait(database, outer, events))
    _later.add(task)
    task.add_done_callback(_later.discard)


async def drain() -> None:
    """Wait for the deliveries that wait for a transaction, at shut-down for one."""
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(task for task in _later if task.get_loop() is loop))


async def _wait(
    database: Database, outer: Connection, events: tuple[Event, ...]
) -> None:
    # Waiting here first keeps no second connection busy while the transaction runs.
    while any(running is outer for running in database._transactions.values()):
        await asyncio.sleep(_PAUSE)
    try:
        committed = await _is_committed(database, events[0])
    except Fault:
        _log.exception("events wait for the next start: %s", [e.id for e in events])
        return
    if committed:
        await deliver(database, events)


class _Absent(Exception):
    """The row is not there, so what wrote it is rolled back."""


async def _is_committed(database: Database, event: Event) -> bool:
    """Whether what wrote `event` committed; waits for the end of its transaction."""

    async def repeat(connection: Connection) -> None:
        # A second row with its key waits until the fate of the first one is known.
        if await _insert(connection, database, event, datetime.now(UTC), None):
            raise _Absent

    try:
        await retrying(database, repeat)
    except _Absent:
        return False
    return True


async def _insert(
    connection: Connection,
    database: Database,
    event: Event,
    at: datetime,
    published: datetime | None,
) -> int:
    """Store `event` unless it is stored; how many rows that adds."""
    dialect = database.dialect
    columns = ", ".join(dialect.column(field) for field in _FIELDS)
    wanted = ", ".join(
        dialect.parameter(field, n) for n, field in enumerate(_FIELDS, 1)
    )
    values = (
        event.id,
        event.entity,
        event.key,
        event.name,
        event.payload,
        at,
        published,
    )
    return await connection.execute(
        f"INSERT INTO specora_outbox ({columns}) VALUES ({wanted})"
        " ON CONFLICT (id) DO NOTHING",
        *(
            encoder(field, dialect)(value)
            for field, value in zip(_FIELDS, values, strict=True)
        ),
    )


def _payload(entity: Entity, record: Record) -> dict[str, Any]:
    return {
        field.name: _json(field, record[field.name])
        for field in entity.fields
        # Without its tenant, nobody could tell whose record it is.
        if not field.sensitive or field.name == entity.tenant
    }


def _json(field: Field, value: Any) -> Any:
    if isinstance(value, Decimal):
        # Stored values have the digits of their field, which the type alone would drop.
        return format(value, "f")
    return json_form(field.type, value)


def _event(row: Row, tenants: Mapping[str, str]) -> Event:
    payload: dict[str, Any] = msgspec.json.decode(row["payload"])
    return Event(
        str(row["id"]),
        row["name"],
        row["entity"],
        row["record"],
        payload,
        payload.get(tenants.get(row["entity"], "")),
    )
