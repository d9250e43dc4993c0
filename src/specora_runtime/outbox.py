"""Events that wait for delivery: written with the change that they tell of.

A row stays unpublished until every subscriber in this process took its event, so a crash
between commit and delivery loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from .database import Connection, Database, Row
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
    events = tuple(
        Event(str(uuid7()), name, entity.name, key, dict(payload)) for name in names
    )
    text = _insert(database)
    for event in events:
        published = None if handlers_of(event.name) else at
        values = (event.id, entity.name, key, event.name, payload, at, published)
        await connection.execute(
            text,
            *(
                encoder(field, database.dialect)(value)
                for field, value in zip(_FIELDS, values, strict=True)
            ),
        )
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
    while rows := await database.fetch(text, last):
        await deliver(database, [_event(row) for row in rows])
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


async def _wait(
    database: Database, outer: Connection, events: tuple[Event, ...]
) -> None:
    while any(running is outer for running in database._transactions.values()):
        await asyncio.sleep(_PAUSE)
    text = (
        "SELECT 1 AS found FROM specora_outbox"
        f" WHERE id = {database.dialect.parameter(_ID, 1)}"
    )
    # A rolled back transaction leaves no rows, and nothing happened.
    await deliver(
        database,
        [event for event in events if await database.fetch(text, event.id)],
    )


def _insert(database: Database) -> str:
    values = ", ".join(
        database.dialect.parameter(field, n) for n, field in enumerate(_FIELDS, 1)
    )
    columns = ", ".join(field.name for field in _FIELDS)
    return f"INSERT INTO specora_outbox ({columns}) VALUES ({values})"


def _payload(entity: Entity, record: Record) -> dict[str, Any]:
    return {field.name: _json(field, record[field.name]) for field in entity.visible}


def _json(field: Field, value: Any) -> Any:
    if isinstance(value, Decimal):
        # Stored values have the digits of their field, which the type alone would drop.
        return format(value, "f")
    return json_form(field.type, value)


def _event(row: Row) -> Event:
    payload: dict[str, Any] = msgspec.json.decode(row["payload"])
    return Event(str(row["id"]), row["name"], row["entity"], row["record"], payload)
