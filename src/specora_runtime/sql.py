"""Statements over one entity's table, for either dialect.

Columns are quoted, values are parameters, and every statement that names rows takes what a
sight reaches of them from `visibility`. Static texts are built once per entity and dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import msgspec

from .conditions import Where
from .database import Dialect, Row
from .entity import Entity, Field, Record
from .listing import Listing
from .query import Filter, Op, Query
from .relations import Expansion
from .sql_related import Related, related_reader
from .values import Codec, comparand, decoder, encoder, storer
from .visibility import Deleted, Sight, row_parameters, row_predicate

Statement: TypeAlias = tuple[str, list[Any]]
"""Text and parameters."""

_TEXTS: Final = 256
"""Texts of one kind kept per table; clients choose the sets of columns of an update."""
_CHANGE: Final = "NO KEY UPDATE"
"""Others may refer to a row while it changes; its DELETE waits for them."""


def lock(dialect: Dialect, strength: str) -> str:
    """The clause that keeps selected rows from changing before the commit.

    SQLite has one writer at a time and needs none.
    """
    return f" FOR {strength}" if dialect.name == "postgresql" else ""


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
        self._update = lru_cache(_TEXTS)(self._update_text)
        self._select = lru_cache(_TEXTS)(self._select_text)
        self._rows = lru_cache(_TEXTS)(self._rows_text)

    def read(self, row: Row) -> Record:
        """`row` itself, in native values."""
        for name, decode in self._decoders:
            value = row[name]
            if value is not None:
                row[name] = decode(value)
        return row

    def reader(self, expand: tuple[Expansion, ...]) -> Callable[[Row], Record]:
        """`read` for rows that bring along what is related."""
        if not expand:
            return self.read
        related = related_reader(expand, self.dialect)

        def read(row: Row) -> Record:
            related(row)
            return self.read(row)

        return read

    @cached_property
    def columns(self) -> str:
        """The select list: every field under its own name."""
        return ", ".join(self.dialect.select(field) for field in self.entity.fields)

    @cached_property
    def returned(self) -> str:
        """What a statement that writes hands out: every field under its own name."""
        return ", ".join(self.dialect.returned(field) for field in self.entity.fields)

    def equal(self, names: Sequence[str], first: int = 1) -> str:
        """Rows whose fields `names` hold the parameters from `first` on."""
        fields = [self.entity.by_name[name] for name in names]
        return " AND ".join(
            f"{self.dialect.compared(field)} = {self.dialect.parameter(field, n)}"
            for n, field in enumerate(fields, first)
        )

    def reached(self, names: Sequence[str], sight: Sight, first: int = 1) -> str:
        """The rows that `sight` reaches and whose fields `names` hold the parameters."""
        same = self.equal(names, first)
        predicate = row_predicate(self.entity, self.dialect, sight, first + len(names))
        return f"{same} AND {predicate}" if predicate else same

    def seen(self, sight: Sight) -> list[Any]:
        """The parameters behind those of the fields, which `reached` counts on."""
        return row_parameters(self.entity, self.dialect, sight)

    def get(
        self,
        key: Sequence[Any],
        sight: Sight,
        *,
        for_update: bool = False,
        expand: tuple[Expansion, ...] = (),
    ) -> Statement:
        """The row of a key, locked until the commit where it is for an update."""
        if expand:
            return self._get_with(key, sight, expand)
        text = self._select(
            self.entity.key, kind_of(sight), _CHANGE if for_update else ""
        )
        return text, [*self.key_parameters(key), *self.seen(sight)]

    def rows_with(
        self, wanted: Mapping[str, Any], sight: Sight, *, for_update: bool = False
    ) -> Statement:
        """The rows that hold `wanted`, locked until the commit where they are for an update."""
        text = self._select(
            tuple(wanted), kind_of(sight), _CHANGE if for_update else ""
        )
        return text, self._holding(wanted, sight)

    def _get_with(
        self, key: Sequence[Any], sight: Sight, expand: tuple[Expansion, ...]
    ) -> Statement:
        filters = [
            Filter(name, Op.EQ, value)
            for name, value in zip(self.entity.key, key, strict=True)
        ]
        where = self._where(Query(filters=tuple(filters)), sight)
        text = f"SELECT {self._shown(expand, where)} FROM {self.name}{where}"
        return text, where.parameters

    def _shown(self, expand: tuple[Expansion, ...], where: Where) -> str:
        """The select list of records that are read."""
        if not expand:
            return self.columns
        # Of what is related, only what a read of it would find is shown.
        beside = where.sight._replace(deleted=Deleted.EXCLUDE)

        def predicate(entity: Entity, alias: str) -> str:
            return where.predicate(entity, alias, beside)

        related = Related(self.dialect, self.entity.table, predicate)
        return f"{self.columns}, {related.column(expand)}"

    def _select_text(self, names: tuple[str, ...], kind: Sight, strength: str) -> str:
        locked = lock(self.dialect, strength) if strength else ""
        return (
            f"SELECT {self.columns} FROM {self.name}"
            f" WHERE {self.reached(names, kind)}{locked}"
        )

    def exists(
        self, wanted: Mapping[str, Any], sight: Sight, *, hold: bool = False
    ) -> Statement:
        """Whether a row holds `wanted`; `hold` keeps it from going."""
        locked = lock(self.dialect, "SHARE") if hold else ""
        text = self._rows(tuple(wanted), kind_of(sight), "SELECT 1 AS found FROM")
        return text + locked, self._holding(wanted, sight)

    def count_of(self, wanted: Mapping[str, Any], sight: Sight) -> Statement:
        """How many rows hold `wanted`."""
        text = self._rows(
            tuple(wanted), kind_of(sight), "SELECT COUNT(*) AS total FROM"
        )
        return text, self._holding(wanted, sight)

    def delete(self, key: Sequence[Any], sight: Sight) -> Statement:
        """Remove the row of a key."""
        text = self._rows(self.entity.key, kind_of(sight), "DELETE FROM")
        return text, [*self.key_parameters(key), *self.seen(sight)]

    def clear(self, wanted: Mapping[str, Any], sight: Sight) -> Statement:
        """Null the fields of `wanted` in the rows that hold it."""
        columns = (self.dialect.column(self.entity.by_name[name]) for name in wanted)
        assignments = ", ".join(f"{column} = NULL" for column in columns)
        condition = self.reached(tuple(wanted), sight)
        text = f"UPDATE {self.name} SET {assignments} WHERE {condition}"
        return text, self._holding(wanted, sight)

    def _rows_text(self, names: tuple[str, ...], kind: Sight, verb: str) -> str:
        return f"{verb} {self.name} WHERE {self.reached(names, kind)}"

    def _holding(self, wanted: Mapping[str, Any], sight: Sight) -> list[Any]:
        return [*self.parameters(tuple(wanted), wanted), *self.seen(sight)]

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
    def _storers(self) -> tuple[tuple[str, Codec | None], ...]:
        return tuple((one.name, storer(one, self.dialect)) for one in self.inserted)

    def row(self, record: Record) -> list[Any]:
        """The parameters of `insert` for a record of canonical values."""
        return [
            value if store is None or value is None else store(value)
            for value, store in ((record[name], store) for name, store in self._storers)
        ]

    @cached_property
    def insert_returning(self) -> str:
        """Store one row and read it back."""
        return f"{self.insert} RETURNING {self.returned}"

    def update(
        self, names: tuple[str, ...], record: Record, before: Record, sight: Sight
    ) -> Statement:
        """Store what `record` holds in `names` in the row of `before`, and read it back."""
        text = self._update(names, kind_of(sight))
        key = self.parameters(self.entity.key, before)
        return text, [*self.parameters(names, record), *key, *self.seen(sight)]

    def _update_text(self, names: tuple[str, ...], kind: Sight) -> str:
        assignments = ", ".join(
            f"{self.dialect.column(field)} = {self.dialect.parameter(field, n)}"
            for n, field in enumerate((self.entity.by_name[name] for name in names), 1)
        )
        condition = self.reached(self.entity.key, kind, len(names) + 1)
        return (
            f"UPDATE {self.name} SET {assignments} WHERE {condition}"
            f" RETURNING {self.returned}"
        )

    def parameters(self, names: Sequence[str], values: Mapping[str, Any]) -> list[Any]:
        """What `values` holds under `names`, as parameters."""
        return [self.encoders[name](values[name]) for name in names]

    def key_parameters(self, key: Sequence[Any]) -> list[Any]:
        """The values of a key, as parameters."""
        names = self.entity.key
        return [self.comparands[name](v) for name, v in zip(names, key, strict=True)]

    def page(
        self,
        query: Query,
        limit: int,
        sight: Sight,
        after: Sequence[Any] | None = None,
    ) -> Statement:
        """`limit` rows of `query`, behind the row whose sort keys hold `after`."""
        where = self._where(query, sight)
        columns = self._shown(query.expand, where)
        return Listing(self, query, where, columns).statement(limit, after)

    def _where(self, query: Query, sight: Sight) -> Where:
        return Where(self.entity, self.dialect, self.comparands, sight, query)

    def count(self, query: Query, sight: Sight) -> Statement:
        """How many rows pass the filters of `query`."""
        where = self._where(query, sight)
        return f"SELECT COUNT(*) AS total FROM {self.name}{where}", where.parameters

    @property
    def estimates(self) -> bool:
        """Whether the database knows about how many rows a statement would find."""
        return self.dialect.name == "postgresql"

    def estimate(self, query: Query, sight: Sight) -> Statement:
        """What PostgreSQL's planner expects `count` to find, as JSON."""
        where = self._where(query, sight)
        text = f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {self.name}{where}"
        return text, where.parameters


def planned_rows(plan: Any) -> int:
    """How many rows the plan of `Table.estimate` expects."""
    tree = msgspec.json.decode(plan) if isinstance(plan, str) else plan
    return int(tree[0]["Plan"]["Plan Rows"])


_KINDS: Final[dict[tuple[Deleted, bool], Sight]] = {
    (kind, every): Sight(deleted=kind, every_tenant=every)
    for kind in Deleted
    for every in (False, True)
}


def kind_of(sight: Sight) -> Sight:
    """The sight of any tenant for which the texts are those of `sight`."""
    return _KINDS[sight.deleted, sight.every_tenant]


_tables: Final[dict[tuple[int, str], Table]] = {}


def table_of(entity: Entity, dialect: Dialect) -> Table:
    """The one `Table` of an entity and a dialect."""
    # Entities hold mappings and cannot be hashed; a kept table keeps its entity's id
    # taken.
    table = _tables.get((id(entity), dialect.name))
    if table is None:
        table = _tables[id(entity), dialect.name] = Table(entity, dialect)
    return table
