"""Records that are stored together: one statement for the creates of one loop tick.

A statement that fails stores nothing, and tells of one row at most; then each row is stored
by itself, so that a create answers what it would alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from .database import Database
from .entity import Type
from .errors import Fault
from .sql import Table

Execute: TypeAlias = Callable[[str, tuple[Any, ...]], Awaitable[int]]
Stored: TypeAlias = "asyncio.Future[None]"

_AT_ONCE: Final = 2
"""Statements for one table that run at the same time, while they are quick."""
_AT_MOST: Final = 8
"""Such statements where others wait for a lock."""
_QUICK: Final = 0.05
"""Seconds after which a statement counts as waiting."""
_ROWS: Final = 100
"""Most rows of one statement."""
ARRAYS: Final = {
    Type.UUID: "text[]::uuid[]",
    Type.INTEGER: "bigint[]",
    Type.NUMBER: "double precision[]",
    Type.DECIMAL: "numeric[]",
    Type.BOOLEAN: "boolean[]",
    Type.DATETIME: "timestamptz[]",
    Type.DATE: "date[]",
    Type.STRING: "text[]",
    Type.TEXT: "text[]",
    Type.EMAIL: "text[]",
}
"""The arrays that carry the values of a column."""


@cache
def insert_text(table: Table) -> str | None:
    """The statement that stores rows given as one array per column of `inserted`.

    `None` where a column's type is none that arrays carry. A table is kept for good.
    """
    fields, dialect = table.inserted, table.dialect
    if not all(field.type in ARRAYS for field in fields):
        return None
    columns = ", ".join(dialect.column(field) for field in fields)
    arrays = ", ".join(
        f"{dialect.placeholder(n)}::{ARRAYS[field.type]}"
        for n, field in enumerate(fields, 1)
    )
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays})"


async def store(database: Database, table: Table, row: Sequence[Any]) -> None:
    """Store the values of `table.inserted`, along with other rows where that is possible."""
    text = insert_text(table)
    along = None if text is None else database.store_along(text, row)
    if along is not None:
        await along
    else:
        await database.execute(table.insert, *row)


class _Group:
    """Rows for one statement."""

    __slots__ = ("begun", "running", "waiting")

    def __init__(self) -> None:
        self.begun = 0.0
        """When the last statement was sent, by the loop's clock."""
        self.waiting: list[tuple[Sequence[Any], Stored]] = []
        self.running: set[asyncio.Task[None]] = set()


class Inserts:
    """The rows of one event loop."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._groups: dict[str, _Group] = {}

    def store(self, text: str, row: Sequence[Any]) -> Stored:
        """Done when the row is stored. Raises what storing it alone raises."""
        loop = asyncio.get_running_loop()
        group = self._groups.get(text)
        if group is None:
            group = self._groups[text] = _Group()
        future: Stored = loop.create_future()
        group.waiting.append((row, future))
        count = len(group.running)
        stuck = count < _AT_MOST and loop.time() - group.begun > _QUICK
        if count < _AT_ONCE or stuck:
            group.begun = loop.time()
            # The task starts in the next tick, with all that arrives in this one.
            task = loop.create_task(self._run(group, text))
            group.running.add(task)
            task.add_done_callback(group.running.discard)
        return future

    async def _run(self, group: _Group, text: str) -> None:
        loop = asyncio.get_running_loop()
        while group.waiting:
            group.begun = loop.time()
            taken, group.waiting = group.waiting[:_ROWS], group.waiting[_ROWS:]
            try:
                await self._together(text, taken)
            except BaseException as fault:
                for _, future in taken:
                    if not future.done():
                        future.set_exception(fault)
                if not isinstance(fault, Exception):
                    raise

    async def _together(
        self, text: str, taken: Sequence[tuple[Sequence[Any], Stored]]
    ) -> None:
        try:
            await self._execute(text, _columns([row for row, _ in taken]))
        except Fault:
            if len(taken) == 1:
                raise
            for row, future in taken:
                await self._alone(text, row, future)
            return
        for _, future in taken:
            if not future.done():
                future.set_result(None)

    async def _alone(self, text: str, row: Sequence[Any], future: Stored) -> None:
        if future.done():
            return  # Nobody waits for it any longer.
        try:
            await self._execute(text, _columns([row]))
        except Fault as fault:
            future.set_exception(fault)
        else:
            if not future.done():
                future.set_result(None)


def _columns(rows: Sequence[Sequence[Any]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))
