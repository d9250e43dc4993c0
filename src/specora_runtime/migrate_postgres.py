"""Applies a plan to PostgreSQL by ALTER statements.

References are dropped first and added last, so that tables may change, and refer to each
other, in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .database import Connection
from .migrate_check import MigrationRefused
from .schema_diff import Change, Plan
from .schema_text import Column, Constraint, Index, Kind, Table, quote

_CONSTRAINTS = """
    SELECT c.conname::text AS name FROM pg_constraint AS c
    JOIN pg_class AS t ON t.oid = c.conrelid
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relname = $1::text
"""

_REFERENCES_OF = """
    SELECT t.relname::text AS "table", c.conname::text AS name
    FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid
    JOIN pg_class AS r ON r.oid = c.confrelid
    WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace
    AND $1::text IN (t.relname, r.relname)
"""

_CHECKS_OF_COLUMN = """
    SELECT c.conname::text AS name FROM pg_constraint AS c
    JOIN pg_class AS t ON t.oid = c.conrelid
    JOIN pg_attribute AS a ON a.attrelid = t.oid AND c.conkey = ARRAY[a.attnum]
    WHERE c.contype = 'c' AND t.relnamespace = current_schema()::regnamespace
    AND t.relname = $1::text AND a.attname = $2::text
"""


async def apply_postgres(connection: Connection, plan: Plan) -> None:
    """Run the plan's steps inside the caller's transaction."""
    for change in plan.changed:
        await _rename(connection, change)
    for function in filter(_is_function, plan.new.others):
        await connection.execute(function)
    for table in plan.created:
        await connection.execute(_without_references(table).text)
    for index in plan.dropped_indexes:
        await connection.execute(f"DROP INDEX IF EXISTS {quote(index.name)}")
    for change in plan.changed:
        await _drop(connection, change)
    for change in plan.changed:
        await _change_columns(connection, change)
    for change in plan.changed:
        for constraint in change.added_constraints:
            if constraint.kind is not Kind.FOREIGN:
                await _add(connection, change.new.name, constraint)
    for index in (*plan.created_indexes, *_indexes_of_derived(plan)):
        await connection.execute(index.text)
    await _add_references(connection, plan)
    for statement in plan.others:
        if not _is_function(statement):
            await connection.execute(statement)


def _is_function(statement: str) -> bool:
    """Columns may be made by functions, so that these come first."""
    return statement.startswith("CREATE OR REPLACE FUNCTION ")


def _indexes_of_derived(plan: Plan) -> Iterator[Index]:
    """The indexes that go with a column that is made anew."""
    for change in plan.changed:
        for column in change.dropped:
            for index in plan.new.indexes:
                if index.table == change.new.name and quote(column.name) in index.text:
                    yield index


async def _rename(connection: Connection, change: Change) -> None:
    if change.old.name != change.new.name:
        await connection.execute(
            f"ALTER TABLE {quote(change.old.name)} RENAME TO {quote(change.new.name)}"
        )
    for new, old in change.renamed.items():
        await _alter(
            connection, change.new, f"RENAME COLUMN {quote(old)} TO {quote(new)}"
        )


async def _alter(connection: Connection, table: Table, action: str) -> None:
    await connection.execute(f"ALTER TABLE {quote(table.name)} {action}")


def _without_references(table: Table) -> Table:
    plain = tuple(c for c in table.constraints if c.kind is not Kind.FOREIGN)
    return replace(table, constraints=plain)


async def _drop(connection: Connection, change: Change) -> None:
    for column in change.dropped:
        await _alter(connection, change.new, f"DROP COLUMN {quote(column.name)}")
    if change.retyped:
        # The two ends of a reference cannot change their type one after the other.
        for row in await connection.fetch(_REFERENCES_OF, change.new.name):
            await connection.execute(
                f"ALTER TABLE {quote(row['table'])} DROP CONSTRAINT {quote(row['name'])}"
            )
    for constraint in change.dropped_constraints:
        # A key takes the references to it along; `_add_references` adds them again.
        name = quote(constraint.name)
        await _alter(
            connection, change.new, f"DROP CONSTRAINT IF EXISTS {name} CASCADE"
        )


async def _change_columns(connection: Connection, change: Change) -> None:
    for column in change.added:
        await _alter(connection, change.new, f"ADD COLUMN {column.text}")
    for old, new in change.altered:
        await _change_column(connection, change, old, new)
    for column in change.new.columns:
        if change.before(column) is not None and not column.not_null:
            await _drop_not_null(connection, change.new, column)


async def _drop_not_null(connection: Connection, table: Table, column: Column) -> None:
    keys = [c.definition for c in table.constraints if c.kind is Kind.PRIMARY]
    if not any(quote(column.name) in key for key in keys) and not column.extras:
        await _alter(
            connection, table, f"ALTER COLUMN {quote(column.name)} DROP NOT NULL"
        )


async def _change_column(
    connection: Connection, change: Change, old: Column, new: Column
) -> None:
    name = quote(new.name)
    if old.checks != new.checks:
        await _drop_checks(connection, change, new)
    if old.extras != new.extras:
        await _change_identity(connection, change.new, old, new)
    if old.default is not None and (old.type != new.type or old.default != new.default):
        await _alter(connection, change.new, f"ALTER COLUMN {name} DROP DEFAULT")
    if old.type != new.type:
        plain = new.type.split(" COLLATE ")[0]
        using = f"ALTER COLUMN {name} TYPE {new.type} USING {name}::{plain}"
        await _alter(connection, change.new, using)
    if new.default is not None and (old.type != new.type or old.default != new.default):
        default = f"ALTER COLUMN {name} SET DEFAULT {new.default}"
        await _alter(connection, change.new, default)
    if new.not_null and not old.not_null:
        await _alter(connection, change.new, f"ALTER COLUMN {name} SET NOT NULL")
    if old.checks != new.checks:
        for text in new.checks:
            await _alter(connection, change.new, f"ADD {text}")


async def _drop_checks(connection: Connection, change: Change, column: Column) -> None:
    """Drop the checks that stand in the column's line, which PostgreSQL has named."""
    own = {constraint.name for constraint in change.old.constraints}
    for row in await connection.fetch(_CHECKS_OF_COLUMN, change.new.name, column.name):
        if row["name"] not in own:
            await _alter(
                connection, change.new, f"DROP CONSTRAINT {quote(row['name'])}"
            )


async def _change_identity(
    connection: Connection, table: Table, old: Column, new: Column
) -> None:
    name = quote(new.name)
    for extra in old.extras:
        if extra not in new.extras and _is_identity(table, new, extra):
            await _alter(
                connection, table, f"ALTER COLUMN {name} DROP IDENTITY IF EXISTS"
            )
    for extra in new.extras:
        if extra not in old.extras and _is_identity(table, new, extra):
            await _alter(connection, table, f"ALTER COLUMN {name} SET NOT NULL")
            await _alter(connection, table, f"ALTER COLUMN {name} ADD {extra}")
            await connection.fetch(
                "SELECT setval(pg_get_serial_sequence($1::text, $2::text), "
                f"(SELECT coalesce(max({name}), 0) + 1 FROM {quote(table.name)}), false)",
                quote(table.name),
                new.name,
            )


def _is_identity(table: Table, column: Column, extra: str) -> bool:
    if "IDENTITY" in extra.upper():
        return True
    raise MigrationRefused(
        table=table.name,
        column=column.name,
        reason=f"`{extra}` of a column that exists cannot be changed",
        help="change it by hand",
    )


async def _add(connection: Connection, table: str, constraint: Constraint) -> None:
    await connection.execute(f"ALTER TABLE {quote(table)} ADD {constraint.text}")


async def _add_references(connection: Connection, plan: Plan) -> None:
    for table in plan.new.tables:
        wanted = [c for c in table.constraints if c.kind is Kind.FOREIGN]
        if not wanted:
            continue
        rows = await connection.fetch(_CONSTRAINTS, table.name)
        present = {row["name"] for row in rows}
        for constraint in wanted:
            if constraint.name not in present:
                await _add(connection, table.name, constraint)
