"""Faults from what asyncpg raises: by SQLSTATE, and by class for errors of the client."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
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

# The package has no types of its own.
asyncpg: Any = import_module("asyncpg")

DRIVER_ERRORS: tuple[type[BaseException], ...] = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    UnicodeError,
)
"""Everything that using a connection may raise."""

_PERMANENT = ("28", "3D", "3F", "42")

_BY_CODE: dict[str, Callable[[Any], Fault]] = {
    "23505": lambda error: UniqueViolation(error.constraint_name),
    "23P01": lambda error: UniqueViolation(error.constraint_name),
    "23503": lambda error: ForeignKeyViolation(error.constraint_name),
    "23001": lambda error: ForeignKeyViolation(error.constraint_name),
    "23514": lambda error: CheckViolation(error.constraint_name),
    "23502": lambda error: NotNullViolation(error.column_name or ""),
    "40001": lambda error: Retry(str(error)),
    "40P01": lambda error: Retry(str(error)),
    "55P03": lambda error: Retry(str(error)),
    "25006": lambda error: Unavailable(str(error)),
}

_BY_CLASS: dict[str, Callable[[str], Fault]] = {
    "08": Unavailable,
    "22": lambda message: CheckViolation(None, message),
    "23": lambda message: CheckViolation(None, message),
    "28": Unavailable,
    "3D": Unavailable,
    "53": Unavailable,
    "54": lambda message: CheckViolation(None, message),
    "57": Unavailable,
    "58": Unavailable,
    "XX": Unavailable,
}


def fault(error: BaseException) -> Fault:
    """The fault for one of `DRIVER_ERRORS`."""
    if isinstance(
        error, asyncpg.InvalidCachedStatementError | asyncpg.OutdatedSchemaCacheError
    ):
        return Retry(str(error))
    if isinstance(error, asyncpg.PostgresError):
        code = error.sqlstate or ""
        if code in _BY_CODE:
            return _BY_CODE[code](error)
        return _BY_CLASS.get(code[:2], BadStatement)(str(error))
    if isinstance(error, ValueError):
        return CheckViolation(None, str(error))
    if isinstance(error, asyncpg.InterfaceError) and "argument" in str(error):
        return BadStatement(str(error))
    return Unavailable(str(error) or type(error).__name__)


def is_permanent(error: BaseException) -> bool:
    """Whether trying to connect again is pointless: a wrong URL, password or name."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] in _PERMANENT
    return isinstance(error, ValueError)
