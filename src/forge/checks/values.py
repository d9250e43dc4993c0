"""Whether a value that a contract writes is one of a field's type, within its constraints."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, cast

from forge.checks.patterns import pattern_fault
from forge.ir.entities import Constraints, Field, Literal
from forge.ir.formats import has_format
from forge.ir.types import NUMERIC, TEXTUAL, FieldType

Comparable: TypeAlias = Decimal | date | datetime | time

INTEGER_RANGES = {
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
EXAMPLES = {
    FieldType.DATETIME: "2025-01-31T12:00:00Z",
    FieldType.DATE: "2025-01-31",
    FieldType.TIME: "12:00:00",
    FieldType.DURATION: "PT2H",
    FieldType.UUID: "0190a6f4-7e3b-7cc1-9d5e-3f2b8a6c1d04",
    FieldType.EMAIL: "ada@example.com",
    FieldType.BINARY: "SGVsbG8=",
    FieldType.DECIMAL: "12.50",
}
"""How a text of a type is written."""

_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_DURATION = re.compile(
    r"-?P(?:\d{1,7}W|(?=\d|T\d)(?:\d{1,7}Y)?(?:\d{1,7}M)?(?:\d{1,7}D)?"
    r"(?:T(?=\d)(?:\d{1,7}H)?(?:\d{1,7}M)?(?:\d{1,7}(?:\.\d+)?S)?)?)",
    re.ASCII,
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.I)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(
    rf"[^\s@\x00-\x1f\x7f\"(),:;<>\[\\\]]{{1,64}}@{_LABEL}(?:\.{_LABEL})*"
)


def type_fault(value: Literal, type: FieldType, format: str | None = None) -> str:
    """Why `value` is not of the type; empty where it is."""
    return _FAULTS[type](value, format)


def constraint_fault(value: Literal, field: Field) -> str:
    """Which constraint of the field a value of its type breaks; empty where none."""
    return next(_broken(value, field), "")


def comparable(value: object, type: FieldType) -> Comparable | None:
    """A bound, or a value, in the form in which values of the type are ordered."""
    if isinstance(value, bool):
        return None
    if type in NUMERIC:
        if isinstance(value, str) and type is not FieldType.DECIMAL:
            return None
        return decimal(value)
    if not isinstance(value, str):
        return None
    reader = _MOMENTS.get(type)
    return reader(value) if reader else None


def decimal(value: object) -> Decimal | None:
    """The number that a contract writes as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 1000 else None


def text_fault(value: str) -> str:
    """What no text may hold, whatever its field."""
    if "\x00" in value:
        return "a text that holds NUL"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "a text that holds half a character"
    return ""


def _broken(value: Literal, field: Field) -> Iterator[str]:
    limits = field.constraints
    if field.type in NUMERIC or field.type in _MOMENTS:
        yield from _outside(value, field.type, limits)
    if field.type is FieldType.DECIMAL:
        yield from _digits(value, limits)
    if field.type in TEXTUAL and isinstance(value, str):
        yield from _counted(len(value), limits.min_length, limits.max_length)
        if limits.pattern is not None and _misses(limits.pattern, value):
            yield "a text that does not match `pattern`"
        if field.format is not None and not has_format(field.format, value):
            yield f"no `{field.format}`"
    if field.type is FieldType.BINARY and isinstance(value, str):
        size = len(base64.b64decode(value))
        yield from _counted(size, limits.min_length, limits.max_length)
    if field.type is FieldType.ARRAY and isinstance(value, list):
        yield from _counted(len(value), limits.min_items, limits.max_items)


def _outside(value: Literal, type: FieldType, limits: Constraints) -> Iterator[str]:
    found = comparable(value, type)
    low, high = comparable(limits.min, type), comparable(limits.max, type)
    if found is None:
        return
    if low is not None and found < low:  # type: ignore[operator]
        yield f"less than `min`, which is {limits.min}"
    if high is not None and found > high:  # type: ignore[operator]
        yield f"more than `max`, which is {limits.max}"


def _digits(value: Literal, limits: Constraints) -> Iterator[str]:
    number = decimal(value)
    if number is None:
        return
    exponent = number.normalize().as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    whole = max(0, number.adjusted() + 1) if number else 0
    if limits.scale is not None and scale > limits.scale:
        yield f"a number with more than {limits.scale} digits after the point"
    if limits.precision is not None:
        room = limits.precision - (limits.scale or 0)
        if whole > room or whole + scale > limits.precision:
            yield f"a number with more than {limits.precision} digits"


def _counted(count: int, least: int | None, most: int | None) -> Iterator[str]:
    if least is not None and count < least:
        yield f"{count} long, less than the {least} it has to be"
    if most is not None and count > most:
        yield f"{count} long, more than the {most} it may be"


def _misses(pattern: str, value: str) -> bool:
    # A pattern that a rule refuses is not tried: it could take for ever.
    usable = len(value) <= 1000 and not pattern_fault(pattern)
    return usable and re.search(pattern, value) is None


def moment(text: str) -> datetime | None:
    """A point in time, read as UTC where it names no zone."""
    if not _DATETIME.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text[:10] + "T" + text[11:].upper())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def day(text: str) -> date | None:
    """A date."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """A time of day."""
    try:
        return time.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


_MOMENTS: dict[FieldType, Callable[[str], Comparable | None]] = {
    FieldType.DATETIME: moment,
    FieldType.DATE: day,
    FieldType.TIME: clock,
}


def _text(value: Literal, _: str | None) -> str:
    return text_fault(value) if isinstance(value, str) else "not text"


def _integer(value: Literal, format: str | None) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        return "not a whole number"
    low, high = INTEGER_RANGES.get(format or "int64", INTEGER_RANGES["int64"])
    return "" if low <= value <= high else f"outside of {low} to {high}"


def _number(value: Literal, _: str | None) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not a number"
    if isinstance(value, int) and abs(value) > 2**1000:
        return "too large a number"
    return "" if math.isfinite(value) else "not finite"


def _decimal(value: Literal, _: str | None) -> str:
    return "" if decimal(value) is not None else "not a decimal number"


def _boolean(value: Literal, _: str | None) -> str:
    return "" if isinstance(value, bool) else "not `true` or `false`"


def _json(value: Literal, _: str | None) -> str:
    if isinstance(value, str):
        return text_fault(value)
    inner: list[Literal] = []
    if isinstance(value, dict):
        inner = [*value, *value.values()]
    elif isinstance(value, list):
        inner = value
    elif isinstance(value, float) and not math.isfinite(value):
        return "not finite"
    return next((found for item in inner if (found := _json(item, None))), "")


def _object(value: Literal, _: str | None) -> str:
    return _json(value, None) if isinstance(value, dict) else "not a mapping"


def _array(value: Literal, _: str | None) -> str:
    return _json(value, None) if isinstance(value, list) else "not a list"


def _written_as(
    what: str, legal: Callable[[str], object]
) -> Callable[[Literal, str | None], str]:
    def check(value: Literal, _: str | None) -> str:
        return "" if isinstance(value, str) and legal(value) else f"not {what}"

    return check


def _is_base64(text: str) -> bool:
    try:
        return base64.b64decode(text, validate=True) is not None
    except (binascii.Error, ValueError):
        return False


def _is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


_FAULTS: dict[FieldType, Callable[[Literal, str | None], str]] = {
    FieldType.STRING: _text,
    FieldType.TEXT: _text,
    FieldType.EMAIL: _written_as("an e-mail address", _is_email),
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _boolean,
    FieldType.ARRAY: _array,
    FieldType.OBJECT: _object,
    FieldType.JSON: _json,
    FieldType.DATETIME: _written_as("a date and time", moment),
    FieldType.DATE: _written_as("a date", day),
    FieldType.TIME: _written_as(
        "a time of day", lambda text: cast("object", clock(text)) is not None
    ),
    FieldType.DURATION: _written_as("an ISO 8601 duration", _DURATION.fullmatch),
    FieldType.UUID: _written_as("a UUID", _UUID.fullmatch),
    FieldType.BINARY: _written_as("base64", _is_base64),
}
