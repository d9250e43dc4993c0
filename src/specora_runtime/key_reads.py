"""Reads of single records, many at a time: one statement for the keys of one loop tick.

A statement costs the service more than the row it finds. Reads that arrive while others of
the same kind are under way share the next statement; one that is alone waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from .database import Row
from .entity import Type
from .sql import Table, kind_of
from .visibility import Sight, row_predicate

Fetch: TypeAlias = Callable[[str, tuple[Any, ...]], Awaitable[list[Row]]]

_AT_ONCE: Final = 2
"""Statements of one kind that run at the same time."""
_KEYS: Final = 200
"""Most keys of one statement."""
KEY_ARRAYS: Final = {Type.UUID: "text[]::uuid[]", Type.INTEGER: "bigint[]"}
"""The arrays that carry keys."""


class KeyRead(NamedTuple):
    """A statement that finds the rows of many keys, its first parameter."""

    text: str
    key: str
    """The column of the key in its rows."""


class KeyReads:
    """The statements of one table, by what callers see."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kept: dict[Sight, KeyRead] = {}
        entity = table.entity
        field = entity.by_name[entity.key[0]]
        self._array = KEY_ARRAYS.get(field.type) if len(entity.key) == 1 else None

    def of(self, sight: Sight) -> KeyRead | None:
        """The statement; `None` where keys are no single values that arrays hold."""
        if self._array is None:
            return None
        kind = kind_of(sight)
        found = self._kept.get(kind)
        if found is None:
            found = self._kept[kind] = self._made(self._array, kind)
        return found

    def _made(self, array: str, kind: Sight) -> KeyRead:
        table, entity, dialect = self._table, self._table.entity, self._table.dialect
        key = entity.by_name[entity.key[0]]
        condition = f"{dialect.compared(key)} = ANY($1::{array})"
        predicate = row_predicate(entity, dialect, kind, 2)
        if predicate:
            condition += f" AND {predicate}"
        text = f"SELECT {table.columns} FROM {table.name} WHERE {condition}"
        return KeyRead(text, key.name)


class _Group:
    """Reads of one statement with the same parameters but for the key."""

    __slots__ = ("running", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[Any, list[asyncio.Future[Row | None]]] = {}
        self.running: set[asyncio.Task[None]] = set()


class Batches:
    """The reads of one event loop."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._groups: dict[tuple[str, tuple[Any, ...]], _Group] = {}

    def read(
        self, read: KeyRead, key: Any, args: tuple[Any, ...]
    ) -> asyncio.Future[Row | None]:
        """The row of `key`, which nobody else is given. Raises what the fetch raises."""
        loop = asyncio.get_running_loop()
        group = self._groups.get((read.text, args))
        if group is None:
            group = self._groups[read.text, args] = _Group()
        future: asyncio.Future[Row | None] = loop.create_future()
        group.waiting.setdefault(key, []).append(future)
        if len(group.running) < _AT_ONCE:
            # The task starts in the next tick, with all that arrives in this one.
            task = loop.create_task(self._run(group, read, args))
            group.running.add(task)
        return future

    async def _run(self, group: _Group, read: KeyRead, args: tuple[Any, ...]) -> None:
        try:
            while group.waiting:
                await self._once(group, read, args)
        finally:
            task = asyncio.current_task()
            assert task is not None
            group.running.discard(task)
            if not group.running and not group.waiting:
                self._groups.pop((read.text, args), None)

    async def _once(self, group: _Group, read: KeyRead, args: tuple[Any, ...]) -> None:
        taken = group.waiting
        if len(taken) <= _KEYS:
            group.waiting = {}
        else:
            keys = list(taken)[:_KEYS]
            taken = {key: taken.pop(key) for key in keys}
        try:
            rows = await self._fetch(read.text, (list(taken), *args))
        except BaseException as fault:
            for future in (one for futures in taken.values() for one in futures):
                if not future.done():
                    future.set_exception(fault)
            if not isinstance(fault, Exception):
                raise
            return
        for row in rows:
            for number, future in enumerate(taken.pop(row[read.key], ())):
                if not future.done():
                    future.set_result(dict(row) if number else row)
        for future in (one for futures in taken.values() for one in futures):
            if not future.done():
                future.set_result(None)


@cache
def key_reads_of(table: Table) -> KeyReads:
    """The one `KeyReads` of a table, which is kept for good like the table itself."""
    return KeyReads(table)
