"""Pages whose records PostgreSQL hands over as JSON, in one row."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from typing import Any, Final, TypeAlias

from .listing import order_of
from .query import MAX_LIMIT, MAX_OFFSET, Op, Page, Query, Sort
from .sql import Statement, Table, kind_of
from .visibility import Sight

ROW: Final = "page"
"""Name of the rows that an item is made of; their columns are those of `Table.columns`."""

_TOLD: Final = frozenset(
    {
        *("filters", "groups", "search", "sort", "limit", "offset", "cursor"),
        *("deleted", "count"),
    }
)
_COMPARED: Final = frozenset({Op.EQ, Op.NE, Op.GT, Op.GTE, Op.LT, Op.LTE})
"""Operators with one parameter."""
_KEPT: Final = 256
"""Statements kept; clients choose filters and orders."""
_Shape: TypeAlias = tuple[tuple[tuple[str, Op], ...], tuple[Sort, ...], Sight]
_REST: Final = tuple(
    (field.name, field.default)
    for field in fields(Query)
    if field.name not in _TOLD and field.default is not MISSING
)
"""What a query may ask for besides, and what it holds where it does not."""


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page of records as JSON."""

    page: Page
    """What it tells besides its records, which it does not hold."""
    items: bytes
    """Separated by commas."""


def is_told_by_text(query: Query) -> bool:
    """Whether the page shows records as they are, and nothing besides."""
    bounded = 0 <= query.limit <= MAX_LIMIT and 0 <= query.offset <= MAX_OFFSET
    return bounded and all(getattr(query, name) == held for name, held in _REST)


class PageTexts:
    """The statements of one table and one form of its items.

    Texts of plain lists, whose parameters are in the order of their filters, are kept.
    """

    def __init__(self, table: Table, item: str) -> None:
        self._table = table
        self._item = item
        self._kept: OrderedDict[_Shape, str] = OrderedDict()

    def statement(
        self, query: Query, sight: Sight, after: Sequence[Any] | None
    ) -> Statement:
        """The page of `query` behind the row whose sort keys hold `after`."""
        shape = _shape(query, sight)
        if shape is None:
            return _statement(self._table, query, self._item, sight, after)
        comparands = self._table.comparands
        given = [comparands[one.field](one.value) for one in query.filters]
        parameters = [*self._table.seen(sight), *given, query.limit + 1, query.limit]
        text = self._kept.get(shape)
        if text is not None:
            self._kept.move_to_end(shape)
            return text, parameters
        text, wanted = _statement(self._table, query, self._item, sight, after)
        if wanted == parameters:
            self._kept[shape] = text
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return text, wanted


def _shape(query: Query, sight: Sight) -> _Shape | None:
    """What the text of a plain list depends on; `None` where that is more."""
    if query.groups or query.search or query.offset or query.cursor is not None:
        return None
    if any(one.op not in _COMPARED or one.path for one in query.filters):
        return None
    filters = tuple((one.field, one.op) for one in query.filters)
    return filters, query.sort, kind_of(sight)


def _statement(
    table: Table,
    query: Query,
    item: str,
    sight: Sight,
    after: Sequence[Any] | None,
) -> Statement:
    """One row: the items of the page, the number of rows up to one more than fit on it,
    and, under names of their own, the sort keys of the last item.

    The rows come in the order of the inner statement, which their aggregates keep.
    """
    inner, parameters = table.page(query, query.limit + 1, sight, after)
    parameters.append(query.limit)
    limit = f"{table.dialect.placeholder(len(parameters))}::int"
    quote = table.dialect.quote
    keys = "".join(
        f", (array_agg({ROW}.{quote(key.field)}))[{limit}] AS {quote(f'key {number}')}"
        for number, key in enumerate(order_of(table.entity, query))
    )
    items = f"array_to_string((array_agg({item}))[1:{limit}], ',')"
    text = (
        f"SELECT convert_to({items}, 'UTF8') AS \"items\","
        f' count(*) AS "found"{keys} FROM ({inner}) AS {ROW}'
    )
    return text, parameters


@lru_cache(_KEPT)
def page_texts(table: Table, item: str) -> PageTexts:
    """The one `PageTexts` of a table and an item."""
    return PageTexts(table, item)
