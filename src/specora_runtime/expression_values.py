"""Reading the values of a record for conditions: numbers, times and durations in one form each.

What has no value in the wanted type is null; nothing here raises for what a record holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_MAX_TEXT = 1000
"""Characters of a number or time that is written as text."""
_DURATION = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,6}))?S)?)?",
    re.ASCII,
)
_SECONDS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)
_MAX_DURATION = timedelta(days=10_000 * 365)
"""About the span of a calendar."""


def as_number(value: object) -> float | None:
    """A number field as a float, also when the record holds a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        found = float(value)
    except (OverflowError, ValueError):
        return None
    return None if math.isnan(found) else found


def as_decimal(value: object) -> Decimal | None:
    """A decimal field, also from text; a float counts by its shortest decimal digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    if isinstance(value, str) and (
        len(value) > _MAX_TEXT or not _DECIMAL.fullmatch(value)
    ):
        return None
    found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return None if found.is_nan() else found


def as_datetime(value: object) -> datetime | None:
    """A moment from a datetime, an ISO 8601 text or a date; without an offset it is UTC."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


def as_date(value: object) -> date | None:
    """A day from a date or an ISO 8601 text; a moment gives its day in UTC."""
    if isinstance(value, datetime):
        try:
            return (
                (value if value.tzinfo else value.replace(tzinfo=UTC))
                .astimezone(UTC)
                .date()
            )
        except OverflowError:
            return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def as_time(value: object) -> time | None:
    """A time of day from a time or an ISO 8601 text; without an offset it is UTC."""
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, time):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def duration(value: object) -> timedelta | None:
    """An ISO 8601 duration; a year counts 365 days and a month 30."""
    if isinstance(value, timedelta):
        return value
    match = (
        _DURATION.fullmatch(value)
        if isinstance(value, str) and len(value) <= 64
        else None
    )
    if match is None:
        return None
    sign, *counts, fraction = match.groups()
    seconds = sum(
        int(count or 0) * unit for count, unit in zip(counts, _SECONDS, strict=True)
    )
    if seconds > _MAX_DURATION.total_seconds():
        return None
    found = timedelta(seconds=seconds, microseconds=int((fraction or "").ljust(6, "0")))
    if found > _MAX_DURATION:
        return None
    return -found if sign else found


def duration_text(value: timedelta) -> str:
    """A duration as the ISO 8601 text that a record holds.

    >>> duration_text(timedelta(days=1, minutes=90))
    'P1DT1H30M'
    """
    total = abs(value)
    hours, rest = divmod(total.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{total.microseconds:06d}".rstrip("0") if total.microseconds else ""
    parts = ((str(hours), "H"), (str(minutes), "M"), (f"{seconds}{fraction}", "S"))
    clock = "".join(count + unit for count, unit in parts if count != "0")
    days = f"{total.days}D" if total.days else ""
    if not days and not clock:
        return "PT0S"
    sign = "-" if value < timedelta() else ""
    return f"{sign}P{days}" + (f"T{clock}" if clock else "")


def numbers(left: object, right: object) -> tuple[Any, Any] | None:
    """Two numbers in one type: decimal over float over integer; None when one is no number."""
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _both(as_decimal(left), as_decimal(right))
    if isinstance(left, float) or isinstance(right, float):
        return _both(as_number(left), as_number(right))
    return left, right


def comparable(left: object, right: object) -> tuple[Any, Any] | None:
    """Two values in a form that Python compares; None when they have none in common."""
    if isinstance(left, UUID) or isinstance(right, UUID):
        left, right = _uuid_text(left), _uuid_text(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return (
            (left, right)
            if isinstance(left, bool) and isinstance(right, bool)
            else None
        )
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    pair = numbers(left, right)
    if pair is not None:
        # Python compares an integer with a float exactly, without a conversion.
        return pair if isinstance(pair[0], Decimal) else (left, right)
    for kind, others, read in _FAMILIES:
        if isinstance(left, kind) or isinstance(right, kind):
            fits = isinstance(left, others) and isinstance(right, others)
            return _both(read(left), read(right)) if fits else None
    return None


_FAMILIES: tuple[tuple[type, tuple[type, ...], Callable[[object], object]], ...] = (
    (datetime, (date, str), as_datetime),
    (date, (date, str), as_date),
    (time, (time, str), as_time),
    (timedelta, (timedelta, str), duration),
)
"""Datetime before date: in Python every datetime is a date."""


def _both(left: object, right: object) -> tuple[Any, Any] | None:
    return None if left is None or right is None else (left, right)


def _uuid_text(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
