"""What the page at depth 10,000 costs beside the first one, on 1,000,000 rows.

`python -m bench.paging [ROWS]` builds one table on SQLite and one on PostgreSQL, walks to the
row before page 10,000 by its sort keys, and prints the milliseconds of both pages and their
ratio, which has to stay at or below 2.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.postgres_server import new_database, postgres_server

from specora_runtime.cursor import scope, seal
from specora_runtime.database import Database
from specora_runtime.entity import Entity, Field, Type
from specora_runtime.listing import order_of
from specora_runtime.postgres import PostgresDatabase
from specora_runtime.query import Count, Filter, Op, Query, Sort
from specora_runtime.repository import SqlRepository
from specora_runtime.sqlite import SqliteDatabase

ROWS = 1_000_000
PAGE, DEPTH = 50, 10_000
ROUNDS = 15
MOST = 2.0

ENTITY = Entity(
    name="entry",
    table="entries",
    fields=(
        Field(name="id", type=Type.UUID, required=True),
        Field(name="title", type=Type.STRING, required=True),
        Field(name="kind", type=Type.STRING, required=True),
        Field(name="due", type=Type.DATETIME),
        Field(name="closed", type=Type.DATETIME),
        Field(name="created_at", type=Type.DATETIME, required=True),
    ),
)
SCHEMA = """
CREATE TABLE IF NOT EXISTS "entries" (
    "id" {uuid} NOT NULL,
    "title" {text} NOT NULL,
    "kind" {text} NOT NULL,
    "due" {time},
    "closed" {time},
    "created_at" {time} NOT NULL,
    CONSTRAINT "entries_pkey" PRIMARY KEY ("id")
);

CREATE INDEX IF NOT EXISTS "entries_kind_idx" ON "entries" ("kind");

CREATE INDEX IF NOT EXISTS "entries_due_idx" ON "entries" ("due");

CREATE INDEX IF NOT EXISTS "entries_created_at_idx" ON "entries" ("created_at");
"""

LIST = Query(limit=PAGE, count=Count.NONE)
OPEN = Filter("kind", Op.EQ, "open")
QUERIES = {
    "by key": LIST,
    "newest first": replace(LIST, sort=(Sort("created_at", descending=True),)),
    "newest first, filtered": replace(
        LIST, filters=(OPEN,), sort=(Sort("created_at", descending=True),)
    ),
    "nullable, nulls last": replace(LIST, sort=(Sort("due"),)),
    "nullable, nulls first": replace(LIST, sort=(Sort("due", descending=True),)),
    "nullable, nulls put first": replace(LIST, sort=(Sort("due", nulls_first=True),)),
    "nullable without an index": replace(LIST, sort=(Sort("closed"),)),
}
"""One row of five has no `due`; nine of ten are open."""


def _rows(count: int) -> Any:
    for n in range(count):
        # Keys in an order that has nothing to do with the times.
        key = (n * 2_654_435_761) % 2**32
        moment = f"20{n // 60 // 60 // 24 // 28 // 12 % 100:02}-"
        moment += f"{n // 60 // 60 // 24 // 28 % 12 + 1:02}-{n // 60 // 60 // 24 % 28 + 1:02}T"
        moment += f"{n // 60 // 60 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.000000Z"
        nullable = moment if n % 5 else None
        kind = "closed" if n % 10 == 3 else "open"
        yield (
            f"{key:08x}-0000-7000-8000-{n:012x}",
            f"entry {n}",
            kind,
            nullable,
            nullable,
            moment,
        )


async def _on_sqlite(folder: Path, count: int) -> Database:
    schema = folder / "schema.sqlite.sql"
    schema.write_text(SCHEMA.format(uuid="TEXT", text="TEXT", time="TEXT"), "utf-8")
    database = SqliteDatabase((ENTITY,), schema, folder / "entries.db")
    await database.open()
    connection = sqlite3.connect(folder / "entries.db")
    with connection:
        connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", _rows(count)
        )
    connection.execute("ANALYZE")
    connection.close()
    return database


async def _on_postgres(folder: Path, url: str, count: int) -> Database:
    schema = folder / "schema.sql"
    text = SCHEMA.format(uuid="uuid", text='text COLLATE "C"', time="timestamptz")
    schema.write_text(text, "utf-8")
    database = PostgresDatabase((ENTITY,), schema, url)
    await database.open()
    await database.execute(
        "INSERT INTO entries SELECT"
        " (lpad(to_hex((n * 2654435761) % 4294967296), 8, '0') || '-0000-7000-8000-'"
        " || lpad(to_hex(n), 12, '0'))::uuid, 'entry ' || n,"
        " CASE n % 10 WHEN 3 THEN 'closed' ELSE 'open' END,"
        " CASE WHEN n % 5 <> 0 THEN at END, CASE WHEN n % 5 <> 0 THEN at END, at"
        " FROM (SELECT n, timestamptz '2000-01-01' + n * interval '1 second' AS at"
        f" FROM generate_series(0::bigint, {count - 1}) AS n) AS rows"
    )
    await database.execute("ANALYZE entries")
    return database


async def _measured(work: Callable[[], Awaitable[object]]) -> float:
    """The least milliseconds of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


async def _compare(database: Database, rows: int) -> bool:
    members = {"entity": ENTITY, "database": database}
    repository: Any = type("Entries", (SqlRepository,), members)()
    holds = True
    for name, query in QUERIES.items():
        found = rows * 9 // 10 if query.filters else rows
        before = min(PAGE * (DEPTH - 1), found - 2 * PAGE) - 1
        (last,), _ = await repository.list(query=replace(query, limit=1, offset=before))
        keys = order_of(ENTITY, query)
        cursor = seal(scope(ENTITY, query, keys), [last[key.field] for key in keys])
        deep = replace(query, cursor=cursor)
        first = await _measured(lambda query=query: repository.page(query))  # type: ignore[misc]
        later = await _measured(lambda query=deep: repository.page(query))  # type: ignore[misc]
        verdict = "" if later <= MOST * first else "  TOO SLOW"
        holds = holds and not verdict
        print(
            f"  {name:<27}{first:9.2f} ms{later:9.2f} ms{later / first:7.2f} x{verdict}"
        )
    return holds


async def _measure(
    name: str, rows: int, opened: Callable[[Path], Awaitable[Database]]
) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        print(f"{name}, {rows:,} rows: first page, page {DEPTH:,}, ratio")
        database = await opened(Path(folder))
        try:
            return await _compare(database, rows)
        finally:
            await database.close()


def measure(rows: int = ROWS) -> bool:
    """Whether a deep page costs at most twice the first one, on both databases."""
    holds = asyncio.run(_measure("SQLite", rows, lambda f: _on_sqlite(f, rows)))
    with postgres_server() as server, new_database(server) as url:
        work = _measure("PostgreSQL", rows, lambda f: _on_postgres(f, url, rows))
        return asyncio.run(work) and holds


def main() -> int:
    """Measure; 1 where a bound is missed."""
    return 0 if measure(*map(int, sys.argv[1:2])) else 1


if __name__ == "__main__":
    sys.exit(main())
