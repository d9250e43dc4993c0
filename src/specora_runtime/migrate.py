"""Brings a database to the generated schema, in one transaction that the caller opens.

What the tables hold is kept: a table or column that the schema does not name stays, and a
change that would lose values or that rows do not satisfy is refused.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from .database import Connection, Dialect
from .errors import (
    CheckViolation,
    Fault,
    ForeignKeyViolation,
    NotNullViolation,
    UniqueViolation,
)
from .migrate_check import MigrationRefused, check
from .migrate_postgres import apply_postgres
from .migrate_sqlite import apply_sqlite
from .schema_diff import Plan, plan
from .schema_text import Table, Tables, parse_schema

__all__ = ["MigrationRefused", "SchemaFile", "at_head", "migrate"]

_VIOLATIONS = (UniqueViolation, ForeignKeyViolation, CheckViolation, NotNullViolation)


class SchemaFile:
    """The generated schema of a service."""

    latest = "SELECT checksum, ddl FROM specora_schema ORDER BY id DESC LIMIT 1"
    """The statement that reads what the database has."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def text(self) -> str:
        """The statements."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def checksum(self) -> str:
        """What tells one schema from another."""
        return hashlib.sha256(self.text.encode()).hexdigest()


_EXISTS = {
    "sqlite": "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?1",
    "postgresql": "SELECT 1 AS found FROM information_schema.tables"
    " WHERE table_schema = current_schema() AND table_name = $1::text",
}

_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(?1)",
    "postgresql": "SELECT column_name::text AS name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND table_name = $1::text",
}

_OWN = {
    "sqlite": (
        (
            "CREATE TABLE IF NOT EXISTS specora_schema ("
            "id INTEGER PRIMARY KEY AUTOINCREMENT, checksum TEXT NOT NULL, ddl TEXT NOT NULL, "
            "applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')))"
        ),
        (
            "CREATE TABLE IF NOT EXISTS specora_sequences ("
            "name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL)"
        ),
        (
            "CREATE TABLE IF NOT EXISTS specora_outbox (id TEXT NOT NULL PRIMARY KEY, "
            "entity TEXT NOT NULL, record TEXT NOT NULL, name TEXT NOT NULL, "
            "payload TEXT NOT NULL, created_at TEXT NOT NULL, published_at TEXT)"
        ),
        (
            "CREATE INDEX IF NOT EXISTS specora_outbox_waiting ON specora_outbox (id) "
            "WHERE published_at IS NULL"
        ),
        (
            "CREATE TABLE IF NOT EXISTS specora_idempotency (id TEXT NOT NULL PRIMARY KEY, "
            "fingerprint TEXT NOT NULL, created_at TEXT NOT NULL, status INTEGER, "
            "headers TEXT, body BLOB)"
        ),
        (
            "CREATE INDEX IF NOT EXISTS specora_idempotency_age "
            "ON specora_idempotency (created_at)"
        ),
    ),
    "postgresql": (
        (
            "CREATE TABLE IF NOT EXISTS specora_schema ("
            "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, checksum text NOT NULL, "
            "ddl text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
        ),
        (
            "CREATE TABLE IF NOT EXISTS specora_sequences ("
            'name text COLLATE "C" PRIMARY KEY, value bigint NOT NULL)'
        ),
        (
            "CREATE TABLE IF NOT EXISTS specora_outbox ("
            'id text COLLATE "C" PRIMARY KEY, entity text NOT NULL, record text NOT NULL, '
            "name text NOT NULL, payload jsonb NOT NULL, created_at timestamptz NOT NULL, "
            "published_at timestamptz)"
        ),
        (
            "CREATE INDEX IF NOT EXISTS specora_outbox_waiting ON specora_outbox (id) "
            "WHERE published_at IS NULL"
        ),
        (
            "CREATE TABLE IF NOT EXISTS specora_idempotency ("
            'id text COLLATE "C" PRIMARY KEY, fingerprint text NOT NULL, '
            "created_at timestamptz NOT NULL, status bigint, headers text, body bytea)"
        ),
        (
            "CREATE INDEX IF NOT EXISTS specora_idempotency_age "
            "ON specora_idempotency (created_at)"
        ),
    ),
}


async def at_head(connection: Connection, dialect: Dialect, schema: SchemaFile) -> bool:
    """Whether the database has exactly this schema."""
    for table in ("specora_schema", "specora_idempotency"):
        # A database of a former version of this code may lack the later tables.
        if await connection.fetch_one(_EXISTS[dialect.name], table) is None:
            return False
    latest = await connection.fetch_one(schema.latest)
    return latest is not None and latest["checksum"] == schema.checksum


async def migrate(connection: Connection, dialect: Dialect, schema: SchemaFile) -> None:
    """Apply what is missing. Raises `MigrationRefused`; the caller then rolls back."""
    for statement in _OWN[dialect.name]:
        await connection.execute(statement)
    # Another process may have applied it while this one waited for the lock.
    latest = await connection.fetch_one(schema.latest)
    if latest is not None and latest["checksum"] == schema.checksum:
        return
    old = parse_schema(latest["ddl"]) if latest is not None else Tables()
    wanted = parse_schema(schema.text)
    adopted = await _adopted(connection, dialect, old, wanted)
    steps = plan(Tables((*old.tables, *adopted), old.indexes, old.others), wanted)
    await check(connection, dialect, steps)
    await _apply(connection, dialect, steps)
    await connection.execute(
        "INSERT INTO specora_schema (checksum, ddl) "
        f"VALUES ({dialect.placeholder(1)}, {dialect.placeholder(2)})",
        schema.checksum,
        steps.new.text,
    )


async def _apply(connection: Connection, dialect: Dialect, steps: Plan) -> None:
    apply = apply_sqlite if dialect.name == "sqlite" else apply_postgres
    try:
        await apply(connection, steps)
    except MigrationRefused:
        raise
    except _VIOLATIONS as violation:
        raise _refusal(violation) from violation


def _refusal(violation: Fault) -> MigrationRefused:
    constraint = getattr(violation, "constraint", None)
    return MigrationRefused(
        table=constraint or "",
        column="",
        reason=f"rows that exist do not satisfy it: {violation}",
        help="change the rows, or the contract",
    )


async def _adopted(
    connection: Connection, dialect: Dialect, old: Tables, wanted: Tables
) -> list[Table]:
    """Tables that somebody else created: taken as they are when no column is missing."""
    adopted: list[Table] = []
    for table in wanted.tables:
        if old.table(table.name) is not None:
            continue
        rows = await connection.fetch(_COLUMNS[dialect.name], table.name)
        names = {row["name"] for row in rows}
        if not names:
            continue
        for column in table.columns:
            if column.name not in names:
                raise MigrationRefused(
                    table=table.name,
                    column=column.name,
                    reason="the table exists, this service did not create it, "
                    "and it does not have this column",
                    help="add the column by hand, or give the entity another `table`",
                )
        adopted.append(table)
    return adopted
