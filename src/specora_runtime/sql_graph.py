"""The one statement of a walk through the graph.

A recursive table holds the keys that are reached, each kind of record under its number;
every table in it is seen through the row predicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from .carried import carried_record, reader_of
from .conditions import Where
from .database import Dialect, Row
from .entity import Entity, Field
from .query import Filter, Op, Query
from .sql import Statement, Table
from .visibility import Sight
from .walks import MAX_NODES, Node, Step, Walk

_decode: Final = msgspec.json.Decoder().decode


def graph_statement(
    table: Table, key: Sequence[Any], walk: Walk, sight: Sight
) -> Statement:
    """One row for each record that is reached: `kind`, `depth` and `record`."""
    wanted = zip(table.entity.key, key, strict=True)
    filters = tuple(Filter(name, Op.EQ, value) for name, value in wanted)
    query = Query(filters=filters)
    where = Where(table.entity, table.dialect, table.comparands, sight, query)
    return _Writer(walk, table.dialect, where).text(), where.parameters


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the statement of `walk`, whose first record is found by `where`."""

    walk: Walk
    dialect: Dialect
    where: Where

    def text(self) -> str:
        name = self._name()
        table = self.dialect.recursion(
            name,
            self._start(),
            [self._step(name, step) for step in self.walk.steps],
            self.walk.depth,
        )
        # Each record is met at most once on each level, so this many rows hold one more
        # record than is shown, or all there are.
        rows = (MAX_NODES + 1) * (self.walk.depth + 1)
        nodes = (
            f"SELECT kind, key, min(depth) AS depth"
            f" FROM (SELECT kind, key, depth FROM {name} LIMIT {rows}) AS met"
            f" GROUP BY kind, key ORDER BY min(depth) LIMIT {MAX_NODES + 1}"
        )
        cases = " ".join(
            f"WHEN {kind} THEN {self.dialect.json_query(self._record(kind, entity))}"
            for kind, entity in enumerate(self.walk.kinds)
        )
        return (
            f"{table} SELECT node.kind AS kind, node.depth AS depth,"
            f" CASE node.kind {cases} END AS record FROM ({nodes}) AS node"
        )

    def _name(self) -> str:
        """A name that no table of the walk has, for the recursive one."""
        taken = {entity.table.casefold() for entity in self.walk.kinds}
        name = "walk"
        while name in taken:
            name += "_"
        return self.dialect.quote(name)

    def _start(self) -> str:
        entity = self.walk.kinds[0]
        key = self.dialect.key_array(_key(entity))
        return f"SELECT 0, {key}, 0 FROM {self.dialect.quote(entity.table)}{self.where}"

    def _step(self, name: str, step: Step) -> tuple[str, str]:
        dialect, source = self.dialect, self.walk.kinds[step.source]
        target = step.relation.entity
        joined = [
            f"{dialect.compared(theirs, 't')} = {dialect.column(mine, 's')}"
            for mine, theirs in step.relation.pairs
        ]
        conditions = [
            f"{name}.kind = {step.source}",
            *self._same(source, "s", name, step.source),
            *joined,
            self.where.predicate(source, "s"),
            self.where.predicate(target, "t"),
        ]
        tables = (
            f"{dialect.quote(source.table)} AS s"
            f" CROSS JOIN {dialect.quote(target.table)} AS t"
        )
        what = f"{step.target}, {dialect.key_array(_key(target), 't')}"
        return what, f"{tables} WHERE {' AND '.join(filter(None, conditions))}"

    def _record(self, kind: int, entity: Entity) -> str:
        conditions = [
            *self._same(entity, "r", "node", kind),
            self.where.predicate(entity, "r"),
        ]
        return (
            f"SELECT {carried_record(entity, self.dialect, 'r')}"
            f" FROM {self.dialect.quote(entity.table)} AS r"
            f" WHERE {' AND '.join(filter(None, conditions))}"
        )

    def _same(self, entity: Entity, alias: str, walk: str, kind: int) -> Sequence[str]:
        """That a row is the one whose key a row of the walk holds.

        What holds the key of another kind must not be read as a key of this one.
        """
        dialect = self.dialect
        return [
            f"{dialect.compared(field, alias)} = CASE WHEN {walk}.kind = {kind}"
            f" THEN {dialect.key_item(field, f'{walk}.key', n)} END"
            for n, field in enumerate(_key(entity))
        ]


def _key(entity: Entity) -> list[Field]:
    return [entity.by_name[name] for name in entity.key]


def read_nodes(walk: Walk, dialect: Dialect, rows: Sequence[Row]) -> list[Node]:
    """The nodes in the rows of the statement."""
    readers = [reader_of(entity, dialect) for entity in walk.kinds]
    found = []
    for row in rows:
        record: Any = row["record"]
        if record is not None:
            kind = row["kind"]
            found.append(Node(kind, row["depth"], readers[kind](_decode(record))))
    return found
