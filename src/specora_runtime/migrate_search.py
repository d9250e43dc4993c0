"""Tables of words on SQLite: made, filled from the rows that exist, and dropped.

They hold nothing of their own, so any of them goes when its statements change, or when its
table is rebuilt, which may give rows other numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .database import Connection
from .schema_diff import Plan
from .schema_text import Tables, quote, unquote

_NAME = r'"(?:[^"]|"")+"'
_STATEMENT = re.compile(
    rf"CREATE (VIEW|VIRTUAL TABLE|TRIGGER) IF NOT EXISTS ({_NAME})", re.IGNORECASE
)
_SOURCE = re.compile(rf".* FROM ({_NAME});", re.DOTALL)
_PARTS = ("source", "insert", "delete", "update")


@dataclass(frozen=True, slots=True)
class _Search:
    """The statements that look after one table of words."""

    index: str
    table: str
    """Whose words they are."""
    statements: tuple[str, ...]


def is_of_search(statement: str) -> bool:
    """Whether a statement makes a table of words or what keeps it up to date."""
    return _STATEMENT.match(statement) is not None


async def drop_searches(connection: Connection, plan: Plan) -> None:
    """Drop the tables of words that will not be as they are."""
    stays = set(_staying(plan))
    for search in _searches(plan.old):
        if search in stays:
            continue
        for kind, part in (
            ("TRIGGER", "insert"),
            ("TRIGGER", "delete"),
            ("TRIGGER", "update"),
            ("VIEW", "source"),
        ):
            name = quote(f"{search.index}_{part}")
            await connection.execute(f"DROP {kind} IF EXISTS {name}")
        await connection.execute(f"DROP TABLE IF EXISTS {quote(search.index)}")


async def make_searches(connection: Connection, plan: Plan) -> None:
    """Make the tables of words that are missing, with the words of all rows."""
    stays = set(_staying(plan))
    for search in _searches(plan.new):
        if search in stays:
            continue
        for statement in search.statements:
            await connection.execute(statement)
        index = quote(search.index)
        await connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def _staying(plan: Plan) -> Iterator[_Search]:
    rebuilt = {change.new.name for change in plan.changed}
    known = set(_searches(plan.old))
    for search in _searches(plan.new):
        if search in known and search.table not in rebuilt:
            yield search


def _searches(schema: Tables) -> Iterator[_Search]:
    named = {
        unquote(match[2]): text
        for text in schema.others
        if (match := _STATEMENT.match(text))
    }
    for name, text in named.items():
        source = _SOURCE.fullmatch(text)
        if source is None or not name.endswith("_source"):
            continue
        index = name.removesuffix("_source")
        names = (name, index, *(f"{index}_{part}" for part in _PARTS[1:]))
        made = tuple(named[one] for one in names if one in named)
        yield _Search(index, unquote(source[1]), made)
