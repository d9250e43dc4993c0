"""The driver's side of PostgreSQL: sessions and statements whose errors are faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from .database import Connection, Row
from .errors import Unavailable
from .postgres_codecs import set_codecs
from .postgres_faults import DRIVER_ERRORS, asyncpg, fault, is_permanent
from .postgres_pool import SessionPool

_CONNECT_SECONDS = 10.0
_STATEMENTS = 1000


async def fetch(session: Any, sql: str, args: tuple[Any, ...]) -> list[Row]:
    """All rows of a statement."""
    try:
        return [dict(row) for row in await session.fetch(sql, *args)]
    except DRIVER_ERRORS as error:
        raise fault(error) from error


async def execute(session: Any, sql: str, args: tuple[Any, ...]) -> int:
    """The number of rows that a statement changed."""
    try:
        status = await session.execute(sql, *args)
    except DRIVER_ERRORS as error:
        raise fault(error) from error
    count = status.rpartition(" ")[2]
    return int(count) if count.isdigit() else 0


class _Port(Connection):
    def __init__(self, session: Any) -> None:
        self._session = session

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await fetch(self._session, sql, args)

    async def execute(self, sql: str, *args: Any) -> int:
        return await execute(self._session, sql, args)


class Pool:
    """The statements and transactions of one event loop."""

    def __init__(self, sessions: SessionPool) -> None:
        self._sessions = sessions

    async def close(self) -> None:
        """Close all sessions."""
        await self._sessions.close()

    async def fetch(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        """All rows of a statement."""
        async with self._session() as session:
            return await fetch(session, sql, args)

    async def execute(self, sql: str, args: tuple[Any, ...]) -> int:
        """The number of rows that a statement changed, in a transaction of its own."""
        async with self._session() as session:
            return await execute(session, sql, args)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection without a transaction."""
        async with self._session() as session:
            yield _Port(session)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction."""
        async with self._session() as session:
            await execute(session, "BEGIN", ())
            try:
                yield _Port(session)
            except Exception:
                # A lost connection has rolled back already, and its loss is being raised.
                with suppress(*DRIVER_ERRORS):
                    await session.execute("ROLLBACK")
                raise
            await execute(session, "COMMIT", ())

    def _session(self) -> _Lease:
        return _Lease(self._sessions)


class _Lease:
    """A session for the length of a block."""

    __slots__ = ("_session", "_sessions")

    def __init__(self, sessions: SessionPool) -> None:
        self._sessions = sessions
        self._session: Any = None

    async def __aenter__(self) -> Any:
        try:
            self._session = await self._sessions.acquire()
        except DRIVER_ERRORS as error:
            raise Unavailable(f"no connection to the database: {error!r}") from error
        return self._session

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        interrupted = kind is not None and not issubclass(kind, Exception)
        self._sessions.release(self._session, interrupted=interrupted)


async def connect(url: str, min_size: int, max_size: int, seconds: float) -> Pool:
    """A pool on `url`; a server that does not answer yet is tried for `seconds`."""
    sessions = SessionPool(lambda: _open(url), max_size)
    first = await _patiently(sessions, seconds)
    # The server answers, so more sessions open without being tried again.
    try:
        more = [await sessions.acquire() for _ in range(min_size - 1)]
    except DRIVER_ERRORS as error:
        raise Unavailable(f"no connection to the database: {error}") from error
    for session in (*more, first):
        sessions.release(session)
    return Pool(sessions)


async def _patiently(sessions: SessionPool, seconds: float) -> Any:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    delay = 0.05
    while True:
        try:
            return await sessions.acquire()
        except DRIVER_ERRORS as error:
            if is_permanent(error) or loop.time() + delay > deadline:
                raise Unavailable(f"no connection to the database: {error}") from error
        await asyncio.sleep(delay)
        delay = min(delay * 2, 1.0)


async def _open(url: str) -> Any:
    session = await asyncpg.connect(
        url,
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
    try:
        await set_codecs(session)
    except BaseException:
        session.terminate()
        raise
    return session
