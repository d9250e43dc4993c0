"""What values look like in JSON: reading them, comparing them, deciding whether they fit."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from .declarations import Field
from .patterns import compiled

TEXTUAL = frozenset({"string", "text", "email"})
STRUCTURED = frozenset({"array", "object", "json"})
ORDERED = frozenset(
    {*TEXTUAL, "uuid", "integer", "number", "decimal"}
    | {"datetime", "date", "time", "duration"}
)
"""Types whose filters know `gt` and the like."""

SORTABLE = ORDERED | {"boolean"}

_EMAIL = re.compile(
    r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", re.ASCII
)
_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_TIME = re.compile(r"\d\d:\d\d:\d\d(?:\.\d{1,6})?")
_DECIMAL = re.compile(r"-?\d+(?:\.(\d+))?")


def comparable(kind: str, value: Any) -> Any:
    """The value that a JSON form of type `kind` stands for: equal values are equal."""
    if value is None:
        return None
    match kind:
        case "decimal":
            return Decimal(str(value))
        case "number":
            return float(value)
        case "datetime":
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
        case "duration":
            return duration(value)
        case "uuid":
            return value.lower()
    return value


def duration(text: str) -> tuple[Decimal, str]:
    """The length of a duration in seconds (months count as 30 days), and its text."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    years, months, days, hours, minutes, seconds = (
        Decimal(p or 0) for p in found.groups()
    )
    whole = (years * 12 + months) * 30 + days
    return ((whole * 24 + hours) * 60 + minutes) * 60 + seconds, text


def same(field: Field, one: Any, other: Any) -> bool:
    """Whether two JSON forms are one value of `field`; `true` is not `1`."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if field.type == "array" and isinstance(one, list) and isinstance(other, list):
        item = Field("item", field.items or "json")
        return len(one) == len(other) and all(
            same(item, left, right) for left, right in zip(one, other, strict=True)
        )
    try:
        return bool(comparable(field.type, one) == comparable(field.type, other))
    except (ValueError, TypeError, ArithmeticError):
        return False


def well_formed(field: Field, value: Any) -> bool:
    """Whether `value` is how a representation writes a value of `field`."""
    if value is None:
        return not field.required
    match field.type:
        case "uuid":
            return isinstance(value, str) and bool(_UUID.fullmatch(value))
        case "datetime":
            return isinstance(value, str) and bool(_DATETIME.fullmatch(value))
        case "time":
            return isinstance(value, str) and bool(_TIME.fullmatch(value))
        case "decimal":
            found = _DECIMAL.fullmatch(value) if isinstance(value, str) else None
            scale = len(found[1] or "") if found else -1
            return found is not None and field.scale in (None, scale)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case "json":
            return True
    return isinstance(value, str)


def fits(field: Field, value: Any) -> bool:
    """Whether a JSON form of the right type meets the field's constraints."""
    if field.enum:
        return value in field.enum
    if field.type == "array":
        item = Field("item", field.items) if field.items else None
        return _within(len(value), field.min_items, field.max_items) and (
            item is None or all(fits(item, one) for one in value)
        )
    if field.type in TEXTUAL:
        return _text_fits(field, value)
    if field.type == "binary":
        size = len(base64.b64decode(value))
        return _within(size, field.min_length, field.max_length)
    if field.type == "integer":
        limit = 2 ** (field.bits - 1)
        return -limit <= value < limit and _bounded(field, value)
    if field.type == "decimal":
        return _digits_fit(field, Decimal(str(value))) and _bounded(field, value)
    return field.type not in ORDERED or _bounded(field, value)


def _text_fits(field: Field, value: str) -> bool:
    if field.type == "email" and (len(value) > 254 or not _EMAIL.fullmatch(value)):
        return False
    if field.pattern and compiled(field.pattern).search(value) is None:
        return False
    return _within(len(value), field.min_length, field.max_length)


def _digits_fit(field: Field, value: Decimal) -> bool:
    exponent = value.normalize().as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    if field.scale is not None and scale > field.scale:
        return False
    whole = max(0, value.adjusted() + 1) if value else 0
    return field.precision is None or whole + (field.scale or scale) <= field.precision


def _within(size: int, least: int | None, most: int | None) -> bool:
    return (least is None or size >= least) and (most is None or size <= most)


def _bounded(field: Field, value: Any) -> bool:
    if field.min is None and field.max is None:
        return True
    this = comparable(field.type, value)
    low, high = (bound(field, limit) for limit in (field.min, field.max))
    return (low is None or this >= low) and (high is None or this <= high)


def bound(field: Field, limit: Any) -> Any:
    """A `min` or `max` as a comparable value; contracts write some of them as text."""
    if limit is None:
        return None
    if field.type == "integer":
        return limit
    return comparable(field.type, limit)


def is_base64(text: str) -> bool:
    """Whether `text` is canonical base64."""
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except binascii.Error:
        return False
