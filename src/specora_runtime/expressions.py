"""The operators and functions of conditions, with one semantics for every adapter.

A null operand gives null, and so does what has no value: a division by zero, a text that is no
duration. Nothing here raises for a value, whatever a record holds.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any
from uuid import UUID

from .expression_logic import allows, and_, and_then, holds, not_, or_, or_else
from .expression_values import (
    as_date,
    as_datetime,
    as_decimal,
    as_number,
    as_time,
    comparable,
    duration,
    duration_text,
    numbers,
)

__all__ = [
    "MAX_PATTERN", "absolute", "add", "allows", "and_", "and_then", "as_date", "as_datetime",
    "as_decimal", "as_number", "as_time", "comparable", "contains", "divide", "duration",
    "duration_text", "ends_with", "eq", "ge", "gt", "has", "holds", "integer", "is_null",
    "largest", "le", "lower", "lt", "matches", "member_of", "modulo", "multiply", "ne",
    "negate", "not_", "now", "number", "numbers", "or_", "or_else", "rounded", "size", "smallest",
    "starts_with", "string", "subtract", "today", "trim", "upper",
]  # fmt: skip

MAX_PATTERN = 500
"""Characters of a regular expression."""
_EXACT = Context(prec=1000, traps=[])
"""Sums and products of decimals keep every digit, as in the database."""
_QUOTIENT = Context(prec=28, rounding=ROUND_HALF_UP, traps=[])
_MAX_DIGITS = 15
_MAX_INTEGER_TEXT = 400
"""Digits of an integer that is written as text; Python's own limit would raise."""
_WHITE_SPACE = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def eq(left: object, right: object) -> bool | None:
    """Whether two values are equal; values of different kinds are not."""
    if left is None or right is None:
        return None
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return list(left) == list(right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left == right
    pair = comparable(left, right)
    return pair is not None and bool(pair[0] == pair[1])


def ne(left: object, right: object) -> bool | None:
    """Whether two values differ."""
    return not_(eq(left, right))


def lt(left: object, right: object) -> bool | None:
    """Whether the left value is lower; texts are ordered by code point."""
    pair = _ordered(left, right)
    return None if pair is None else bool(pair[0] < pair[1])


def le(left: object, right: object) -> bool | None:
    """Whether the left value is lower or equal."""
    pair = _ordered(left, right)
    return None if pair is None else bool(pair[0] <= pair[1])


def gt(left: object, right: object) -> bool | None:
    """Whether the left value is higher."""
    return lt(right, left)


def ge(left: object, right: object) -> bool | None:
    """Whether the left value is higher or equal."""
    return le(right, left)


def _ordered(left: object, right: object) -> tuple[Any, Any] | None:
    return None if left is None or right is None else comparable(left, right)


def member_of(value: object, items: object) -> bool | None:
    """`in`: true when an item equals, else null when a null took part; nothing is in `[]`."""
    if not isinstance(items, Sequence) or isinstance(items, str | bytes):
        return None
    found: bool | None = False
    for item in items:
        found = or_(found, eq(value, item))
    return found


def add(left: object, right: object) -> object:
    """A sum; joins two texts, moves a date or moment by a duration."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    pair = numbers(left, right)
    if pair is not None:
        return _number(
            _EXACT.add(*pair) if isinstance(pair[0], Decimal) else pair[0] + pair[1]
        )
    if isinstance(left, timedelta) and not isinstance(right, timedelta):
        left, right = right, left
    return _shifted(left, right, lambda moment, length: moment + length)


def subtract(left: object, right: object) -> object:
    """A difference; two moments or two dates differ by a duration."""
    pair = numbers(left, right)
    if pair is not None:
        minus = _EXACT.subtract
        return _number(
            minus(*pair) if isinstance(pair[0], Decimal) else pair[0] - pair[1]
        )
    if isinstance(left, date) and isinstance(right, date):
        first, second = comparable(left, right) or (None, None)
        return first - second if first is not None else None
    return _shifted(left, right, lambda moment, length: moment - length)


def _shifted(value: object, by: object, move: Callable[[Any, Any], object]) -> object:
    if isinstance(value, datetime):
        value = as_datetime(value)
    if not isinstance(value, date | timedelta) or not isinstance(by, timedelta):
        return None
    try:
        return move(value, by)
    except OverflowError:
        return None


def multiply(left: object, right: object) -> object:
    """A product of numbers."""
    pair = numbers(left, right)
    if pair is None:
        return None
    times = _EXACT.multiply
    return _number(times(*pair) if isinstance(pair[0], Decimal) else pair[0] * pair[1])


def divide(left: object, right: object) -> object:
    """A quotient; of integers it is cut towards zero. A division by zero gives null."""
    pair = numbers(left, right)
    if pair is None or pair[1] == 0:
        return None
    first, second = pair
    if isinstance(first, Decimal):
        return _number(_QUOTIENT.divide(first, second))
    return _cut(first, second) if isinstance(first, int) else _number(first / second)


def modulo(left: object, right: object) -> int | None:
    """The rest of an integer division, with the sign of the left side; by zero it is null."""
    pair = numbers(left, right)
    if pair is None or not isinstance(pair[0], int) or pair[1] == 0:
        return None
    return int(pair[0] - pair[1] * _cut(*pair))


def _cut(dividend: int, divisor: int) -> int:
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def _number(value: Any) -> object:
    """The same; null for what is not a number."""
    if isinstance(value, Decimal):
        return None if value.is_nan() else value
    return None if isinstance(value, float) and math.isnan(value) else value


def negate(value: object) -> object:
    """A number or duration with the other sign."""
    if isinstance(value, timedelta):
        return -value if value > timedelta.min else None
    return multiply(value, -1)


def absolute(value: object) -> object:
    """A number without its sign."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return _number(value.copy_abs() if isinstance(value, Decimal) else abs(value))


def smallest(left: object, right: object) -> object:
    """The lower of two values; the first of equals."""
    return _pick(left, right, le(left, right))


def largest(left: object, right: object) -> object:
    """The higher of two values; the first of equals."""
    return _pick(left, right, ge(left, right))


def _pick(left: object, right: object, first: bool | None) -> object:
    if first is None:
        return None
    pair = numbers(left, right) or (left, right)
    return pair[0] if first else pair[1]


def rounded(value: object, digits: object) -> object:
    """A number with so many digits after the point; half goes away from zero."""
    if (
        isinstance(digits, bool)
        or not isinstance(digits, int)
        or not 0 <= digits <= _MAX_DIGITS
    ):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    exact = as_decimal(value) if isinstance(value, float | Decimal) else None
    if exact is None or not exact.is_finite():
        return None
    found = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT)
    return float(found) if isinstance(value, float) else _number(found)


def size(value: object) -> int | None:
    """Code points of a text, items of a list, entries of an object."""
    return len(value) if isinstance(value, str | Sequence | Mapping) else None


def has(value: object) -> bool:
    """Whether there is a value; never null."""
    return value is not None


def is_null(value: object) -> bool:
    """Whether there is no value; never null."""
    return value is None


def starts_with(text: object, part: object) -> bool | None:
    """Whether a text begins with another."""
    return (
        text.startswith(part)
        if isinstance(text, str) and isinstance(part, str)
        else None
    )


def ends_with(text: object, part: object) -> bool | None:
    """Whether a text ends with another."""
    return (
        text.endswith(part) if isinstance(text, str) and isinstance(part, str) else None
    )


def contains(text: object, part: object) -> bool | None:
    """Whether a text holds another."""
    return part in text if isinstance(text, str) and isinstance(part, str) else None


def lower(text: object) -> str | None:
    """A text with its ASCII letters in lower case; databases differ about all others."""
    return text.translate(_LOWER) if isinstance(text, str) else None


def upper(text: object) -> str | None:
    """A text with its ASCII letters in upper case."""
    return text.translate(_UPPER) if isinstance(text, str) else None


def trim(text: object) -> str | None:
    """A text without white space at its ends."""
    return text.strip(_WHITE_SPACE) if isinstance(text, str) else None


def matches(text: object, pattern: object) -> bool | None:
    """Whether an RE2 pattern is found anywhere in a text; null when it is not a pattern."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        return None
    compiled = _compiled(pattern)
    return None if compiled is None else compiled.search(text) is not None


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        return re.compile(_PIECE.sub(_translated, pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None


_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def _translated(match: re.Match[str]) -> str:
    """One piece of an RE2 pattern for Python, whose `$` also matches before a last newline."""
    piece = match.group()
    if piece in ("$", r"\z"):
        return r"\Z"
    if piece.startswith("["):
        opening = re.match(r"\[\^?\]?", piece)
        cut = opening.end() if opening else 1
        # Python reserves doubled marks inside a class for sets.
        return piece[:cut] + re.sub(r"(?<!\\)([\[&~|])", r"\\\1", piece[cut:])
    return piece


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()


def string(value: object) -> str | None:
    """A value as text, as JSON would write it."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | UUID():
            return str(value)
        case float():
            return None if math.isnan(value) else repr(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else None
        case datetime():
            return (as_datetime(value) or value).isoformat().replace("+00:00", "Z")
        case timedelta():
            return duration_text(value)
    return str(value) if hasattr(value, "isoformat") else None


def integer(value: object) -> int | None:
    """A number cut towards zero, or the integer that a text writes."""
    if isinstance(value, str):
        fits = len(value) <= _MAX_INTEGER_TEXT and re.fullmatch(r"[+-]?[0-9]+", value)
        return int(value) if fits else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return int(value)
    except (OverflowError, ValueError):
        return None


def number(value: object) -> float | None:
    """A number as a float, also from text."""
    return as_number(as_decimal(value) if isinstance(value, str) else value)
