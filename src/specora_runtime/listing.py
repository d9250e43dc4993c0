"""The statement of one page: its order, and where it goes on.

Where nulls lead or end an order, a page is read in two arms, rows with null and rows
without: each follows an index, which no single condition over both does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .conditions import Where
from .database import Order
from .entity import Entity, Field
from .query import Query, Sort
from .search import RANK, ROW

if TYPE_CHECKING:
    from .sql import Statement, Table


def order_of(entity: Entity, query: Query) -> tuple[Sort, ...]:
    """The whole order of a query: its keys, else a search's rank, then the primary key."""
    keys = query.sort or ((Sort(RANK.name),) if query.search else ())
    named = {key.field for key in keys}
    return (*keys, *(Sort(name) for name in entity.key if name not in named))


class Listing:
    """One query of a table, with the conditions that all of its rows meet."""

    def __init__(self, table: Table, query: Query, where: Where, columns: str) -> None:
        self.table = table
        self.dialect = table.dialect
        self.query = query
        self.where = where
        self.terms = [
            Order(key_field(table.entity, key.field), key.descending, key.nulls_first)
            for key in order_of(table.entity, query)
        ]
        self.columns = columns
        self.source = table.name
        if self.terms[0].field is RANK:
            rank = self.dialect.quote(RANK.name)
            self.columns += f", {rank}"
            ranked = f"SELECT *, {where.rank(query.search)} AS {rank} FROM {table.name}"
            # Under the table's own name, so that every other condition reads as ever.
            self.source = f"({self._keeping_rows(ranked)}) AS {table.name}"

    def _keeping_rows(self, ranked: str) -> str:
        """On SQLite a search names rows by number, which `*` leaves out."""
        if self.dialect.name == "postgresql":
            return ranked
        return ranked.replace("SELECT *", f'SELECT {ROW} AS "{ROW}", *', 1)

    def statement(self, limit: int, after: Sequence[Any] | None) -> Statement:
        """The text and its parameters."""
        number = self.where.number(limit)
        arms = self._arms(after)
        if len(arms) == 1:
            text = self._select(*arms[0], number)
            if self.query.offset:
                text += f" OFFSET {self.where.number(self.query.offset)}"
        else:
            parts = (f"SELECT * FROM ({self._select(*arm, number)})" for arm in arms)
            named = (f"{part} AS arm{n}" for n, part in enumerate(parts))
            text = f"{' UNION ALL '.join(named)} LIMIT {number}"
        return text, self.where.parameters

    def _select(self, condition: str, terms: Sequence[Order], limit: str) -> str:
        return (
            f"SELECT {self.columns} FROM {self.source}{self.where.clause(condition)}"
            f" ORDER BY {self._order(terms)} LIMIT {limit}"
        )

    def _order(self, terms: Sequence[Order]) -> str:
        """The terms, as columns of the table where the select list shows others by a name.

        PostgreSQL takes a bare name for the shown one, which no index follows.
        """
        select, column = self.dialect.select, self.dialect.column
        bare = all(select(term.field) == column(term.field) for term in terms)
        return self.dialect.order(terms, "" if bare else self.table.entity.table)

    def _arms(self, after: Sequence[Any] | None) -> list[tuple[str, list[Order]]]:
        """Conditions and orders whose rows, one after the other, are the page."""
        first, *rest = self.terms
        if first.field.required or self.query.offset:
            behind = "" if after is None else self.where.behind(self.terms, after)
            return [(behind, self.terms)]
        column = self.dialect.column(first.field)
        none, some = f"{column} IS NULL", f"{column} IS NOT NULL"
        # Without nulls, an order needs no place for them and follows the index.
        plain = [Order(_required(first.field), first.descending), *rest]
        arms = [(none, rest or self.terms), (some, plain)]
        if not first.leads_with_null:
            arms.reverse()
        if after is None:
            return arms
        in_first = (after[0] is None) == first.leads_with_null
        left = arms if in_first else arms[1:]
        return [self._followed(left[0], after), *left[1:]]

    def _followed(
        self, arm: tuple[str, list[Order]], after: Sequence[Any]
    ) -> tuple[str, list[Order]]:
        condition, terms = arm
        values = after[1:] if after[0] is None else after
        return f"{condition} AND {self.where.behind(terms, values)}", terms


def key_field(entity: Entity, name: str) -> Field:
    """The field that an order's key names; the primary key is never null."""
    if name == RANK.name:
        return RANK
    field = entity.by_name[name]
    return _required(field) if name in entity.key else field


def _required(field: Field) -> Field:
    return replace(field, required=True)
