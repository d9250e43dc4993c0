"""Deleting records: really, through the database's own constraints, or softly.

A soft delete does to the live records that refer to it what the constraint would have done.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Final

from .database import Connection
from .entity import Entity, OnDelete, Record
from .errors import CheckViolation, ForeignKeyViolation, InUse, NotNullViolation
from .filling import of_time
from .references import MAX_CASCADE, Blocked, Reference, Relations
from .visibility import LIVE, Sight

_REFUSALS: Final = (ForeignKeyViolation, CheckViolation, NotNullViolation)
"""A delete breaks constraints only through the rows that refer to the deleted one."""


async def delete(
    connection: Connection,
    relations: Relations,
    entity: Entity,
    record: Record,
    at: datetime,
    sight: Sight,
) -> None:
    """Delete `record`, which is locked, and what goes with it. Raises `InUse`.

    As in the database, what refers to the record goes with it whoever's it is; `sight` is
    what a fault may tell of.
    """
    waiting = deque([(entity, record)])
    taken = 0
    while waiting:
        parent, row = waiting.popleft()
        taken += 1
        if taken > MAX_CASCADE:
            raise InUse(parent.name)
        if not parent.soft_delete:
            await _remove(connection, relations, parent, row, sight)
            continue
        # Marked before its children are sought, so that a circle of records ends.
        await _mark(connection, relations, parent, row, at)
        for reference in relations.incoming.get(parent.name, ()):
            children = await _release(connection, relations, reference, row, sight)
            waiting.extend((reference.child, child) for child in children)


async def _remove(
    connection: Connection,
    relations: Relations,
    entity: Entity,
    record: Record,
    sight: Sight,
) -> None:
    if relations.tangled(entity):
        used = await relations.kept_by(connection.fetch, sight, entity, record)
        if used is not None:
            raise used
    table = relations.table(entity)
    try:
        text, parameters = table.delete([record[n] for n in entity.key], LIVE)
        await connection.execute(text, *parameters)
    except _REFUSALS as fault:
        name = getattr(fault, "constraint", None)
        raise Blocked(name, entity, record) from fault


async def _mark(
    connection: Connection,
    relations: Relations,
    entity: Entity,
    record: Record,
    at: datetime,
) -> None:
    table = relations.table(entity)
    field = entity.by_name[entity.soft_delete]
    marked = {field.name: of_time(field, at)}
    text, parameters = table.update((field.name,), marked, record, LIVE)
    await connection.fetch(text, *parameters)


async def _release(
    connection: Connection,
    relations: Relations,
    reference: Reference,
    target: Record,
    sight: Sight,
) -> list[Record]:
    """The children that go with `target`; others are refused or let go of it."""
    wanted = reference.values(target)
    if wanted is None:
        return []
    table = relations.table(reference.child)
    match reference.key.on_delete:
        case OnDelete.RESTRICT:
            used = await relations.used(
                connection.fetch, reference.child, wanted, LIVE, sight
            )
            if used is not None:
                raise used
            return []
        case OnDelete.SET_NULL:
            text, parameters = table.clear(wanted, LIVE)
            await connection.execute(text, *parameters)
            return []
        case OnDelete.CASCADE:
            text, parameters = table.rows_with(wanted, LIVE, for_update=True)
            rows = await connection.fetch(text, *parameters)
            return [table.read(row) for row in rows]
