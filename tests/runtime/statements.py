"""Every statement that a `Table` writes over rows, for tests that hold for all of them."""

from __future__ import annotations

from typing import Any, Final

from specora_runtime.query import Query
from specora_runtime.sql import Table
from specora_runtime.visibility import Sight

NOT_OVER_ROWS: Final = frozenset(
    {
        "columns",
        "equal",
        "estimates",
        "insert",
        "insert_returning",
        "inserted",
        "key_parameters",
        "parameters",
        "reached",
        "returned",
        "read",
        "row",
        "reader",
        "seen",
    }
)
"""What a table answers that names no stored rows, and the condition of those that do."""


def calls(table: Table, sight: Sight) -> dict[str, list[tuple[str, list[Any]]]]:
    """What each method of `table` that names rows writes, by the method's name."""
    record: dict[str, Any] = dict.fromkeys(table.entity.by_name)
    names = tuple(record)
    key = [None] * len(table.entity.key)
    wanted = dict.fromkeys(table.entity.key)
    return {
        "get": [table.get(key, sight), table.get(key, sight, for_update=True)],
        "rows_with": [
            table.rows_with(wanted, sight),
            table.rows_with(wanted, sight, for_update=True),
        ],
        "exists": [
            table.exists(wanted, sight),
            table.exists(wanted, sight, hold=True),
        ],
        "count_of": [table.count_of(wanted, sight)],
        "update": [
            table.update(names[:1], record, record, sight),
            table.update(names, record, record, sight),
        ],
        "clear": [table.clear(wanted, sight)],
        "delete": [table.delete(key, sight)],
        "page": [
            table.page(Query(), 1, sight),
            table.page(Query(offset=5), 1, sight),
            table.page(Query(), 1, sight, key),
        ],
        "count": [table.count(Query(), sight)],
        "estimate": [table.estimate(Query(), sight)],
    }


def statements(table: Table, sight: Sight) -> list[str]:
    """The texts of every statement that names rows of a table by a condition."""
    return [text for made in calls(table, sight).values() for text, _ in made]
