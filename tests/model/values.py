"""What a JSON value means for a field, and what is wrong with one that means nothing."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from forge.ir.entities import Field
from forge.ir.types import FieldType
from tests.model.unknown import NotYetKnown, Unknown

Errors = list[tuple[str, str]]
"""JSON pointers and codes."""

_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
_TEXTS = (FieldType.STRING, FieldType.TEXT, FieldType.EMAIL)
_EMAIL = re.compile(r"[^\s@\",]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)
_DURATION = re.compile(
    r"(-)?P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?",
    re.ASCII,
)
_BITS = {"int16": 15, "int32": 31}


class Refused(Exception):
    """A value that a field does not take."""

    def __init__(self, code: str, *inside: tuple[str, str]) -> None:
        super().__init__(code)
        self.errors = list(inside) or [("", code)]
        """Places inside the value, as JSON pointers, and codes."""


def read(field: Field, value: Any) -> Any:
    """The meaning of a JSON value. Raises `Refused`."""
    found = _of_type(field, field.type, value)
    _constrain(field, found)
    return stored(field, found)


def stored(field: Field, value: Any) -> Any:
    """A value as the field keeps it: a decimal has the field's digits."""
    if value is None or isinstance(value, Unknown):
        return value
    if field.type is FieldType.DECIMAL:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        scale = field.constraints.scale
        if scale is not None:
            return number.quantize(Decimal(1).scaleb(-scale), context=_WIDE)
        return plain(number)
    if field.type is FieldType.NUMBER:
        return float(value)
    if field.type in (*_TEXTS, FieldType.UUID) and not isinstance(value, str):
        raise Refused("bad-value")
    if isinstance(value, str) and field.type not in _TEXTS:
        return _of_type(field, field.type, value)
    return value


def plain(number: Decimal) -> Decimal:
    """A decimal without zeros at its end and without exponent."""
    number = number.normalize(_WIDE)
    if not number:
        return Decimal(0)
    exponent = number.as_tuple().exponent
    return number.quantize(Decimal(1), context=_WIDE) if int(exponent) > 0 else number


def _of_type(field: Field, kind: FieldType, value: Any) -> Any:
    if value is None:
        raise Refused("null-not-allowed")
    match kind:
        case FieldType.STRING | FieldType.TEXT | FieldType.EMAIL:
            return _text(field, kind, value)
        case FieldType.INTEGER:
            return _integer(field, value)
        case FieldType.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise Refused("wrong-type")
            return float(value)
        case FieldType.DECIMAL:
            return _decimal(value)
        case FieldType.BOOLEAN:
            return _exactly(bool, value)
        case FieldType.ARRAY:
            return _array(field, value)
        case FieldType.OBJECT:
            return _exactly(dict, value)
        case FieldType.JSON:
            return value
    text = _exactly(str, value)
    try:
        return parsed(kind, text)
    except (ValueError, binascii.Error):
        raise Refused("bad-format") from None


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise Refused("wrong-type")
    return value


def _text(field: Field, kind: FieldType, value: Any) -> str:
    if field.enum and kind is field.type is FieldType.STRING:
        if not isinstance(value, str) or value not in field.enum:
            raise Refused("not-an-enum-value")
        return value
    text: str = _exactly(str, value)
    if "\x00" in text:
        raise Refused("bad-text")
    if kind is FieldType.EMAIL and not _EMAIL.fullmatch(text):
        raise Refused("bad-format")
    return text


def _integer(field: Field, value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise Refused("wrong-type")
    bits = _BITS.get(field.format or "", 63)
    if not -(2**bits) <= value < 2**bits:
        raise Refused("out-of-range")
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused("wrong-type")
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise Refused("bad-format")
    return plain(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))


def _array(field: Field, value: Any) -> list[Any]:
    items: list[Any] = _exactly(list, value)
    if field.items_type is None:
        return items
    found, errors = [], []
    for place, item in enumerate(items):
        try:
            found.append(
                show(field.items_type, _of_type(field, field.items_type, item))
            )
        except Refused as fault:
            errors += [(f"/{place}{inner}", code) for inner, code in fault.errors]
    if errors:
        raise Refused("items", *errors)
    return found


def parsed(kind: FieldType, text: str) -> Any:
    match kind:
        case FieldType.UUID:
            if not _UUID.fullmatch(text.lower()):
                raise ValueError(text)
            return text.lower()
        case FieldType.DATETIME:
            if not _MOMENT.fullmatch(text):
                raise ValueError(text)
            found = datetime.fromisoformat(text.upper())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(
                UTC
            )
        case FieldType.DATE:
            if not _DAY.fullmatch(text):
                raise ValueError(text)
            return date.fromisoformat(text)
        case FieldType.TIME:
            if not _CLOCK.fullmatch(text):
                raise ValueError(text)
            return time.fromisoformat(text)
        case FieldType.DURATION:
            return _duration_text(*duration(text))
        case FieldType.BINARY:
            return base64.b64decode(text, validate=True)
    raise AssertionError(kind)


def duration(text: str) -> tuple[int, int, int]:
    """Months, days and seconds."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign = -1 if match[1] else 1
    years, months, weeks, days, hours, minutes, seconds = (
        int(g or 0) for g in match.groups()[1:]
    )
    clock = (hours * 60 + minutes) * 60 + seconds
    return sign * (12 * years + months), sign * (7 * weeks + days), sign * clock


def _duration_text(months: int, days: int, seconds: int) -> str:
    sign = "-" if min(months, days, seconds) < 0 else ""
    months, days, seconds = abs(months), abs(days), abs(seconds)
    day = _run((months // 12, "Y"), (months % 12, "M"), (days, "D"))
    clock = _run((seconds // 3600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    if not day and not clock:
        return "PT0S"
    return f"{sign}P{day}" + (f"T{clock}" if clock else "")


def _run(*parts: tuple[int, str]) -> str:
    """The components from the first to the last that count something."""
    counted = [place for place, (count, _) in enumerate(parts) if count]
    if not counted:
        return ""
    return "".join(
        f"{count}{unit}" for count, unit in parts[counted[0] : counted[-1] + 1]
    )


def _constrain(field: Field, value: Any) -> None:
    limits = field.constraints
    if field.type in _TEXTS or field.type is FieldType.BINARY:
        if limits.min_length is not None and len(value) < limits.min_length:
            raise Refused("too-short")
        if limits.max_length is not None and len(value) > limits.max_length:
            raise Refused("too-long")
        if limits.pattern is not None and not _matches(limits.pattern, value):
            raise Refused("pattern")
    if field.type is FieldType.ARRAY:
        if limits.min_items is not None and len(value) < limits.min_items:
            raise Refused("too-short")
        if limits.max_items is not None and len(value) > limits.max_items:
            raise Refused("too-long")
    if field.type is FieldType.DECIMAL:
        _digits(field, value)
    low, high = (_bound(field, limit) for limit in (limits.min, limits.max))
    if (low is not None and value < low) or (high is not None and value > high):
        raise Refused("out-of-range")
    listed = field.type not in (FieldType.STRING, FieldType.ARRAY)
    if field.enum and listed and value not in field.enum:
        raise Refused("not-an-enum-value")


def _bound(field: Field, limit: Any) -> Any:
    if limit is None:
        return None
    if field.type is FieldType.DECIMAL:
        return Decimal(str(limit))
    return parsed(field.type, limit) if isinstance(limit, str) else limit


def _digits(field: Field, value: Decimal) -> None:
    limits = field.constraints
    exponent = int(value.as_tuple().exponent)
    scale = max(0, -exponent)
    whole = max(0, value.adjusted() + 1) if value else 0
    if limits.scale is not None and scale > limits.scale:
        raise Refused("scale")
    if (
        limits.precision is not None
        and whole + (limits.scale or scale) > limits.precision
    ):
        raise Refused("out-of-range")


def _matches(pattern: str, text: str) -> bool:
    return (
        re.search(
            pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""),
            text,
            re.ASCII,
        )
        is not None
    )


def show(kind: FieldType, value: Any) -> Any:
    """The JSON form of a value."""
    if value is None or isinstance(value, Unknown):
        return value
    match kind:
        case FieldType.DECIMAL:
            return format(value, "f")
        case FieldType.DATETIME:
            return value.isoformat().replace("+00:00", "Z")
        case FieldType.DATE | FieldType.TIME:
            return value.isoformat()
        case FieldType.BINARY:
            return base64.b64encode(value).decode()
    return value


def of_time(field: Field, moment: Unknown) -> Any:
    """The time of a write as a value of the field; a day is known beforehand."""
    return moment.since.date() if field.type is FieldType.DATE else moment


def order(field: Field, value: Any) -> Any:
    """What a value is ordered by."""
    if isinstance(value, Unknown):
        raise NotYetKnown(field.name)
    if field.type is FieldType.DURATION:
        months, days, seconds = duration(value)
        return timedelta(days=30 * months + days, seconds=seconds)
    return value
