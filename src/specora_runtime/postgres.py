"""PostgreSQL: one pool per event loop, opened and migrated on first use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .database import POSTGRESQL, Connection, Database, Row
from .entity import Entity
from .errors import Retry, Unavailable
from .key_reads import Batches, KeyRead
from .migrate import MigrationRefused, SchemaFile, at_head, migrate
from .row_inserts import Inserts
from .row_updates import RowUpdate, Told, Updates

if TYPE_CHECKING:
    from .postgres_driver import Pool

_LOCK = 7021884313305
"""Key of the advisory lock that a migration holds."""

_START_SECONDS = 30.0


class PostgresDatabase(Database):
    """A database on a server; `url` is a `postgresql://` address as libpq takes it."""

    dialect = POSTGRESQL

    def __init__(
        self,
        entities: Sequence[Entity],
        schema_file: str | Path,
        url: str,
        min_size: int = 1,
        max_size: int = 10,
        *,
        start_seconds: float = _START_SECONDS,
    ) -> None:
        super().__init__(entities)
        self._schema = SchemaFile(Path(schema_file))
        self._url = url
        self._sizes = (min_size, max_size)
        self._start_seconds = start_seconds
        self._pools: dict[asyncio.AbstractEventLoop, Pool] = {}
        self._inserts: dict[asyncio.AbstractEventLoop, Inserts] = {}
        self._batches: dict[asyncio.AbstractEventLoop, Batches] = {}
        self._updates: dict[asyncio.AbstractEventLoop, Updates] = {}
        self._opening: dict[asyncio.AbstractEventLoop, asyncio.Lock] = {}

    async def open(self) -> None:
        await self._pool()

    async def close(self) -> None:
        self._batches.pop(asyncio.get_running_loop(), None)
        self._inserts.pop(asyncio.get_running_loop(), None)
        self._updates.pop(asyncio.get_running_loop(), None)
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.close()

    async def ready(self) -> None:
        try:
            rows = await self.fetch(self._schema.latest)
        except (MigrationRefused, Retry) as fault:
            raise Unavailable(str(fault)) from fault
        if not rows or rows[0]["checksum"] != self._schema.checksum:
            raise Unavailable("the schema of the database is not this service's")

    async def _pool(self) -> Pool:
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is not None:
            return pool
        async with self._opening.setdefault(loop, asyncio.Lock()):
            if loop not in self._pools:
                self._forget_closed_loops()
                self._pools[loop] = await self._open()
        return self._pools[loop]

    def _forget_closed_loops(self) -> None:
        for loop in [loop for loop in self._opening if loop.is_closed()]:
            del self._opening[loop]
            self._pools.pop(loop, None)
            self._batches.pop(loop, None)
            self._inserts.pop(loop, None)
            self._updates.pop(loop, None)

    async def _open(self) -> Pool:
        pool: Pool = await _driver().connect(
            self._url, *self._sizes, self._start_seconds
        )
        try:
            await self._migrate(pool)
        except BaseException:
            await pool.close()
            raise
        return pool

    async def _migrate(self, pool: Pool) -> None:
        async with pool.connection() as connection:
            if await at_head(connection, POSTGRESQL, self._schema):
                return
        async with pool.transaction() as connection:
            await connection.fetch("SELECT pg_advisory_xact_lock($1::bigint)", _LOCK)
            await migrate(connection, POSTGRESQL, self._schema)

    async def _fetch(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        pool = self._pools.get(asyncio.get_running_loop()) or await self._pool()
        return await pool.fetch(sql, args)

    def look_up(
        self, read: KeyRead, key: Any, args: tuple[Any, ...]
    ) -> Awaitable[Row | None] | None:
        if self._running() is not None:
            return None
        loop = asyncio.get_running_loop()
        batches = self._batches.get(loop)
        if batches is None:
            batches = self._batches[loop] = Batches(self._fetch)
        return batches.read(read, key, args)

    def store_along(self, text: str, row: Sequence[Any]) -> Awaitable[None] | None:
        if self._running() is not None:
            return None
        loop = asyncio.get_running_loop()
        inserts = self._inserts.get(loop)
        if inserts is None:
            inserts = self._inserts[loop] = Inserts(self._execute)
        return inserts.store(text, row)

    def update_along(
        self, update: RowUpdate, row: Sequence[Any], args: tuple[Any, ...]
    ) -> Awaitable[Told] | None:
        if self._running() is not None:
            return None
        loop = asyncio.get_running_loop()
        updates = self._updates.get(loop)
        if updates is None:
            updates = self._updates[loop] = Updates(self._write)
        return updates.update(update, row, args)

    async def _execute(self, sql: str, args: tuple[Any, ...]) -> int:
        pool = self._pools.get(asyncio.get_running_loop()) or await self._pool()
        return await pool.execute(sql, args)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        pool = await self._pool()
        async with pool.transaction() as connection:
            yield connection


def _driver() -> Any:
    try:
        from . import postgres_driver
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise Unavailable("PostgreSQL needs its driver: install asyncpg") from error
    return postgres_driver
