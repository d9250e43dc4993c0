"""Refuses a migration that would lose values or that rows do not satisfy.

Every question is asked of the rows as they will be: a SELECT over the stored table under
the columns' next names and types, before anything is changed.
"""

from __future__ import annotations

import re

from .database import Connection, Dialect
from .errors import BadStatement, CheckViolation, Fault
from .schema_diff import Change, Plan
from .schema_text import (
    Column,
    Constraint,
    Index,
    Kind,
    bracketed,
    listed,
    quote,
    unquote,
)

_REFERENCES = re.compile(r'.*?REFERENCES ("(?:[^"]|"")+")', re.DOTALL | re.IGNORECASE)
_DIRECTION = re.compile(r"\s+(?:ASC|DESC|NULLS FIRST|NULLS LAST)\b", re.IGNORECASE)
_CHANGE_ROWS = "change these rows, or the contract"


class MigrationRefused(Fault):
    """A change of the schema that the rows in the database do not allow."""

    def __init__(self, *, table: str, column: str, reason: str, help: str) -> None:
        self.table = table
        self.column = column
        """Empty where the fault is the table's or a constraint's of several columns."""
        self.reason = reason
        self.help = help
        place = f"{table}.{column}" if column else table
        super().__init__(f"the database cannot be migrated: {place}: {reason}; {help}")


async def check(connection: Connection, dialect: Dialect, plan: Plan) -> None:
    """Raise `MigrationRefused` for the first change that cannot be made."""
    for change in plan.changed:
        examination = _Examination(connection, dialect, plan, change)
        if await examination.rows():
            await examination.run()
    for index in plan.created_indexes:
        stored = plan.sources.get(index.table)
        if index.unique and stored is not None:
            await _check_unique_index(connection, dialect, plan, index)


def rows_to_be(dialect: Dialect, plan: Plan, table: str) -> str | None:
    """A bracketed SELECT of a table's rows as they will be; `None` for a new table."""
    stored = plan.sources.get(table)
    if stored is None:
        return None
    change = plan.change(table)
    if change is None:
        return quote(stored)
    terms = ", ".join(
        f"{_value_to_be(dialect, change, column)} AS {quote(column.name)}"
        for column in change.new.columns
        if not column.is_derived
    )
    return f"(SELECT {terms} FROM {quote(stored)})"


def _value_to_be(dialect: Dialect, change: Change, column: Column) -> str:
    before = change.before(column)
    stored = "NULL" if column.default is None else f"({column.default})"
    if before is None and column.is_counted:
        stored = "row_number() OVER ()"
    if before is not None:
        stored = quote(before.name)
        if before.type == column.type:
            return stored
    return cast(dialect, stored, column.type)


def cast(dialect: Dialect, expression: str, type: str) -> str:
    """`expression` converted to the type of a column."""
    plain = type.split(" COLLATE ")[0]
    if dialect.name == "sqlite":
        return f"CAST({expression} AS {plain})" if plain else expression
    return f"({expression})::{plain}"


async def _count(connection: Connection, sql: str) -> int:
    row = await connection.fetch_one(sql)
    return int(row["n"] or 0) if row else 0


def _duplicates(source: str, columns: list[str], condition: str = "") -> str:
    given = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    where = f"{given} AND ({condition})" if condition else given
    return (
        f"SELECT sum(n) AS n FROM (SELECT count(*) AS n FROM {source} AS held "
        f"WHERE {where} GROUP BY {', '.join(columns)} HAVING count(*) > 1) AS many"
    )


async def _check_unique_index(
    connection: Connection, dialect: Dialect, plan: Plan, index: Index
) -> None:
    inside, rest = bracketed(index.definition)
    columns = [_DIRECTION.sub("", part) for part in listed(inside)]
    condition = re.sub(r"^\s*WHERE\s", "", rest, flags=re.IGNORECASE).strip()
    source = rows_to_be(dialect, plan, index.table)
    assert source is not None
    n = await _count(connection, _duplicates(source, columns, condition))
    if n:
        raise MigrationRefused(
            table=index.table,
            column=unquote(columns[0]) if len(columns) == 1 else "",
            reason=f"{n} rows share values that `{index.name}` allows once",
            help=_CHANGE_ROWS,
        )


class _Examination:
    """The questions about one table that exists and has rows."""

    def __init__(
        self, connection: Connection, dialect: Dialect, plan: Plan, change: Change
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._plan = plan
        self._change = change
        self._table = change.new.name

    async def rows(self) -> int:
        return await self._count(
            f"SELECT count(*) AS n FROM {quote(self._change.old.name)}"
        )

    async def run(self) -> None:
        await self._check_added()
        for old, new in self._change.retyped:
            await self._check_type(old, new)
        source = rows_to_be(self._dialect, self._plan, self._table)
        assert source is not None
        await self._check_columns(source)
        for constraint in self._change.added_constraints:
            await self._check_constraint(source, constraint)

    async def _check_added(self) -> None:
        for column in self._change.added:
            needed = column.not_null and not column.is_counted
            if needed and column.default in (None, "NULL"):
                raise self._refused(
                    column.name,
                    f"a required column is new, and {await self.rows()} rows have no value",
                    "give the field a `default`, or do not require it",
                )

    async def _check_type(self, old: Column, new: Column) -> None:
        lossy = (
            self._lossy_sqlite
            if self._dialect.name == "sqlite"
            else self._lossy_postgres
        )
        try:
            n = await lossy(old, new)
        except (CheckViolation, BadStatement) as fault:
            reason = f"`{old.type}` cannot become `{new.type}`: {fault}"
            raise self._refused(new.name, reason, _CHANGE_ROWS) from fault
        if n:
            reason = f"{n} rows have values that `{new.type}` cannot hold unchanged"
            raise self._refused(new.name, reason, _CHANGE_ROWS)

    async def _lossy_postgres(self, old: Column, new: Column) -> int:
        stored = quote(old.name)
        to = cast(self._dialect, stored, new.type)
        if (
            old.type.startswith(("text", "varchar", "character"))
            and "(" not in new.type
        ):
            # A value that text can spell in several ways comes back in another one.
            back = f"{to} IS NULL"
        else:
            back = f"{cast(self._dialect, to, old.type)} IS DISTINCT FROM {stored}"
        return await self._count(
            f"SELECT count(*) AS n FROM {quote(self._change.old.name)} "
            f"WHERE {stored} IS NOT NULL AND {back}"
        )

    async def _lossy_sqlite(self, old: Column, new: Column) -> int:
        """Copy the values: what keeps another storage class does not convert unchanged."""
        await self._connection.execute(
            f"CREATE TEMP TABLE specora_probe (value {new.type})"
        )
        await self._connection.execute(
            f"INSERT INTO specora_probe SELECT {quote(old.name)} "
            f"FROM {quote(self._change.old.name)} WHERE {quote(old.name)} IS NOT NULL"
        )
        n = await self._count(
            "SELECT count(*) AS n FROM specora_probe "
            f"WHERE typeof(value) NOT IN ({_storage_classes(new.type)})"
        )
        await self._connection.execute("DROP TABLE specora_probe")
        return n

    async def _check_columns(self, source: str) -> None:
        for column in self._change.new.columns:
            before = self._change.before(column)
            if column.not_null and before is not None and not before.not_null:
                n = await self._count(
                    f"SELECT count(*) AS n FROM {source} AS held "
                    f"WHERE {quote(column.name)} IS NULL"
                )
                if n:
                    raise self._refused(
                        column.name, f"{n} rows have no value for it", _CHANGE_ROWS
                    )
            for text in column.checks:
                if before is None or text not in before.checks:
                    await self._check_condition(source, text, column.name)
            for extra in column.extras:
                if before is None or extra not in before.extras:
                    await self._check_extra(source, extra, column.name)

    async def _check_extra(self, source: str, extra: str, column: str) -> None:
        if extra.upper().startswith("REFERENCES"):
            extra = f"FOREIGN KEY ({quote(column)}) {extra}"
        elif extra.upper().startswith("UNIQUE"):
            extra = f"UNIQUE ({quote(column)})"
        else:
            return
        await self._check_constraint(
            source, Constraint(f"{self._table}_{column}", extra)
        )

    async def _check_constraint(self, source: str, constraint: Constraint) -> None:
        match constraint.kind:
            case Kind.CHECK:
                await self._check_condition(source, constraint.definition, "")
            case Kind.UNIQUE | Kind.PRIMARY:
                await self._check_unique(source, constraint)
            case Kind.FOREIGN:
                await self._check_reference(source, constraint)
            case Kind.OTHER:
                pass

    async def _check_condition(self, source: str, text: str, column: str) -> None:
        condition, _ = bracketed(text[text.upper().index("CHECK") :])
        n = await self._count(
            f"SELECT count(*) AS n FROM {source} AS {quote(self._table)} WHERE NOT ({condition})"
        )
        if n:
            raise self._refused(column, f"{n} rows break `{text}`", _CHANGE_ROWS)

    async def _check_unique(self, source: str, constraint: Constraint) -> None:
        columns = listed(bracketed(constraint.definition)[0])
        n = await self._count(_duplicates(source, columns))
        if constraint.kind is Kind.PRIMARY:
            missing = " OR ".join(f"{column} IS NULL" for column in columns)
            n += await self._count(
                f"SELECT count(*) AS n FROM {source} AS held WHERE {missing}"
            )
        if n:
            column = unquote(columns[0]) if len(columns) == 1 else ""
            reason = f"{n} rows share values that `{constraint.name}` allows once"
            raise self._refused(column, reason, _CHANGE_ROWS)

    async def _check_reference(self, source: str, constraint: Constraint) -> None:
        match = _REFERENCES.match(constraint.definition)
        assert match is not None
        target, rest = unquote(match[1]), constraint.definition[match.end() :]
        columns = listed(bracketed(constraint.definition)[0])
        if not rest.lstrip().startswith("("):
            return
        wanted = listed(bracketed(rest)[0])
        where = " AND ".join(f"held.{column} IS NOT NULL" for column in columns)
        target_rows = rows_to_be(self._dialect, self._plan, target)
        if target_rows is not None:
            same = " AND ".join(
                f"found.{there} = held.{here}"
                for here, there in zip(columns, wanted, strict=True)
            )
            where += (
                f" AND NOT EXISTS (SELECT 1 FROM {target_rows} AS found WHERE {same})"
            )
        n = await self._count(
            f"SELECT count(*) AS n FROM {source} AS held WHERE {where}"
        )
        if n:
            column = unquote(columns[0]) if len(columns) == 1 else ""
            reason = f"{n} rows refer to no row of `{target}`"
            raise self._refused(column, reason, _CHANGE_ROWS)

    async def _count(self, sql: str) -> int:
        return await _count(self._connection, sql)

    def _refused(self, column: str, reason: str, help: str) -> MigrationRefused:
        return MigrationRefused(
            table=self._table, column=column, reason=reason, help=help
        )


def _storage_classes(type: str) -> str:
    """The storage classes that a column of `type` should hold, by SQLite's affinity rules."""
    upper = type.upper()
    if "INT" in upper:
        return "'integer'"
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return "'text'"
    if "BLOB" in upper:
        return "'blob'"
    if any(word in upper for word in ("REAL", "FLOA", "DOUB")):
        return "'real'"
    return "'integer', 'real', 'text', 'blob'"
