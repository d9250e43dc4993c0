"""The port to a database: connections, transactions and what differs between dialects.

Statements are text with numbered placeholders; rows are fresh dictionaries that the
caller owns. Nothing but a `Fault` leaves a database.
"""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from .dialect import POSTGRESQL, SQLITE, Dialect, Order
from .entity import Entity
from .errors import Retry, Unavailable

if TYPE_CHECKING:
    from .behavior import Behaviors
    from .key_reads import KeyRead
    from .row_updates import RowUpdate, Told

__all__ = [
    "POSTGRESQL",
    "SQLITE",
    "Connection",
    "Database",
    "Dialect",
    "Order",
    "Row",
    "retrying",
]

Row = dict[str, Any]
"""One row by alias, in the driver's values; `values.decoder` makes them native."""

T = TypeVar("T")

_ATTEMPTS = 5


class Connection(ABC):
    """A connection inside one transaction."""

    @abstractmethod
    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        """All rows of a statement."""

    async def fetch_one(self, sql: str, *args: Any) -> Row | None:
        """The first row of a statement."""
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    @abstractmethod
    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement; the number of rows it changed."""


class Database(ABC):
    """A store that opens itself, and brings its schema up to date, on first use."""

    dialect: Dialect
    entities: tuple[Entity, ...]

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.entities = tuple(entities)
        self._transactions: dict[asyncio.Task[Any], Connection] = {}
        self._find_behaviors: Callable[[], Behaviors] | None = None

    def use(self, find: Callable[[], Behaviors]) -> None:
        """Run what `find` gives around writes; it is asked when the first one comes."""
        self._find_behaviors = find

    @cached_property
    def behaviors(self) -> Behaviors | None:
        """What runs around writes; `None` for nothing."""
        return None if self._find_behaviors is None else self._find_behaviors()

    @property
    def running(self) -> Connection | None:
        """The transaction of the present task, if there is one."""
        return self._running()

    @abstractmethod
    async def open(self) -> None:
        """Connect and migrate, if it is not open. Raises `MigrationRefused`."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of all connections. The next use opens again."""

    @abstractmethod
    async def ready(self) -> None:
        """Raise `Unavailable` unless the database answers and its schema is at head."""

    @abstractmethod
    async def _fetch(self, sql: str, args: tuple[Any, ...]) -> list[Row]: ...

    async def _write(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        return await self._fetch(sql, args)

    @abstractmethod
    async def _execute(self, sql: str, args: tuple[Any, ...]) -> int: ...

    @abstractmethod
    def _transaction(self) -> AbstractAsyncContextManager[Connection]: ...

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        """All rows of a reading statement, in the task's transaction if it has one."""
        running = self._running()
        return await (
            self._fetch(sql, args) if running is None else running.fetch(sql, *args)
        )

    async def fetch_one(self, sql: str, *args: Any) -> Row | None:
        """The first row of a reading statement."""
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    def look_up(
        self, read: KeyRead, key: Any, args: tuple[Any, ...]
    ) -> Awaitable[Row | None] | None:
        """The row of one key, in the statement of all that are asked for now.

        `None` where records are read one by one.
        """
        return None

    def store_along(self, text: str, row: Sequence[Any]) -> Awaitable[None] | None:
        """Store a row with all that are to be stored now, by `row_inserts.insert_text`.

        `None` where rows are stored one by one.
        """
        return None

    def update_along(
        self, update: RowUpdate, row: Sequence[Any], args: tuple[Any, ...]
    ) -> Awaitable[Told] | None:
        """Change the record of a key, the first value of `row`, with all that change now.

        `None` where it has to be changed by itself.
        """
        return None

    async def write(self, sql: str, *args: Any) -> list[Row]:
        """All rows of one writing statement, in its own transaction or in the task's."""
        running = self._running()
        return await (
            self._write(sql, args) if running is None else running.fetch(sql, *args)
        )

    async def execute(self, sql: str, *args: Any) -> int:
        """Run one statement in its own transaction, or in the task's; rows changed."""
        running = self._running()
        return await (
            self._execute(sql, args) if running is None else running.execute(sql, *args)
        )

    def _running(self) -> Connection | None:
        if not self._transactions:
            return None
        task = asyncio.current_task()
        return None if task is None else self._transactions.get(task)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A writing transaction: committed at the end, rolled back by any exception.

        Inside a task's transaction this is a savepoint of it, and `fetch` and `execute`
        of the database belong to it too, so that code called by a repository cannot
        wait for its caller.
        """
        running = self._running()
        if running is not None:
            async with _savepoint(running):
                yield running
            return
        task = asyncio.current_task()
        assert task is not None
        async with self._transaction() as connection:
            self._transactions[task] = connection
            try:
                yield connection
            finally:
                del self._transactions[task]


@asynccontextmanager
async def _savepoint(connection: Connection) -> AsyncIterator[None]:
    await connection.execute("SAVEPOINT nested")
    try:
        yield
    except BaseException:
        await connection.execute("ROLLBACK TO SAVEPOINT nested")
        await connection.execute("RELEASE SAVEPOINT nested")
        raise
    await connection.execute("RELEASE SAVEPOINT nested")


async def retrying(database: Database, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Run `work` in a transaction, again where it lost a race.

    Five losses are `Unavailable`. A race lost inside an outer transaction goes to the
    outer one, which alone can start anew.
    """
    for attempt in range(_ATTEMPTS):
        nested = database._running() is not None
        try:
            async with database.transaction() as connection:
                return await work(connection)
        except Retry as fault:
            if nested:
                raise
            if attempt + 1 == _ATTEMPTS:
                raise Unavailable("too many concurrent writes") from fault
        await asyncio.sleep(random.uniform(0, 0.01 * 3**attempt))
    raise AssertionError("unreachable")
