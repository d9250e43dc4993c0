"""Statements over one entity's table, for either dialect.

Columns are quoted, values are parameters, and every statement that names rows takes its
condition from `row_predicate`. Static texts are built once per entity and dialect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias, assert_never

from .database import Dialect, Order, Row
from .entity import Entity, Field, Record, Type
from .query import Filter, Op, Query, Sort
from .values import Codec, comparand, decoder, encoder

Statement: TypeAlias = tuple[str, list[Any]]
"""Text and parameters."""

_PATTERNS: Final = frozenset({Type.STRING, Type.TEXT, Type.EMAIL})
_COMPARISONS: Final = {
    Op.EQ: "=",
    Op.NE: "<>",
    Op.GT: ">",
    Op.GTE: ">=",
    Op.LT: "<",
    Op.LTE: "<=",
}
_UPDATES: Final = 256
"""Update statements kept per table; clients choose the sets of columns."""
_CHANGE: Final = "NO KEY UPDATE"
"""Others may refer to a row while it changes; its DELETE waits for them."""
_LAST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


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
        where = _Where(self, query.filters)
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

    def count(self, query: Query) -> Statement:
        """How many rows pass the filters of `query`."""
        where = _Where(self, query.filters)
        return f"SELECT COUNT(*) AS total FROM {self.name}{where}", where.parameters


class _Where:
    """Conditions and their parameters; as text, the WHERE clause."""

    def __init__(self, table: Table, filters: Sequence[Filter]) -> None:
        self.table = table
        self.dialect = table.dialect
        self.parameters: list[Any] = []
        predicate = row_predicate(table.entity, table.dialect)
        self._conditions = [predicate] if predicate else []
        for one in filters:
            field = table.entity.by_name[one.field]
            self._conditions.append(self._condition(field, one.op, one.value))

    def __str__(self) -> str:
        if not self._conditions:
            return ""
        return " WHERE " + " AND ".join(self._conditions)

    def number(self, value: int) -> str:
        """`value` as a parameter of LIMIT or OFFSET."""
        self.parameters.append(value)
        return self.dialect.placeholder(len(self.parameters))

    def follow(self, terms: Sequence[Order], after: Sequence[Any]) -> None:
        """Only rows that come behind the keys `after`."""
        numbers = [
            None if value is None else self._bind(term.field, value)
            for term, value in zip(terms, after, strict=True)
        ]
        self._conditions.append(self.dialect.after(terms, numbers))
        term, number = terms[0], numbers[0]
        # Follows from the condition above; only this form bounds a range of an index.
        if len(terms) > 1 and number is not None:
            if term.descending:
                self._conditions.append(self._compare(term.field, "<=", number))
            elif term.field.required:
                self._conditions.append(self._compare(term.field, ">=", number))

    def _bind(self, field: Field, value: Any) -> int:
        self.parameters.append(self.table.comparands[field.name](value))
        return len(self.parameters)

    def _compare(self, field: Field, sign: str, number: int) -> str:
        left = self.dialect.compared(field)
        return f"{left} {sign} {self.dialect.parameter(field, number)}"

    def _condition(self, field: Field, op: Op, value: Any) -> str:
        match op:
            case Op.EQ | Op.NE | Op.GT | Op.GTE | Op.LT | Op.LTE:
                return self._compare(field, _COMPARISONS[op], self._bind(field, value))
            case Op.NULL:
                null = "IS NULL" if value else "IS NOT NULL"
                return f"{self.dialect.column(field)} {null}"
            case Op.IN | Op.NIN:
                return self._among(field, value, negated=op is Op.NIN)
            case Op.BETWEEN:
                low, high = (self._bind(field, bound) for bound in value)
                least = self._compare(field, ">=", low)
                return f"{least} AND {self._compare(field, '<=', high)}"
            case Op.CONTAINS if field.type is Type.ARRAY:
                return self.dialect.holds_items(field, self._bind(field, list(value)))
            case Op.CONTAINS:
                return self.dialect.contains(field, self._bind(field, value))
            case Op.STARTSWITH:
                return self._prefixed(field, value)
            case Op.ENDSWITH:
                return self.dialect.endswith(field, self._bind(field, value))
            case _:
                assert_never(op)

    def _among(self, field: Field, values: Sequence[Any], *, negated: bool) -> str:
        column = self.dialect.compared(field)
        if not values:
            return f"{column} IS NOT NULL" if negated else "1 = 0"
        wanted = ", ".join(
            self.dialect.parameter(field, self._bind(field, value)) for value in values
        )
        return f"{column} {'NOT IN' if negated else 'IN'} ({wanted})"

    def _prefixed(self, field: Field, prefix: str) -> str:
        number = self._bind(field, prefix)
        conditions = [self.dialect.startswith(field, number)]
        end = _end_of(prefix)
        # Text sorts by code point, so a prefix is also a range of an index.
        if field.type in _PATTERNS and prefix:
            conditions.append(self._compare(field, ">=", number))
            if end:
                conditions.append(self._compare(field, "<", self._bind(field, end)))
        return " AND ".join(conditions)


def _end_of(prefix: str) -> str:
    """The least text above all that start with `prefix`; empty where there is none."""
    kept = prefix.rstrip(chr(_LAST))
    if not kept:
        return ""
    point = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if point in _SURROGATES else point)


_tables: Final[dict[tuple[int, str], Table]] = {}


def table_of(entity: Entity, dialect: Dialect) -> Table:
    """The one `Table` of an entity and a dialect."""
    # Entities hold mappings and cannot be hashed; a kept table keeps its entity's id
    # taken.
    table = _tables.get((id(entity), dialect.name))
    if table is None:
        table = _tables[id(entity), dialect.name] = Table(entity, dialect)
    return table
