"""PostgreSQL: sessions, races between connections, and servers that come and go."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from databases import Place

from postgres_server import new_folder, postgres_server
from specora_runtime.database import Connection, Database, retrying
from specora_runtime.errors import CheckViolation, Fault, Unavailable
from specora_runtime.postgres import PostgresDatabase


@pytest.fixture
def server(tmp_path: Path, postgres_url: str) -> Place:
    return Place("postgresql", tmp_path, postgres_url)


def test_settings_of_a_session(server: Place) -> None:
    async def work(database: Database) -> None:
        for name, value in (("application_name", "specora"), ("TimeZone", "UTC")):
            assert await database.fetch(f"SHOW {name}") == [{name: value}]

    server.run(work)


def test_serialization_failure_is_repeated(server: Place) -> None:
    async def work(database: Database) -> None:
        await database.execute("INSERT INTO things (id, name) VALUES (1, '0')")

        async def add(connection: Connection) -> None:
            await connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            row = await connection.fetch_one("SELECT name FROM things WHERE id = 1")
            assert row is not None
            await asyncio.sleep(0.01)
            sql = "UPDATE things SET name = $1::text WHERE id = 1"
            await connection.execute(sql, str(int(row["name"]) + 1))

        await asyncio.gather(*(retrying(database, add) for _ in range(3)))
        assert await database.fetch("SELECT name FROM things") == [{"name": "3"}]

    server.run(work)


def test_deadlock_is_repeated(server: Place) -> None:
    async def work(database: Database) -> None:
        await database.execute(
            "INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b')"
        )
        attempts = 0

        async def lock(connection: Connection, ids: tuple[int, int]) -> None:
            nonlocal attempts
            attempts += 1
            for id in ids:
                sql = "SELECT 1 FROM things WHERE id = $1::bigint FOR UPDATE"
                await connection.fetch(sql, id)
                await asyncio.sleep(0.05)

        await asyncio.gather(
            retrying(database, lambda c: lock(c, (1, 2))),
            retrying(database, lambda c: lock(c, (2, 1))),
        )
        assert attempts == 3

    server.run(work)


REFUSED_VALUES: list[tuple[str, Any]] = [
    ("SELECT $1::text::uuid", "no uuid"),
    ("SELECT $1::text", "a\x00"),
    ("SELECT $1::text", "\ud800"),
    ("SELECT $1::bigint::smallint", 70_000),
    ("SELECT $1::jsonb", "{"),
    ("SELECT $1::text::numeric(4, 2)", "12345"),
    ("SELECT 1 / $1::bigint", 0),
    ("SELECT $1::bigint", "text"),
    ("SELECT $1::timestamptz", "text"),
    ("SELECT $1::interval", "text"),
]


@pytest.mark.parametrize(("sql", "value"), REFUSED_VALUES)
def test_value_that_the_server_refuses(server: Place, sql: str, value: Any) -> None:
    async def work(database: Database) -> None:
        with pytest.raises(CheckViolation) as refusal:
            await database.fetch(sql, value)
        assert refusal.value.constraint is None
        with pytest.raises(CheckViolation):
            await database.execute(sql, value)

    server.run(work)


def test_lost_sessions(server: Place) -> None:
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    async def work(database: Database) -> None:
        other = server.open()
        await other.open()
        with pytest.raises(Unavailable):
            await lose(database, other, kill)
        for _ in range(3):
            await other.fetch(kill)
            await asyncio.sleep(0.05)
            assert await database.fetch("SELECT id FROM things") == []
        await other.close()

    server.run(work)


async def lose(database: Database, other: Database, kill: str) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO things (id, name) VALUES (1, 'a')")
        await other.fetch(kill)
        await asyncio.sleep(0.05)
        await connection.execute("INSERT INTO things (id, name) VALUES (2, 'b')")


def test_session_left_in_a_transaction_is_rolled_back(server: Place) -> None:
    async def work(database: Database) -> None:
        for _ in range(3):
            await database.execute(
                "BEGIN; INSERT INTO things (id, name) VALUES (1, 'a')"
            )
            assert await database.fetch("SELECT id FROM things") == []

    server.run(work)


def test_statement_survives_a_change_of_its_table(server: Place) -> None:
    async def work(database: Database) -> None:
        await database.execute("INSERT INTO things (id, name) VALUES (1, 'a')")

        async def read(connection: Connection) -> list[dict[str, Any]]:
            return await connection.fetch("SELECT * FROM things")

        before = await retrying(database, read)
        await database.execute("ALTER TABLE things ADD COLUMN more int")
        assert await retrying(database, read) == [{**before[0], "more": None}]
        assert await database.fetch("SELECT * FROM things") == [
            {**before[0], "more": None}
        ]

    server.run(work)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("/test_", "/missing_"),
        lambda url: url.split("host=")[0] + "host=/nonexistent",
        lambda url: "nonsense://x",
    ],
)
def test_server_that_is_not_there(server: Place, change: Any) -> None:
    file = server.folder / "empty.sql"
    file.write_text("")
    database = PostgresDatabase((), file, change(server.url), start_seconds=0.3)
    started = time.monotonic()
    for use in (database.open, database.ready, lambda: database.fetch("SELECT 1")):
        with pytest.raises(Unavailable):
            asyncio.run(use())
    assert time.monotonic() - started < 5


@pytest.mark.slow
def test_service_starts_before_its_server(tmp_path: Path) -> None:
    folder = new_folder()
    url = f"postgresql://postgres:@/postgres?host={folder / 'data'}"
    file = tmp_path / "empty.sql"
    file.write_text("")
    code = (
        "import asyncio, sys\n"
        "from specora_runtime.postgres import PostgresDatabase\n"
        "asyncio.run(PostgresDatabase((), sys.argv[1], sys.argv[2]).ready())\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code, str(file), url]
    with subprocess.Popen(command, env=environment) as service:
        time.sleep(0.5)
        assert service.poll() is None
        with postgres_server(folder):
            assert service.wait(30) == 0


def test_missing_driver_is_named(server: Place) -> None:
    code = (
        "import sys, asyncio\n"
        "sys.modules['asyncpg'] = None\n"
        "from specora_runtime.postgres import PostgresDatabase\n"
        "asyncio.run(PostgresDatabase((), 'none', 'postgresql://').open())\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stderr.strip().endswith("install asyncpg")


def test_full_pool_serves_everybody(server: Place) -> None:
    async def work(database: Database) -> None:
        async def add(id: int) -> None:
            async with database.transaction() as connection:
                sql = "INSERT INTO things (id, name) VALUES ($1::bigint, $1::bigint::text)"
                await connection.execute(sql, id)
                assert len(await database.fetch("SELECT id FROM things")) >= 1

        await asyncio.gather(*(add(id) for id in range(60)))
        assert len(await database.fetch("SELECT id FROM things")) == 60

    server.run(work)


def test_faults_leave_no_session_behind(server: Place) -> None:
    async def work(database: Database) -> None:
        for _ in range(30):
            with pytest.raises(Fault):
                await database.fetch("SELECT nothing")
            task = asyncio.create_task(database.fetch("SELECT pg_sleep(5)"))
            await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with asyncio.timeout(5):
            await asyncio.gather(*(database.fetch("SELECT 1") for _ in range(8)))

    server.run(work)
