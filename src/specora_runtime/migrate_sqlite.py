"""Applies a plan to SQLite: a changed table is rebuilt, as SQLite's documentation describes.

The caller has switched foreign keys off, which is possible only outside a transaction.
"""

from __future__ import annotations

from .database import Connection
from .migrate_check import MigrationRefused
from .migrate_search import drop_searches, is_of_search, make_searches
from .schema_diff import Change, Plan
from .schema_text import Index, Table, quote


async def apply_sqlite(connection: Connection, plan: Plan) -> None:
    """Run the plan's steps inside the caller's transaction."""
    await drop_searches(connection, plan)
    for change in plan.changed:
        if change.old.name != change.new.name:
            old, new = quote(change.old.name), quote(change.new.name)
            await connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
    for table in plan.created:
        await connection.execute(table.text)
    for index in plan.dropped_indexes:
        await connection.execute(f"DROP INDEX IF EXISTS {quote(index.name)}")
    for change in plan.changed:
        await _rebuild(connection, change)
    for index in _indexes_to_create(plan):
        await connection.execute(index.text)
    for statement in plan.others:
        if not is_of_search(statement):
            await connection.execute(statement)
    await make_searches(connection, plan)
    await _check_references(connection)


def _indexes_to_create(plan: Plan) -> list[Index]:
    """New indexes, and those that went with a rebuilt table."""
    rebuilt = {change.new.name for change in plan.changed}
    return [
        i for i in plan.new.indexes if i in plan.created_indexes or i.table in rebuilt
    ]


async def _rebuild(connection: Connection, change: Change) -> None:
    table = change.new
    building = Table(
        f"specora_new_{table.name}", table.columns, table.constraints, table.options
    )
    await connection.execute(building.text)
    copied = [c for c in table.columns if change.stored_as(c) and not c.is_derived]
    targets = ", ".join(quote(column.name) for column in copied)
    sources = ", ".join(quote(change.stored_as(column) or "") for column in copied)
    if copied:
        await connection.execute(
            f"INSERT INTO {quote(building.name)} ({targets}) "
            f"SELECT {sources} FROM {quote(table.name)}"
        )
    if "AUTOINCREMENT" in building.text.upper():
        await _keep_counter(connection, table.name, building.name)
    await connection.execute(f"DROP TABLE {quote(table.name)}")
    await connection.execute(
        f"ALTER TABLE {quote(building.name)} RENAME TO {quote(table.name)}"
    )


async def _keep_counter(connection: Connection, old: str, new: str) -> None:
    """A number that a deleted row had is not given again."""
    row = await connection.fetch_one(
        "SELECT seq FROM sqlite_sequence WHERE name = ?1", old
    )
    if row is None:
        return
    await connection.execute("DELETE FROM sqlite_sequence WHERE name = ?1", new)
    await connection.execute(
        "INSERT INTO sqlite_sequence VALUES (?1, ?2)", new, row["seq"]
    )


async def _check_references(connection: Connection) -> None:
    broken = await connection.fetch("PRAGMA foreign_key_check")
    if broken:
        table, parent = broken[0]["table"], broken[0]["parent"]
        n = sum(row["table"] == table for row in broken)
        raise MigrationRefused(
            table=table,
            column="",
            reason=f"{n} rows refer to no row of `{parent}`",
            help="change these rows, or the contract",
        )
