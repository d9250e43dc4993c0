"""The part of a statement that brings related records along with each row.

One correlated subquery for each relation, inside one another, however deep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeAlias

import msgspec

from .carried import Reader, carried_record, reader_of
from .database import Dialect, Order
from .entity import Entity, Record
from .relations import RELATED, Expansion

Predicate: TypeAlias = Callable[[Entity, str], str]
"""The condition of the rows of an entity that a caller sees, by the table's alias."""

_decode: Final = msgspec.json.Decoder().decode


@dataclass(slots=True)
class Related:
    """Writes the subqueries of one statement over the table `root`."""

    dialect: Dialect
    root: str
    predicate: Predicate
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def column(self, expansions: Sequence[Expansion]) -> str:
        """The term of the select list, under the name `RELATED`."""
        return f"{self._all(self.root, expansions)} AS {self.dialect.quote(RELATED)}"

    def _all(self, parent: str, expansions: Sequence[Expansion]) -> str:
        queries = [self._query(parent, one) for one in expansions]
        return self.dialect.json_array(list(map(self.dialect.json_query, queries)))

    def _query(self, parent: str, expansion: Expansion) -> str:
        relation, dialect = expansion.relation, self.dialect
        alias = self._alias()
        extra = [self._all(alias, expansion.nested)] if expansion.nested else []
        record = carried_record(relation.entity, dialect, alias, extra)
        name = dialect.quote(alias)
        rows = (
            f"FROM {dialect.quote(relation.entity.table)} AS {name}"
            f" WHERE {self._joined(parent, alias, expansion)}"
        )
        if not relation.many:
            return f"SELECT {record} {rows} LIMIT 1"
        keys = map(relation.entity.by_name.__getitem__, relation.entity.key)
        order = dialect.order([Order(key) for key in keys], alias)
        # One row more than is shown tells whether there are more.
        some = f"SELECT {name}.* {rows} ORDER BY {order} LIMIT {expansion.limit + 1}"
        return f"SELECT {dialect.json_rows(record)} FROM ({some}) AS {name}"

    def _joined(self, parent: str, alias: str, expansion: Expansion) -> str:
        dialect = self.dialect
        conditions = [
            f"{dialect.compared(theirs, alias)} = {dialect.column(mine, parent)}"
            for mine, theirs in expansion.relation.pairs
        ]
        predicate = self.predicate(expansion.relation.entity, alias)
        return " AND ".join([*conditions, predicate] if predicate else conditions)

    def _alias(self) -> str:
        """A name that the root does not have."""
        names = (f"related {number}" for number in self._numbers)
        return next(name for name in names if name != self.root)


def related_reader(
    expansions: Sequence[Expansion], dialect: Dialect
) -> Callable[[Record], None]:
    """Turns the column `RELATED` of a row into what is related, one for each expansion."""
    read = _all_reader(expansions, dialect)

    def convert(record: Record) -> None:
        record[RELATED] = read(_decode(record[RELATED]))

    return convert


def _all_reader(expansions: Sequence[Expansion], dialect: Dialect) -> Reader:
    readers = [_reader(one, dialect) for one in expansions]
    return lambda found: [read(one) for read, one in zip(readers, found, strict=True)]


def _reader(expansion: Expansion, dialect: Dialect) -> Reader:
    """From what the subquery of `expansion` gives to a record, `None` or records."""
    plain = reader_of(expansion.relation.entity, dialect)
    nested = _all_reader(expansion.nested, dialect) if expansion.nested else None

    def one(array: list[Any]) -> Record:
        record: Record = plain(array)
        if nested is not None:
            record[RELATED] = nested(array[-1])
        return record

    if expansion.relation.many:
        return lambda found: [one(array) for array in found]
    return lambda found: None if found is None else one(found)
