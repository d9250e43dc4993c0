"""One statement to a tree, by sqlglot, which does not know every clause of every database."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from factory.importers.sql.statements import Statement

MAX_LENGTH = 1_000_000
"""Characters of one statement; more is no definition of a table."""
MAX_DEPTHS = {"(": 120, "[": 8}
"""Brackets within brackets; the time for square ones doubles with each."""
_OPENED = {")": "(", "]": "["}

# It says in its log what it does not understand; here the caller finds out by the tree.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

_Clauses = tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]
_REST: _Clauses = (
    (
        re.compile(
            r"\)\s*(?:WITHOUT\s+ROWID|STRICT)(?:\s*,\s*(?:WITHOUT\s+ROWID|STRICT))*\s*\Z",
            re.I,
        ),
        ")",
    ),
    (
        re.compile(
            r"\)\s*(?:ENGINE|TYPE)\s*=?\s*\w+(?:\s+(?!COMMENT)[^;]*?)?(?=\s+COMMENT\b|\Z)",
            re.I | re.S,
        ),
        ")",
    ),
    (
        re.compile(r"\bON\s+CONFLICT\s+(?:ABORT|FAIL|IGNORE|REPLACE|ROLLBACK)\b", re.I),
        "",
    ),
    (re.compile(r"\bDEFERRABLE(?:\s+INITIALLY\s+(?:DEFERRED|IMMEDIATE))?\b", re.I), ""),
    (re.compile(r"\bNOT\s+FOR\s+REPLICATION\b", re.I), ""),
    (re.compile(r"\b(?:CHARACTER\s+SET|CHARSET)\s+[\w]+(?!\s*=)", re.I), ""),
    (re.compile(r"\bUSING\s+INDEX\s+TABLESPACE\s+\w+", re.I), ""),
    (re.compile(r"\s+NOT\s+VALID\b", re.I), ""),
    (re.compile(r"\b(PRIMARY\s+KEY\s*\([^()]*?)\s+AUTOINCREMENT\b", re.I), r"\1"),
    (
        re.compile(r"\b(?:PRIMARY\s+KEY|UNIQUE)\b[^(),]*\([^()]*\)", re.I),
        lambda key: re.sub(r"\s+(?:ASC|DESC)\b", "", key[0], flags=re.I),
    ),
    (re.compile(r"\s+SRID\s+\d+\b", re.I), ""),
    (
        re.compile(
            r"\b(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b(?=\s+(?:NOT|NULL|DEFAULT|COMMENT)\b|\s*(?:[,)]|\Z))",
            re.I,
        ),
        "GEOMETRY",
    ),
    (re.compile(r"\bON\s+ONLY\b", re.I), "ON"),
    (re.compile(r"\bNOT\s+ENFORCED\b", re.I), ""),
    (re.compile(r"\bUNSIGNED\s+BIG\s+INT\b", re.I), "BIGINT"),
)


_STORAGE: _Clauses = (
    (re.compile(r"\b(?:NON)?CLUSTERED\s+(?:COLUMNSTORE\s+)?(?=INDEX\b)", re.I), ""),
    (re.compile(r"\b(PRIMARY\s+KEY|UNIQUE)\s+(?:NON)?CLUSTERED\b", re.I), r"\1"),
    (re.compile(r"\)\s*WITH\s*\([^()]*\)", re.I), ")"),
    (re.compile(r"\b(?:TEXTIMAGE_|FILESTREAM_)?ON\s+\[PRIMARY\]", re.I), ""),
    (re.compile(r"\bFOREIGN\s+KEY\s+(?=REFERENCES\b)", re.I), ""),
    (re.compile(r"\bWITH\s+(?:NO)?CHECK\s+ADD\b", re.I), "ADD"),
    (re.compile(r"\bSPARSE\b|\bROWGUIDCOL\b", re.I), ""),
)
"""How SQL Server keeps its tables."""


def tree_of(statement: Statement, dialect: str) -> exp.Expr | None:
    """The tree of a statement; `None` where it is not understood, not even without the clauses
    that mean nothing to a contract."""
    text = statement.text
    if len(text) > MAX_LENGTH or _is_deep(text):
        return None
    for pattern, replacement in _STORAGE if dialect == "tsql" else ():
        text = pattern.sub(replacement, text)
    found = _parsed(text, dialect)
    if found is None:
        plain = text
        for pattern, replacement in _REST:
            plain = pattern.sub(replacement, plain)
        found = _parsed(plain, dialect) if plain != text else None
    return found


def _parsed(text: str, dialect: str) -> exp.Expr | None:
    try:
        found = sqlglot.parse_one(text, dialect=dialect)
    except (
        SqlglotError,
        RecursionError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
    ):
        # A parser of so many dialects fails on a broken text in ways of its own.
        return None
    return None if isinstance(found, exp.Command) else found


def _is_deep(text: str) -> bool:
    """Whether brackets are nested more deeply than a parser can follow."""
    depths = dict.fromkeys(MAX_DEPTHS, 0)
    for character in text:
        if character in depths:
            depths[character] += 1
            if depths[character] > MAX_DEPTHS[character]:
                return True
        elif character in _OPENED:
            depths[_OPENED[character]] -= 1
    return False


def name_of(node: exp.Expr | None) -> str:
    """The name in an identifier, a column or a table, with its schema where that says anything."""
    if isinstance(node, exp.Schema):
        node = node.this
    if isinstance(node, exp.Table):
        schema = node.args.get("db")
        own = schema.name if schema else ""
        return (
            node.name
            if own.lower() in ("", "public", "dbo", "main")
            else f"{own}.{node.name}"
        )
    return node.name if node is not None else ""


def columns_of(nodes: list[exp.Expr]) -> tuple[str, ...] | None:
    """Plain columns by name; `None` where one of them is an expression."""
    found = []
    for node in nodes:
        while isinstance(
            node, exp.Ordered | exp.Paren | exp.ColumnPrefix | exp.Opclass | exp.Collate
        ):
            node = node.this
        if not isinstance(node, exp.Identifier | exp.Column):
            return None
        found.append(node.name)
    return tuple(found)
