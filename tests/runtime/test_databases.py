"""What memory, SQLite and PostgreSQL have in common."""

from __future__ import annotations

import asyncio

import pytest
from databases import Place

from specora_runtime.database import Connection, Database, retrying
from specora_runtime.errors import (
    BadStatement,
    CheckViolation,
    Fault,
    ForeignKeyViolation,
    NotNullViolation,
    Retry,
    Unavailable,
    UniqueViolation,
)

ADD = "INSERT INTO things (id, name) VALUES ({0}, '{0}')"


async def add(target: Database | Connection, id: int, name: str = "") -> int:
    sql = f"INSERT INTO things (id, name) VALUES ({id}, '{name or id}')"
    return await target.execute(sql)


async def ids(target: Database | Connection) -> list[int]:
    rows = await target.fetch("SELECT id FROM things ORDER BY id")
    return [row["id"] for row in rows]


async def in_transaction(database: Database, *statements: str) -> None:
    async with database.transaction() as connection:
        for statement in statements:
            await connection.execute(statement)


def test_rows_changed(place: Place) -> None:
    async def work(database: Database) -> None:
        assert await add(database, 1) == 1
        assert await add(database, 2) == 1
        assert await database.execute("UPDATE things SET owner_id = NULL") == 2
        assert await database.execute("DELETE FROM things WHERE id = 9") == 0
        assert await database.fetch_one("SELECT name FROM things WHERE id = 2") == {
            "name": "2"
        }
        assert await database.fetch_one("SELECT name FROM things WHERE id = 3") is None

    place.run(work)


def test_returning(place: Place) -> None:
    async def work(database: Database) -> None:
        async with database.transaction() as connection:
            sql = "INSERT INTO things (id, name) VALUES (1, 'a') RETURNING id, name"
            assert await connection.fetch(sql) == [{"id": 1, "name": "a"}]
        assert await ids(database) == [1]

    place.run(work)


def test_transaction_is_all_or_nothing(place: Place) -> None:
    async def work(database: Database) -> None:
        with pytest.raises(BadStatement):
            await in_transaction(database, ADD.format(1), "SELECT nothing FROM things")
        assert await ids(database) == []
        async with database.transaction() as connection:
            await add(connection, 1)
            assert await ids(connection) == [1]
        assert await ids(database) == [1]

    place.run(work)


def test_nested_transaction_joins_the_outer_one(place: Place) -> None:
    async def work(database: Database) -> None:
        async with database.transaction() as outer:
            await add(outer, 1)
            assert await ids(database) == [1]
            with pytest.raises(UniqueViolation):
                await in_transaction(database, ADD.format(2), ADD.format(2))
            async with database.transaction():
                await add(database, 3)
        assert await ids(database) == [1, 3]

    place.run(work)


VIOLATIONS: list[tuple[str, type[Fault]]] = [
    ("INSERT INTO things (id, name) VALUES (1, 'b')", UniqueViolation),
    ("INSERT INTO things (id, name) VALUES (2, 'a')", UniqueViolation),
    ("INSERT INTO things (id, name) VALUES (2, 'too long')", CheckViolation),
    ("INSERT INTO things (id) VALUES (2)", NotNullViolation),
    ("INSERT INTO things (id, name, owner_id) VALUES (2, 'b', 7)", ForeignKeyViolation),
    ("SELECT nothing FROM things", BadStatement),
]


@pytest.mark.parametrize(("sql", "fault"), VIOLATIONS)
def test_violation(place: Place, sql: str, fault: type[Fault]) -> None:
    async def work(database: Database) -> None:
        await add(database, 1, "a")
        for target in (database.fetch, database.execute):
            if target == database.fetch and not sql.startswith("SELECT"):
                continue
            with pytest.raises(fault):
                await target(sql)
        with pytest.raises(fault):
            await in_transaction(database, ADD.format(5), sql)
        assert await ids(database) == [1]

    place.run(work)


def test_violation_tells_its_key(place: Place) -> None:
    async def work(database: Database) -> None:
        await add(database, 1, "a")
        with pytest.raises(UniqueViolation) as unique:
            await add(database, 2, "a")
        assert unique.value.constraint == "things_name_key" or unique.value.columns == (
            "name",
        )
        with pytest.raises(NotNullViolation) as missing:
            await database.execute("INSERT INTO things (id) VALUES (2)")
        assert missing.value.column == "name"
        with pytest.raises(CheckViolation) as check:
            await add(database, 2, "too long")
        assert check.value.constraint == "things_name_check"

    place.run(work)


def test_integer_beyond_64_bits_is_a_fault(place: Place) -> None:
    async def work(database: Database) -> None:
        for n in (2**63, -(2**70)):
            placeholder = database.dialect.placeholder(1)
            with pytest.raises(CheckViolation):
                await database.fetch(
                    f"SELECT name FROM things WHERE id = {placeholder}", n
                )
            with pytest.raises(CheckViolation):
                await database.execute(
                    f"DELETE FROM things WHERE id = {placeholder}", n
                )

    place.run(work)


def test_cancelled_transaction_is_rolled_back(place: Place) -> None:
    async def work(database: Database) -> None:
        await database.open()
        for delay in (0.0, 0.0002, 0.001, 0.003, 0.01):
            started = asyncio.Event()

            async def write(started: asyncio.Event = started) -> None:
                async with database.transaction() as connection:
                    started.set()
                    for id in range(100_000):
                        await add(connection, id)

            task = asyncio.create_task(write())
            await started.wait()
            await asyncio.sleep(delay)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(5):
                async with database.transaction() as connection:
                    assert await ids(connection) == []
                assert await ids(database) == []

    if place.store == "memory":
        pytest.skip("statements in memory never yield to the loop")
    place.run(work)


def test_cancelled_waiting_writer_leaves_the_lock(place: Place) -> None:
    async def work(database: Database) -> None:
        async def write(id: int) -> None:
            async with database.transaction() as connection:
                await add(connection, id)
                await asyncio.sleep(0.01)

        tasks = [asyncio.create_task(write(id)) for id in range(20)]
        await asyncio.sleep(0.02)
        for task in tasks[5:15]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        done = [id for id, task in enumerate(tasks) if not task.cancelled()]
        assert await ids(database) == done
        assert set(done) >= {0, 19}

    place.run(work)


def test_reader_never_sees_uncommitted_rows(place: Place) -> None:
    async def work(database: Database) -> None:
        async def write(id: int) -> None:
            async with database.transaction() as connection:
                await add(connection, id)
                await asyncio.sleep(0.001)
                await add(connection, id + 1)

        async def read() -> None:
            for _ in range(50):
                assert len(await ids(database)) % 2 == 0
                await asyncio.sleep(0.0005)

        await asyncio.gather(read(), *(write(id) for id in range(0, 20, 2)))
        assert await ids(database) == list(range(20))

    place.run(work)


def test_retrying(place: Place) -> None:
    async def work(database: Database) -> None:
        attempts = 0

        async def race(connection: Connection) -> int:
            nonlocal attempts
            attempts += 1
            await add(connection, attempts)
            if attempts < 4:
                raise Retry
            return attempts

        assert await retrying(database, race) == 4
        assert await ids(database) == [4]

        async def hopeless(connection: Connection) -> None:
            raise Retry

        with pytest.raises(Unavailable):
            await retrying(database, hopeless)

    place.run(work)


def test_second_loop(place: Place) -> None:
    """A database outlives the loop that opened it, even one closed in a transaction."""
    database = place.open()

    async def first() -> None:
        await add(database, 1)
        transaction = database.transaction()
        connection = await transaction.__aenter__()
        await add(connection, 2)
        abandoned.append(transaction)

    async def second() -> list[int]:
        await add(database, 3)
        async with database.transaction() as connection:
            await add(connection, 4)
        found = await ids(database)
        await database.close()
        return found

    abandoned: list[object] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(first())
    loop.close()
    if place.store == "postgresql":
        # The server drops the row with the session; the client has only lost sight of it.
        database = place.open()
    assert asyncio.run(second()) == [1, 3, 4]


def test_ready(place: Place) -> None:
    async def work(database: Database) -> None:
        await database.ready()
        await database.execute("UPDATE specora_schema SET checksum = 'another'")
        with pytest.raises(Unavailable):
            await database.ready()

    place.run(work)


def test_text_operators(place: Place) -> None:
    from specora_runtime.entity import Field, Type

    name = Field(name="name", type=Type.STRING, required=True)

    async def work(database: Database) -> None:
        for id, text in enumerate(("a%b", "a_b", "éß🎈", "Ab", "")):
            p = database.dialect.placeholder
            sql = f"INSERT INTO things (id, name) VALUES ({id}, {p(1)})"
            await database.execute(sql, text)

        async def found(condition: str, needle: str) -> list[int]:
            sql = f"SELECT id FROM things WHERE {condition} ORDER BY id"
            return [row["id"] for row in await database.fetch(sql, needle)]

        dialect = database.dialect
        assert await found(dialect.contains(name, 1), "%") == [0]
        assert await found(dialect.contains(name, 1), "b") == [0, 1, 3]
        assert await found(dialect.contains(name, 1), "") == [0, 1, 2, 3, 4]
        assert await found(dialect.startswith(name, 1), "a") == [0, 1]
        assert await found(dialect.startswith(name, 1), "éß") == [2]
        assert await found(dialect.endswith(name, 1), "🎈") == [2]
        assert await found(dialect.endswith(name, 1), "xx a_b") == []
        assert await found(dialect.endswith(name, 1), "") == [0, 1, 2, 3, 4]

    place.run(work)
