"""Full-text search: every word occurs in some searched field, in any case.

A record's rank is the sum, over the words, of the place of the first field that holds the
word (0 for the first of `search`, at most 3). The smallest rank comes first, so that a
word in a title counts more than one in a body; records of one rank follow by key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .database import Dialect
from .entity import Field, Search, Type
from .words import LONGEST

RANK: Final = Field(name="specora_rank", type=Type.INTEGER, required=True)
"""The rank, as a column of what is searched."""

ROW: Final = "_rowid_"
"""By which SQLite's table of words names a row."""

_WEIGHTS: Final = "ABCD"


def condition(search: Search, dialect: Dialect, n: int, table: str) -> str:
    """Rows of `table` that the expression in parameter `n` finds."""
    if dialect.name == "postgresql":
        return f"{dialect.quote(search.column)} @@ ${n}::text::tsquery"
    index = dialect.quote(search.index)
    found = f"SELECT rowid FROM {index} WHERE {index} MATCH ?{n}"
    return f"{table}.{ROW} IN ({found})"


def expression(words: Sequence[str], dialect: Dialect) -> str:
    """What finds all of `words`, for `condition`."""
    if dialect.name == "postgresql":
        return " & ".join(f"'{word}'" for word in words)
    return " AND ".join(map(_token, words))


def places(search: Search) -> int:
    """How many ranks a word may have."""
    return min(len(search.fields), len(_WEIGHTS))


def expression_at(word: str, place: int, dialect: Dialect) -> str:
    """What finds `word` in the field at `place`, for `condition`."""
    if dialect.name == "postgresql":
        return f"'{word}':{_WEIGHTS[place]}"
    return f"w{place} : {_token(word)}"


def _token(word: str) -> str:
    # PostgreSQL keeps no more of a longer word.
    return f'"{word}" *' if len(word) == LONGEST else f'"{word}"'
