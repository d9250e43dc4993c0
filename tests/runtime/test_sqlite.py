"""SQLite: files shared by processes, memory of its own, and the lock between tasks."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from databases import SCHEMAS, Place

from specora_runtime.database import Connection, Database, retrying
from specora_runtime.errors import BadStatement, Retry, Unavailable
from specora_runtime.mutex import Mutex
from specora_runtime.sqlite import MemoryDatabase, SqliteDatabase


@pytest.fixture
def file(tmp_path: Path) -> Place:
    return Place("sqlite", tmp_path)


COUNTING = """
import asyncio, sys
from pathlib import Path
from databases import Place
from specora_runtime.database import retrying

async def add(connection):
    row = await connection.fetch_one("SELECT name FROM things WHERE id = 1")
    sql = "UPDATE things SET name = ?1 WHERE id = 1"
    await connection.execute(sql, str(int(row["name"]) + 1))

async def work(database):
    for _ in range(50):
        await retrying(database, add)

Place("sqlite", Path(sys.argv[1])).run(work)
"""


def test_processes_share_a_file(file: Place) -> None:
    file.run(lambda d: d.execute("INSERT INTO things (id, name) VALUES (1, '0')"))
    paths = [str(Path(__file__).parent), *filter(None, sys.path)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", COUNTING, str(file.folder)]
    counters = [subprocess.Popen(command, env=environment) for _ in range(4)]
    assert [counter.wait(60) for counter in counters] == [0, 0, 0, 0]
    rows = file.run(lambda database: database.fetch("SELECT name FROM things"))
    assert rows == [{"name": "200"}]


def test_settings_of_a_connection(file: Place) -> None:
    async def work(database: Database) -> None:
        async with database.transaction() as connection:
            for fetch in (connection.fetch, database.fetch):
                assert await fetch("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
                assert await fetch("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
                assert await fetch("PRAGMA synchronous") == [{"synchronous": 1}]
                assert await fetch("PRAGMA busy_timeout") == [{"timeout": 5000}]

    file.run(work)


def test_reader_does_not_wait_for_the_writer(file: Place) -> None:
    async def work(database: Database) -> None:
        writing, read = asyncio.Event(), asyncio.Event()

        async def write() -> None:
            async with database.transaction() as connection:
                await connection.execute(
                    "INSERT INTO things (id, name) VALUES (1, 'a')"
                )
                writing.set()
                await read.wait()

        task = asyncio.create_task(write())
        await writing.wait()
        async with asyncio.timeout(2):
            assert await database.fetch("SELECT id FROM things") == []
        read.set()
        await task
        assert await database.fetch("SELECT id FROM things") == [{"id": 1}]

    file.run(work)


def test_reading_connection_refuses_to_write(file: Place) -> None:
    async def work(database: Database) -> None:
        sql = "INSERT INTO things (id, name) VALUES (1, 'a') RETURNING id"
        with pytest.raises(Unavailable):
            await database.fetch(sql)
        assert await database.fetch("SELECT id FROM things") == []

    file.run(work)


def test_lock_of_another_process_is_a_race(
    file: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("specora_runtime.sqlite_driver.BUSY_SECONDS", 0.05)
    file.run(lambda database: database.open())
    other = sqlite3.connect(file.folder / "data" / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def work(database: Database) -> None:
        with pytest.raises(Retry):
            await database.execute("DELETE FROM things")

        async def delete(connection: Connection) -> None:
            await connection.execute("DELETE FROM things")

        with pytest.raises(Unavailable):
            await retrying(database, delete)
        other.execute("COMMIT")
        await retrying(database, delete)

    file.run(work)
    other.close()


def test_waiting_for_another_migration_keeps_references(
    file: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("specora_runtime.sqlite_driver.BUSY_SECONDS", 0.05)
    file.run(lambda database: database.open())
    schema = SCHEMAS["sqlite"] + "\n"
    checksum = hashlib.sha256(schema.encode()).hexdigest()
    path = file.folder / "data" / "test.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    insert = "INSERT INTO specora_schema (checksum, ddl) VALUES (?, ?)"
    other.execute(insert, (checksum, schema))
    end = threading.Timer(0.12, lambda: other.execute("COMMIT"))
    end.start()

    async def work(database: Database) -> None:
        async with database.transaction() as connection:
            assert await connection.fetch("PRAGMA foreign_keys") == [
                {"foreign_keys": 1}
            ]

    file.run(work, schema)
    end.join()
    other.close()


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(Unavailable):
        Place("sqlite", tmp_path).run(lambda database: database.open())


def test_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "test.db").write_bytes(b"x" * 4096)
    with pytest.raises(Unavailable):
        Place("sqlite", tmp_path).run(lambda database: database.open())


def test_memory_is_private(tmp_path: Path) -> None:
    schema = tmp_path / "schema.sql"
    schema.write_text(SCHEMAS["sqlite"])

    async def main() -> None:
        one, two = MemoryDatabase((), schema), MemoryDatabase((), schema)
        await one.execute("INSERT INTO things (id, name) VALUES (1, 'a')")
        assert await two.fetch("SELECT * FROM things") == []

    asyncio.run(main())


@pytest.mark.parametrize("store", ["memory", "sqlite"])
def test_loops_in_several_threads(tmp_path: Path, store: str) -> None:
    database = Place(store, tmp_path).open()
    failures: list[BaseException] = []

    async def add(connection: Connection) -> None:
        row = await connection.fetch_one("SELECT count(*) AS n FROM things")
        assert row is not None
        await asyncio.sleep(0)
        sql = "INSERT INTO things (id, name) VALUES (?1, ?2)"
        await connection.execute(sql, row["n"], str(row["n"]))

    async def main() -> None:
        for _ in range(40):
            await retrying(database, add)
            await database.fetch("SELECT * FROM things")

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []

    async def end() -> None:
        assert await database.fetch("SELECT count(*) AS n FROM things") == [{"n": 160}]
        await database.close()

    asyncio.run(end())


def test_mutex_is_fair_and_survives_cancellation() -> None:
    async def main() -> None:
        mutex = Mutex()
        order: list[int] = []

        async def hold(n: int) -> None:
            async with mutex:
                order.append(n)
                await asyncio.sleep(0)

        for round in range(50):
            order.clear()
            await mutex.acquire()
            tasks = [asyncio.create_task(hold(n)) for n in range(6)]
            await asyncio.sleep(0)
            mutex.release()
            for _ in range(round % 5):
                await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
            assert order == sorted(order)
            assert {1, 3, 5} <= set(order)
            await asyncio.wait_for(mutex.acquire(), 1)
            mutex.release()

    asyncio.run(main())


def test_statement_that_is_wrong(file: Place) -> None:
    async def work(database: Database) -> None:
        with pytest.raises(BadStatement):
            await database.fetch("SELECT ?1", object())

    file.run(work)


def test_close_and_use_again(file: Place) -> None:
    async def work(database: Database) -> None:
        assert isinstance(database, SqliteDatabase)
        await database.execute("INSERT INTO things (id, name) VALUES (1, 'a')")
        await database.close()
        await database.close()
        assert await database.fetch("SELECT id FROM things") == [{"id": 1}]

    file.run(work)
