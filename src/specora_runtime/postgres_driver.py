"""The driver's side of PostgreSQL: an asyncpg pool whose errors are faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from .database import Connection, Row
from .errors import Unavailable
from .postgres_codecs import set_codecs
from .postgres_faults import DRIVER_ERRORS, asyncpg, fault, is_permanent

_CONNECT_SECONDS = 10.0
_ACQUIRE_SECONDS = 30.0
_STATEMENTS = 1000


class _Port(Connection):
    def __init__(self, session: Any) -> None:
        self._session = session

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        try:
            return [dict(row) for row in await self._session.fetch(sql, *args)]
        except DRIVER_ERRORS as error:
            raise fault(error) from error

    async def execute(self, sql: str, *args: Any) -> int:
        try:
            status = await self._session.execute(sql, *args)
        except DRIVER_ERRORS as error:
            raise fault(error) from error
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0


class Pool:
    """The connections of one event loop."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def close(self) -> None:
        """Wait for the connections in use and close all."""
        await self._pool.close()

    def terminate(self) -> None:
        """Close all connections at once."""
        self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection without a transaction."""
        session = await self._acquire()
        try:
            yield _Port(session)
        finally:
            await self._release(session)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction."""
        session = await self._acquire()
        try:
            transaction = session.transaction()
            await _begin(transaction)
            try:
                yield _Port(session)
            except BaseException:
                # A lost connection has rolled back already, and its loss is being raised.
                with suppress(*DRIVER_ERRORS):
                    await transaction.rollback()
                raise
            await _commit(transaction)
        finally:
            await self._release(session)

    async def _acquire(self) -> Any:
        try:
            return await self._pool.acquire(timeout=_ACQUIRE_SECONDS)
        except DRIVER_ERRORS as error:
            raise Unavailable(f"no connection to the database: {error!r}") from error

    async def _release(self, session: Any) -> None:
        # The pool drops a connection that cannot be reset.
        with suppress(*DRIVER_ERRORS):
            await self._pool.release(session)


async def _begin(transaction: Any) -> None:
    try:
        await transaction.start()
    except DRIVER_ERRORS as error:
        raise fault(error) from error


async def _commit(transaction: Any) -> None:
    try:
        await transaction.commit()
    except DRIVER_ERRORS as error:
        raise fault(error) from error


async def connect(url: str, min_size: int, max_size: int, seconds: float) -> Pool:
    """A pool on `url`; a server that does not answer yet is tried for `seconds`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    delay = 0.05
    while True:
        try:
            return Pool(await _create(url, min_size, max_size))
        except DRIVER_ERRORS as error:
            if is_permanent(error) or loop.time() + delay > deadline:
                raise Unavailable(f"no connection to the database: {error}") from error
        await asyncio.sleep(delay)
        delay = min(delay * 2, 1.0)


async def _create(url: str, min_size: int, max_size: int) -> Any:
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        init=set_codecs,
        reset=_keep,
        timeout=_CONNECT_SECONDS,
        statement_cache_size=_STATEMENTS,
        max_cached_statement_lifetime=0,
        server_settings={
            "application_name": "specora",
            "timezone": "UTC",
            # Compiling a statement takes longer than any statement of a request.
            "jit": "off",
        },
    )


async def _keep(session: Any) -> None:
    """Leave a session as it is, instead of the driver's reset query.

    That would double the server's work per request, and nothing here changes the state of
    a session. The driver itself has rolled back what was open.
    """
