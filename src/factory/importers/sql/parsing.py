"""One statement to a tree, by sqlglot, which does not know every clause of every database."""

from __future__ import annotations

import logging
import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from factory.importers.sql.statements import Statement

MAX_LENGTH = 1_000_000
"""Characters of one statement; more is no definition of a table."""
MAX_DEPTH = 120
"""Brackets within brackets."""

# It says in its log what it does not understand; here the caller finds out by the tree.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

_REST = (
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
)


def tree_of(statement: Statement, dialect: str) -> exp.Expr | None:
    """The tree of a statement; `None` where it is not understood, not even without the clauses
    that mean nothing to a contract."""
    text = statement.text
    if len(text) > MAX_LENGTH or _depth(text) > MAX_DEPTH:
        return None
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


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
    return deepest


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
