"""The driver's side of SQLite: connections, statements and errors, without asyncio."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import (
    BadStatement,
    CheckViolation,
    Fault,
    ForeignKeyViolation,
    NotNullViolation,
    Retry,
    Unavailable,
    UniqueViolation,
)
from .sqlite_json import FUNCTIONS
from .wire import duration_parts

BUSY_SECONDS = 5.0
"""How long a statement waits for another process."""

_DAY = 86_400_000_000
_NAMED = re.compile(r"constraint failed: (?:index ')?(.*?)'?$")


def connect(path: str) -> sqlite3.Connection:
    """A connection in autocommit mode, with this runtime's collations and functions."""
    try:
        connection = sqlite3.connect(
            path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
    except sqlite3.Error as error:
        raise _fault(error) from error
    connection.create_collation("DECIMAL", _ordering(_decimal_key))
    connection.create_collation("DURATION", _ordering(_duration_key))
    connection.create_function("exact", 1, _exact, deterministic=True)
    for name, function in FUNCTIONS.items():
        connection.create_function(name, 2, function, deterministic=True)
    run(connection, "PRAGMA foreign_keys = ON")
    run(connection, "PRAGMA synchronous = NORMAL")
    return connection


def _exact(value: float | None) -> str | None:
    """A float as text from which it can be read back."""
    return None if value is None else repr(value)


def _ordering(key: Callable[[str], tuple[int, Any]]) -> Callable[[str, str], int]:
    def compare(left: str, right: str) -> int:
        if left == right:
            return 0
        first, second = key(left), key(right)
        return (first > second) - (first < second)

    return compare


def _decimal_key(text: str) -> tuple[int, Any]:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return 1, text
    return (0, value) if value.is_finite() else (1, text)


def _duration_key(text: str) -> tuple[int, Any]:
    """Length with months of 30 days, as PostgreSQL compares intervals."""
    try:
        months, days, micros = duration_parts(text)
    except ValueError:
        return 1, text
    return 0, (months * 30 + days) * _DAY + micros


def run(
    connection: sqlite3.Connection, sql: str, args: tuple[Any, ...] = ()
) -> sqlite3.Cursor:
    """Execute one statement; its errors are faults."""
    try:
        return connection.execute(sql, args)
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise _fault(error) from error


def fetch(
    connection: sqlite3.Connection, sql: str, args: tuple[Any, ...]
) -> list[dict[str, Any]]:
    """All rows of a statement."""
    cursor = run(connection, sql, args)
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    try:
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except sqlite3.Error as error:
        raise _fault(error) from error


def execute(connection: sqlite3.Connection, sql: str, args: tuple[Any, ...]) -> int:
    """The number of rows that a statement changed."""
    cursor = run(connection, sql, args)
    try:
        if cursor.description is not None:
            cursor.fetchall()
    except sqlite3.Error as error:
        raise _fault(error) from error
    return max(cursor.rowcount, 0)


def fetch_alone(
    connection: sqlite3.Connection, sql: str, args: tuple[Any, ...]
) -> list[dict[str, Any]]:
    """`fetch` outside any transaction."""
    rollback(connection)
    return fetch(connection, sql, args)


def execute_alone(
    connection: sqlite3.Connection, sql: str, args: tuple[Any, ...]
) -> int:
    """`execute` outside any transaction."""
    rollback(connection)
    return execute(connection, sql, args)


def begin(connection: sqlite3.Connection) -> None:
    """Start a writing transaction."""
    rollback(connection)
    run(connection, "BEGIN IMMEDIATE")


def commit(connection: sqlite3.Connection) -> None:
    """Commit; a failed commit is rolled back."""
    try:
        run(connection, "COMMIT")
    except Fault:
        rollback(connection)
        raise


def rollback(connection: sqlite3.Connection) -> None:
    """Undo what is open: a failed transaction, or one whose event loop is closed."""
    if connection.in_transaction:
        run(connection, "ROLLBACK")


def _fault(error: Exception) -> Fault:
    if isinstance(error, OverflowError | UnicodeError):
        return CheckViolation(None, str(error))
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return _constraint(code, str(error)) or _general(code & 0xFF, str(error))


def _constraint(code: int, message: str) -> Fault | None:
    match = _NAMED.search(message)
    name = match[1] if match else ""
    if code in (
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
    ):
        if "." not in name:
            return UniqueViolation(name or None)
        return UniqueViolation(
            None, tuple(part.split(".", 1)[1] for part in name.split(", "))
        )
    # SQLite carries RESTRICT out as a trigger; a generated schema has no other one.
    if code in (
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
        sqlite3.SQLITE_CONSTRAINT_TRIGGER,
    ):
        return ForeignKeyViolation(None)
    if code == sqlite3.SQLITE_CONSTRAINT_NOTNULL:
        return NotNullViolation(name.rpartition(".")[2])
    if code == sqlite3.SQLITE_CONSTRAINT_CHECK:
        return CheckViolation(name or None)
    return None


_UNAVAILABLE = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)
_VALUE = (sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_CONSTRAINT)


def _general(code: int, message: str) -> Fault:
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Retry(message)
    if code in _UNAVAILABLE:
        return Unavailable(message)
    if code in _VALUE:
        return CheckViolation(None, message)
    return BadStatement(message)
