"""Pages whose records PostgreSQL hands over as JSON, in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Final

from .listing import order_of
from .query import MAX_LIMIT, MAX_OFFSET, Page, Query
from .sql import Statement, Table
from .visibility import Sight

ROW: Final = "page"
"""Name of the rows that an item is made of; their columns are those of `Table.columns`."""

_TOLD: Final = frozenset(
    {
        *("filters", "groups", "search", "sort", "limit", "offset", "cursor"),
        *("deleted", "count"),
    }
)
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


def statement_of(
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
