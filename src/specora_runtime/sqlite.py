"""SQLite: one writer in its own thread, a few readers, and the same over memory.

Several processes may share a file: WAL keeps readers and the one writer apart.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from . import sqlite_driver as driver
from .database import SQLITE, Connection, Database, Row
from .entity import Entity
from .errors import Fault, Retry, Unavailable
from .migrate import MigrationRefused, SchemaFile, at_head, migrate
from .mutex import Mutex

T = TypeVar("T")

_READERS = 4
_OPEN_ATTEMPTS = 6


class _Sqlite(Database):
    """What a file and memory share: one writing connection behind one lock."""

    dialect = SQLITE

    def __init__(self, entities: Sequence[Entity], schema_file: str | Path) -> None:
        super().__init__(entities)
        self._schema = SchemaFile(Path(schema_file))
        self._mutex = Mutex()
        self._writer: Connection | None = None
        """The open writing connection; used only by the holder of the lock."""

    async def open(self) -> None:
        if self._writer is not None:
            return
        async with self._mutex:
            if self._writer is None:
                await self._open()

    async def close(self) -> None:
        async with self._mutex:
            if self._writer is not None:
                self._writer = None
                await self._close()

    async def ready(self) -> None:
        try:
            await self.open()
            rows = await self.fetch(self._schema.latest)
        except (MigrationRefused, Retry) as fault:
            raise Unavailable(str(fault)) from fault
        if not rows or rows[0]["checksum"] != self._schema.checksum:
            raise Unavailable("the schema of the database is not this service's")

    @abstractmethod
    async def _open(self) -> None: ...

    @abstractmethod
    async def _close(self) -> None: ...

    async def _migrate(self, connection: Connection) -> None:
        if await at_head(connection, SQLITE, self._schema):
            return
        # Rebuilding a table drops it, which must not reach the rows that refer to it.
        await connection.execute("PRAGMA foreign_keys = OFF")
        await connection.execute("BEGIN IMMEDIATE")
        await migrate(connection, SQLITE, self._schema)
        await connection.execute("COMMIT")
        await connection.execute("PRAGMA foreign_keys = ON")


class _Direct(Connection):
    """Runs statements on the calling thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.raw = connection

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return driver.fetch(self.raw, sql, args)

    async def execute(self, sql: str, *args: Any) -> int:
        return driver.execute(self.raw, sql, args)


class MemoryDatabase(_Sqlite):
    """A private database in memory; its statements run on the loop's own thread.

    A read waits for a running transaction of another task, so rows that are not
    committed are never seen.
    """

    async def _open(self) -> None:
        connection = _Direct(driver.connect(":memory:"))
        try:
            await self._migrate(connection)
        except BaseException:
            connection.raw.close()
            raise
        self._writer = self._port = connection

    async def _close(self) -> None:
        self._port.raw.close()

    async def _fetch(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        return await self._alone(driver.fetch_alone, sql, args)

    async def _execute(self, sql: str, args: tuple[Any, ...]) -> int:
        return await self._alone(driver.execute_alone, sql, args)

    async def _alone(
        self, call: Callable[..., T], sql: str, args: tuple[Any, ...]
    ) -> T:
        if self._writer is None:
            await self.open()
        async with self._mutex:
            return call(self._port.raw, sql, args)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        await self.open()
        async with self._mutex:
            raw = self._port.raw
            driver.begin(raw)
            try:
                yield self._port
            except BaseException:
                driver.rollback(raw)
                raise
            driver.commit(raw)


class _Threaded(Connection):
    """Runs statements on the writer's thread."""

    def __init__(
        self, connection: sqlite3.Connection, thread: ThreadPoolExecutor
    ) -> None:
        self.raw = connection
        self.thread = thread

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        return await self.call(driver.fetch, sql, args)

    async def execute(self, sql: str, *args: Any) -> int:
        return await self.call(driver.execute, sql, args)

    async def call(self, function: Callable[..., T], *args: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, function, self.raw, *args)


class SqliteDatabase(_Sqlite):
    """A database in a file, which other processes may use at the same time."""

    def __init__(
        self, entities: Sequence[Entity], schema_file: str | Path, path: str | Path
    ) -> None:
        super().__init__(entities, schema_file)
        self._path = Path(path)
        self._readers: _Readers

    async def _open(self) -> None:
        thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        loop = asyncio.get_running_loop()
        opened = thread.submit(_connect_writer, self._path)
        try:
            connection = _Threaded(await asyncio.wrap_future(opened, loop=loop), thread)
            await self._migrate_patiently(connection)
        except BaseException:
            # Closing rolls back; it also takes place where this task is cancelled.
            thread.submit(_close_opened, opened)
            thread.shutdown(wait=False)
            raise
        self._readers = _Readers(self._path)
        self._writer = self._port = connection

    async def _migrate_patiently(self, connection: _Threaded) -> None:
        """Another process may be migrating for longer than a statement waits."""
        for attempt in range(_OPEN_ATTEMPTS):
            try:
                return await self._migrate(connection)
            except Retry as fault:
                await connection.call(driver.rollback)
                await connection.execute("PRAGMA foreign_keys = ON")
                if attempt + 1 == _OPEN_ATTEMPTS:
                    raise Unavailable(
                        f"{self._path} is locked by another process"
                    ) from fault
        return None

    async def _close(self) -> None:
        port = self._port
        await port.call(sqlite3.Connection.close)
        port.thread.shutdown()
        self._readers.close()

    async def _fetch(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        if self._writer is None:
            await self.open()
        return await self._readers.fetch(sql, args)

    async def _write(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        await self.open()
        await self._mutex.acquire()
        return await self._last(driver.fetch_alone, sql, args)

    async def _execute(self, sql: str, args: tuple[Any, ...]) -> int:
        await self.open()
        await self._mutex.acquire()
        return await self._last(driver.execute_alone, sql, args)

    async def _last(self, function: Callable[..., T], *args: Any) -> T:
        """Run what ends the lock: it is free when that is done, even after a cancellation."""
        done = self._port.thread.submit(function, self._port.raw, *args)
        done.add_done_callback(lambda _: self._mutex.release())
        return await asyncio.shield(asyncio.wrap_future(done))

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        await self.open()
        await self._mutex.acquire()
        port, end = self._port, driver.rollback
        try:
            await port.call(driver.begin)
            yield port
            end = driver.commit
        finally:
            # The thread runs it behind whatever statement of this task is still running.
            await self._last(end)


def _connect_writer(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(str(error)) from error
    connection = driver.connect(str(path))
    try:
        for attempt in range(_OPEN_ATTEMPTS):
            try:
                # The switch to WAL does not wait for other connections by itself.
                driver.run(connection, "PRAGMA journal_mode = WAL")
                break
            except Retry:
                if attempt + 1 == _OPEN_ATTEMPTS:
                    raise
                threading.Event().wait(0.05 * 2**attempt)
    except Fault:
        connection.close()
        raise
    return connection


def _close_opened(opened: Any) -> None:
    if not opened.cancelled() and opened.exception() is None:
        opened.result().close()


class _Readers:
    """Threads with a read-only connection each."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")

    async def fetch(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._run, sql, args)

    def _run(self, sql: str, args: tuple[Any, ...]) -> list[Row]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = driver.connect(self._path)
            driver.run(connection, "PRAGMA query_only = ON")
            self._all.append(connection)
            self._local.connection = connection
        return driver.fetch(connection, sql, args)

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._all:
            connection.close()
