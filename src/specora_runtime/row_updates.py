"""Records that are changed together: one statement for the lone updates of one loop tick.

Such a statement waits for no row: what somebody else has locked it passes over, and so it
can be part of no deadlock. It sets no field that a unique index or a reference watches,
because the database would wait for others there too. Where it fails, or tells nothing of a record,
that record's change goes its own way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from .database import Row
from .entity import Entity, Field
from .errors import Fault, Unavailable
from .key_reads import KEY_ARRAYS
from .row_inserts import ARRAYS
from .sql import Table
from .visibility import Sight, row_predicate

Write: TypeAlias = Callable[[str, tuple[Any, ...]], Awaitable[list[Row]]]

_AT_ONCE: Final = 2
"""Statements of one kind that run at the same time."""
_ROWS: Final = 100
"""Most rows of one statement."""


@dataclass(frozen=True, slots=True)
class RowUpdate:
    """A statement whose parameters are arrays of keys and of values, one per field."""

    text: str
    key: str
    """The column of the key in its rows."""


class Told(NamedTuple):
    """What a shared statement tells of one record."""

    row: Row | None
    """As it is stored now; `None` where the statement tells nothing."""
    alone: bool = False
    """Whether nobody was there to share a statement with, and none was sent."""


# Names that no contract can give a table.
_HELD: Final = '"held rows"'
_GIVEN: Final = '"given rows"'
_NOTHING: Final = Told(None)
_ALONE: Final = Told(None, alone=True)


def row_update(
    table: Table, fields: Sequence[Field], compared: Sequence[Field], kind: Sight
) -> RowUpdate | None:
    """The statement that sets `fields` where one of `compared`, the first of them, differs.

    `None` where a change may wait for other rows, or a type is none that arrays carry.
    """
    entity, dialect = table.entity, table.dialect
    key = entity.by_name[entity.key[0]]
    carried = all(field.type in ARRAYS for field in fields)
    if len(entity.key) > 1 or key.type not in KEY_ARRAYS or not carried:
        return None
    if not _watched(entity).isdisjoint(field.name for field in fields):
        return None
    names = [f"value_{n}" for n in range(1, len(fields) + 1)]
    keys = f"$1::{KEY_ARRAYS[key.type]}"
    arrays = [f"${n}::{ARRAYS[field.type]}" for n, field in enumerate(fields, 2)]
    given = f"unnest({', '.join((keys, *arrays))}) AS {_GIVEN}"
    own = dialect.column(key, entity.table)
    predicate = row_predicate(entity, dialect, kind, len(fields) + 2, entity.table)
    reached = f" AND {predicate}" if predicate else ""
    assigned = ", ".join(
        f"{dialect.column(field)} = {_GIVEN}.{name}"
        for field, name in zip(fields, names, strict=True)
    )
    differs = " OR ".join(
        f"{dialect.column(field, entity.table)} IS DISTINCT FROM {_GIVEN}.{name}"
        for field, name in zip(compared, names, strict=False)
    )
    columns = ", ".join(dialect.select(one, entity.table) for one in entity.fields)
    text = (
        f"WITH {_HELD} AS MATERIALIZED (SELECT {own} AS key FROM {table.name}"
        f" WHERE {own} = ANY({keys}){reached} FOR NO KEY UPDATE SKIP LOCKED)"
        f" UPDATE {table.name} SET {assigned} FROM {_HELD}, {given}"
        f" (key, {', '.join(names)}) WHERE {own} = {_HELD}.key"
        f" AND {_HELD}.key = {_GIVEN}.key{reached} AND ({differs})"
        f" RETURNING {columns}"
    )
    return RowUpdate(text, key.name)


def _watched(entity: Entity) -> frozenset[str]:
    """The fields whose change may make the database wait for other rows."""
    unique = (one.fields for one in entity.unique)
    references = (one.fields for one in entity.foreign_keys)
    groups = (entity.key, *unique, *references)
    return frozenset(name for group in groups for name in group)


class _Group:
    """Changes by one statement with the same parameters but for the arrays."""

    __slots__ = ("busy", "running", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[Any, tuple[Sequence[Any], asyncio.Future[Told]]] = {}
        self.busy: set[Any] = set()
        """The keys in statements that run."""
        self.running: set[asyncio.Task[None]] = set()


class Updates:
    """The changes of one event loop."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._groups: dict[tuple[str, tuple[Any, ...]], _Group] = {}

    def update(
        self, update: RowUpdate, row: Sequence[Any], args: tuple[Any, ...]
    ) -> asyncio.Future[Told] | None:
        """What becomes of `row`, a key and values; `None` where its record is being changed.

        Raises `Unavailable`.
        """
        loop = asyncio.get_running_loop()
        group = self._groups.get((update.text, args))
        if group is None:
            group = self._groups[update.text, args] = _Group()
        key = row[0]
        if key in group.waiting or key in group.busy:
            return None
        future: asyncio.Future[Told] = loop.create_future()
        group.waiting[key] = row, future
        if len(group.running) < _AT_ONCE:
            # The task starts in the next tick, with all that arrives in this one.
            task = loop.create_task(self._run(group, update, args))
            group.running.add(task)
        return future

    async def _run(
        self, group: _Group, update: RowUpdate, args: tuple[Any, ...]
    ) -> None:
        try:
            if len(group.waiting) == len(group.running) == 1:
                _, (_, future) = group.waiting.popitem()
                _tell(future, _ALONE)
            while group.waiting:
                await self._once(group, update, args)
        finally:
            task = asyncio.current_task()
            assert task is not None
            group.running.discard(task)
            if not group.running and not group.waiting:
                self._groups.pop((update.text, args), None)

    async def _once(
        self, group: _Group, update: RowUpdate, args: tuple[Any, ...]
    ) -> None:
        taken = group.waiting
        if len(taken) <= _ROWS:
            group.waiting = {}
        else:
            taken = {key: taken.pop(key) for key in list(taken)[:_ROWS]}
        columns = map(list, zip(*(row for row, _ in taken.values()), strict=True))
        keys = taken.keys()
        group.busy |= keys
        try:
            rows = await self._write(update.text, (*columns, *args))
        except BaseException as fault:
            for _, future in taken.values():
                if not isinstance(fault, Fault) or isinstance(fault, Unavailable):
                    _fail(future, fault)
                else:
                    _tell(future, _NOTHING)
            if not isinstance(fault, Exception):
                raise
            return
        finally:
            group.busy -= keys
        told = {row[update.key]: Told(row) for row in rows}
        for key, (_, future) in taken.items():
            _tell(future, told.get(key, _NOTHING))


def _tell(future: asyncio.Future[Told], told: Told) -> None:
    if not future.done():
        future.set_result(told)


def _fail(future: asyncio.Future[Told], fault: BaseException) -> None:
    if not future.done():
        future.set_exception(fault)
