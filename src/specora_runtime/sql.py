"""Statements over one entity's table, for either dialect.

Columns are quoted, values are parameters, and every statement that names rows takes its
condition from `row_predicate`. Static texts are built once per entity and dialect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

from .conditions import Where
from .database import Dialect, Order, Row
from .entity import Entity, Field, Record
from .query import Query, Sort
from .values import Codec, comparand, decoder, encoder

Statement: TypeAlias = tuple[str, list[Any]]
"""Text and parameters."""

_UPDATES: Final = 256
"""Update statements kept per table; clients choose the sets of columns."""
_CHANGE: Final = "NO KEY UPDATE"
"""Others may refer to a row while it changes; its DELETE waits for them."""


def row_predicate(entity: Entity, dialect: Dialect, alias: str = "") -> str:
    """The condition of the rows that a repository sees; empty where it sees all."""
    if not entity.soft_delete:
        return ""
    column = dialect.column(entity.by_name[entity.soft_delete], alias)
    return f"{column} IS NULL"


def lock(dialect: Dialect, strength: str) -> str:
    """The clause that keeps selected rows from changing before the commit.

    SQLite has one writer at a time and needs none.
    """
    return f" FOR {strength}" if dialect.name == "postgresql" else ""


def order_of(entity: Entity, sort: Sequence[Sort]) -> tuple[Sort, ...]:
    """`sort` with the primary key behind it, which makes the order total."""
    named = {key.field for key in sort}
    return (*sort, *(Sort(name) for name in entity.key if name not in named))


class Table:
    """The table of `entity` as `dialect` writes it."""

    def __init__(self, entity: Entity, dialect: Dialect) -> None:
        self.entity = entity
        self.dialect = dialect
        self.name = dialect.quote(entity.table)
        self.encoders: Mapping[str, Codec] = {
            field.name: encoder(field, dialect) for field in entity.fields
        }
        self.comparands: Mapping[str, Codec] = {
            field.name: comparand(field, dialect) for field in entity.fields
        }
        self._decoders = tuple(
            (field.name, decode)
            for field in entity.fields
            if (decode := decoder(field, dialect)) is not None
        )
        self.update = lru_cache(_UPDATES)(self._update)
        self._select = lru_cache(_UPDATES)(self._select_where)

    def read(self, row: Row) -> Record:
        """`row` itself, in native values."""
        for name, decode in self._decoders:
            value = row[name]
            if value is not None:
                row[name] = decode(value)
        return row

    @cached_property
    def columns(self) -> str:
        """The select list: every field under its own name."""
        return ", ".join(self.dialect.select(field) for field in self.entity.fields)

    def equal(self, names: Sequence[str], first: int = 1) -> str:
        """Rows whose fields `names` hold the parameters from `first` on."""
        fields = [self.entity.by_name[name] for name in names]
        return " AND ".join(
            f"{self.dialect.compared(field)} = {self.dialect.parameter(field, n)}"
            for n, field in enumerate(fields, first)
        )

    def visible(self, condition: str) -> str:
        """`condition`, and the row predicate."""
        predicate = row_predicate(self.entity, self.dialect)
        return f"{condition} AND {predicate}" if predicate else condition

    @cached_property
    def get(self) -> str:
        """The row of a key."""
        return self._select_where(self.entity.key, "")

    @cached_property
    def get_for_update(self) -> str:
        """The row of a key, locked until the commit."""
        return self._select_where(self.entity.key, _CHANGE)

    def rows_with(self, names: tuple[str, ...]) -> str:
        """The rows in which `names` hold the parameters."""
        return self._select(names, "")

    def rows_of(self, names: tuple[str, ...]) -> str:
        """The rows in which `names` hold the parameters, locked until the commit."""
        return self._select(names, _CHANGE)

    def _select_where(self, names: tuple[str, ...], strength: str) -> str:
        condition = self.visible(self.equal(names))
        locked = lock(self.dialect, strength) if strength else ""
        return f"SELECT {self.columns} FROM {self.name} WHERE {condition}{locked}"

    def exists(self, names: tuple[str, ...], *, hold: bool = False) -> str:
        """Whether a row has the parameters in `names`; `hold` keeps it from going."""
        condition = self.visible(self.equal(names))
        locked = lock(self.dialect, "SHARE") if hold else ""
        return f"SELECT 1 AS found FROM {self.name} WHERE {condition}{locked}"

    def count_of(self, names: tuple[str, ...], *, hidden: bool = False) -> str:
        """How many rows hold the parameters in `names`; `hidden` counts deleted ones."""
        same = self.equal(names)
        condition = same if hidden else self.visible(same)
        return f"SELECT COUNT(*) AS total FROM {self.name} WHERE {condition}"

    def all_of(self, names: tuple[str, ...]) -> str:
        """The rows in which `names` hold the parameters, deleted ones too.

        For naming what the database itself refuses, which sees all rows.
        """
        return f"SELECT {self.columns} FROM {self.name} WHERE {self.equal(names)}"

    @cached_property
    def inserted(self) -> tuple[Field, ...]:
        """The fields that an insert gives; the database counts the identity itself."""
        return tuple(f for f in self.entity.fields if f.computed != "identity")

    @cached_property
    def insert(self) -> str:
        """Store one row; its parameters are those of `inserted`."""
        columns = ", ".join(self.dialect.column(field) for field in self.inserted)
        values = ", ".join(
            self.dialect.parameter(field, n) for n, field in enumerate(self.inserted, 1)
        )
        return f"INSERT INTO {self.name} ({columns}) VALUES ({values})"

    @cached_property
    def insert_returning(self) -> str:
        """Store one row and read it back."""
        return f"{self.insert} RETURNING {self.columns}"

    def _update(self, names: tuple[str, ...]) -> str:
        """Set `names` (first parameters) in the row of a key (last parameters)."""
        assignments = ", ".join(
            f"{self.dialect.column(field)} = {self.dialect.parameter(field, n)}"
            for n, field in enumerate((self.entity.by_name[name] for name in names), 1)
        )
        condition = self.visible(self.equal(self.entity.key, len(names) + 1))
        return (
            f"UPDATE {self.name} SET {assignments} WHERE {condition}"
            f" RETURNING {self.columns}"
        )

    def clear(self, names: tuple[str, ...]) -> str:
        """Null `names` where they hold the parameters."""
        fields = [self.entity.by_name[name] for name in names]
        assignments = ", ".join(f"{self.dialect.column(f)} = NULL" for f in fields)
        condition = self.visible(self.equal(names))
        return f"UPDATE {self.name} SET {assignments} WHERE {condition}"

    @cached_property
    def delete(self) -> str:
        """Remove the row of a key."""
        return (
            f"DELETE FROM {self.name} WHERE {self.visible(self.equal(self.entity.key))}"
        )

    def parameters(self, names: Sequence[str], values: Mapping[str, Any]) -> list[Any]:
        """What `values` holds under `names`, as parameters."""
        return [self.encoders[name](values[name]) for name in names]

    def key_parameters(self, key: Sequence[Any]) -> list[Any]:
        """The values of a key, as parameters."""
        names = self.entity.key
        return [self.comparands[name](v) for name, v in zip(names, key, strict=True)]

    def page(
        self, query: Query, limit: int, after: Sequence[Any] | None = None
    ) -> Statement:
        """`limit` rows of `query`, behind the row whose sort keys hold `after`."""
        where = self._where(query)
        keys = order_of(self.entity, query.sort)
        terms = [Order(self.entity.by_name[key.field], key.descending) for key in keys]
        if after is not None:
            where.follow(terms, after)
        text = (
            f"SELECT {self.columns} FROM {self.name}{where}"
            f" ORDER BY {self.dialect.order(terms)}"
            f" LIMIT {where.number(limit)}"
        )
        if query.offset:
            text += f" OFFSET {where.number(query.offset)}"
        return text, where.parameters

    def _where(self, query: Query) -> Where:
        predicate = row_predicate(self.entity, self.dialect)
        return Where(
            self.entity, self.dialect, self.comparands, predicate, query.filters
        )

    def count(self, query: Query) -> Statement:
        """How many rows pass the filters of `query`."""
        where = self._where(query)
        return f"SELECT COUNT(*) AS total FROM {self.name}{where}", where.parameters


_tables: Final[dict[tuple[int, str], Table]] = {}


def table_of(entity: Entity, dialect: Dialect) -> Table:
    """The one `Table` of an entity and a dialect."""
    # Entities hold mappings and cannot be hashed; a kept table keeps its entity's id
    # taken.
    table = _tables.get((id(entity), dialect.name))
    if table is None:
        table = _tables[id(entity), dialect.name] = Table(entity, dialect)
    return table
