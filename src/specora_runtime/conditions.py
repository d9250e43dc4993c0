"""The conditions of a list: filters, and what comes behind a cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, assert_never

from .database import Dialect, Order
from .entity import Entity, Field, Search, Type
from .nested import nested
from .query import Filter, Op, Query
from .search import condition as matching
from .search import expression, expression_at, places
from .values import Codec
from .visibility import Sight, row_parameters, row_predicate

_PATTERNS: Final = frozenset({Type.STRING, Type.TEXT, Type.EMAIL})
_COMPARISONS: Final = {
    Op.EQ: "=",
    Op.NE: "<>",
    Op.GT: ">",
    Op.GTE: ">=",
    Op.LT: "<",
    Op.LTE: "<=",
}
_LAST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


class Where:
    """Conditions and their parameters; as text, the WHERE clause."""

    def __init__(
        self,
        entity: Entity,
        dialect: Dialect,
        comparands: Mapping[str, Codec],
        sight: Sight,
        query: Query,
    ) -> None:
        self.entity = entity
        self.dialect = dialect
        self.comparands = comparands
        self.sight = sight
        self.parameters: list[Any] = []
        self._shared: dict[tuple[Any, ...], int] = {}
        predicate = self.predicate(entity)
        self._conditions = [predicate] if predicate else []
        if query.search:
            self._conditions.append(self._found(query.search))
        self._conditions += map(self._of, query.filters)
        self._conditions += (
            f"({' OR '.join(map(self._of, group))})" for group in query.groups
        )

    def __str__(self) -> str:
        return self.clause()

    def clause(self, *more: str) -> str:
        """The WHERE clause, with more conditions."""
        conditions = [*self._conditions, *filter(None, more)]
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def predicate(
        self, entity: Entity, alias: str = "", sight: Sight | None = None
    ) -> str:
        """The condition of the rows of `entity` that the sight reaches; empty for all.

        The entities of one statement share parameters where their values are the same.
        `sight` is that of the list where left out.
        """
        sight = sight or self.sight
        values = tuple(row_parameters(entity, self.dialect, sight))
        first = self._shared.get(values)
        if first is None:
            first = self._shared[values] = len(self.parameters) + 1
            self.parameters += values
        return row_predicate(entity, self.dialect, sight, first, alias)

    def number(self, value: int) -> str:
        """`value` as a parameter of LIMIT or OFFSET."""
        self.parameters.append(value)
        return self.dialect.placeholder(len(self.parameters))

    def rank(self, words: Sequence[str]) -> str:
        """The rank of a row that `words` find, as an expression."""
        search = self.entity.search
        assert search is not None
        last = places(search) - 1
        return " + ".join(self._rank(search, word, last) for word in words)

    def _rank(self, search: Search, word: str, last: int) -> str:
        if not last:
            return "0"
        steps = " ".join(
            f"WHEN {self._match(search, expression_at(word, n, self.dialect))} THEN {n}"
            for n in range(last)
        )
        return f"CASE {steps} ELSE {last} END"

    def _found(self, words: Sequence[str]) -> str:
        search = self.entity.search
        assert search is not None
        return self._match(search, expression(words, self.dialect))

    def _match(self, search: Search, wanted: str) -> str:
        self.parameters.append(wanted)
        table = self.dialect.quote(self.entity.table)
        return matching(search, self.dialect, len(self.parameters), table)

    def _of(self, one: Filter) -> str:
        field = self.entity.by_name[one.field]
        if one.path:
            value = nested(field, one.path, self._bind_plain, self.dialect)
            return value.condition(one.op, one.value)
        return self._condition(field, one.op, one.value)

    def behind(self, terms: Sequence[Order], after: Sequence[Any]) -> str:
        """The condition of rows that come behind the keys `after`."""
        numbers = [
            None if value is None else self._bind(term.field, value)
            for term, value in zip(terms, after, strict=True)
        ]
        condition = self.dialect.after(terms, numbers)
        term, number = terms[0], numbers[0]
        if len(terms) == 1 or number is None:
            return condition
        if not (term.field.required or term.leads_with_null):
            return condition
        # Follows from the condition; only this form bounds a range of an index.
        sign = "<=" if term.descending else ">="
        return f"{condition} AND {self._compare(term.field, sign, number)}"

    def _bind_plain(self, value: Any) -> int:
        self.parameters.append(value)
        return len(self.parameters)

    def _bind(self, field: Field, value: Any) -> int:
        # A rank is no field of the record, and a plain number everywhere.
        known = self.comparands.get(field.name)
        return self._bind_plain(value if known is None else known(value))

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
