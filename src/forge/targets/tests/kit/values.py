"""Legal values of fields, distinct from one another as far as the field allows."""

from __future__ import annotations

import base64
import random as randomness
import string
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from .declarations import Field
from .forms import TEXTUAL, comparable, fits
from .patterns import example

_RANDOM = randomness.SystemRandom()
_STEPS = count(_RANDOM.randrange(1_000_000))
_STRIDE = 7919
"""A prime, so that steps of it come to every number of a range before one comes again."""
_LETTERS = string.ascii_lowercase + string.digits
_START = datetime(2021, 1, 1, tzinfo=UTC)
_SECONDS = 300_000_000
_WINDOW = 1_000_000
_TRIES = 40
_FEW = 64


class NoValue(Exception):
    """No legal value was found for a field."""


def sample(field: Field) -> Any:
    """A legal value in its JSON form."""
    for _ in range(_TRIES):
        value = _sample(field)
        if value is not None and fits(field, value):
            return value
    if field.example:
        return field.example
    raise NoValue(f"no legal value was found for `{field.name}`")


def distinct(field: Field, count: int) -> list[Any]:
    """Up to `count` different legal values: fewer where there are no more."""
    every = choices(field)
    if every is not None:
        return _RANDOM.sample(every, min(count, len(every)))
    found: list[Any] = []
    for _ in range(count * _TRIES):
        value = sample(field)
        if value not in found:
            found.append(value)
        if len(found) == count:
            break
    return found


def another(field: Field, value: Any) -> Any:
    """A legal value other than `value`. Raises `NoValue`."""
    for _ in range(_TRIES):
        other = sample(field)
        if value is None or comparable(field.type, other) != comparable(
            field.type, value
        ):
            return other
    raise NoValue(f"`{field.name}` has no second value")


def choices(field: Field) -> list[Any] | None:
    """Every legal value, where there are few."""
    if field.enum:
        return list(field.enum)
    if field.type == "boolean":
        return [False, True]
    if field.type == "integer" and field.min is not None and field.max is not None:
        low, high = _range(field)
        return list(range(low, high + 1)) if high - low < _FEW else None
    return None


def token(length: int = 10) -> str:
    """A word that occurs nowhere else."""
    return "".join(_RANDOM.choice(_LETTERS) for _ in range(length))


def _sample(field: Field) -> Any:
    if field.enum:
        return _RANDOM.choice(field.enum)
    match field.type:
        case "string" | "text":
            return _text(field)
        case "email":
            return _email(field)
        case "integer":
            low, high = _range(field)
            # Steps and not chances: two keys of 16 bits would meet after some hundred records.
            return low + next(_STEPS) * _STRIDE % (high - low + 1)
        case "number":
            return _number(field)
        case "decimal":
            return _decimal(field)
        case "boolean":
            return _RANDOM.choice((False, True))
        case "array":
            return _array(field)
        case "object":
            return {"word": token(), "depth": {"list": [1, None, True]}}
        case "json":
            return {"word": token(), "list": [1, 2.5, "three"]}
        case "binary":
            size = _clamp(9, field.min_length, field.max_length)
            return base64.b64encode(_RANDOM.randbytes(size)).decode()
        case "uuid":
            return str(uuid4())
        case "duration":
            return f"PT{_RANDOM.randint(1, 900)}H{_RANDOM.randint(1, 59)}M"
    return _moment(field)


def _text(field: Field) -> str | None:
    if field.pattern:
        return example(field.pattern, field.min_length or 0, field.max_length, _RANDOM)
    return token(_clamp(12, field.min_length, field.max_length))


def _email(field: Field) -> str | None:
    if field.pattern:
        found = example(field.pattern, field.min_length or 0, field.max_length, _RANDOM)
        if found is not None and fits(field, found):
            return found
    for ending in ("@example.com", "@x.io", "@x"):
        room = min(field.max_length or 254, 254) - len(ending)
        if room >= 1:
            size = _clamp(12, (field.min_length or 0) - len(ending), min(room, 64))
            return token(max(size, 1)) + ending
    return None


def email_of(length: int) -> str | None:
    """An address of exactly so many characters; `None` where there is none."""
    rest = length - 2
    if rest < 1 or length > 254:
        return None
    local = min(rest, 64)
    labels, rest = [], rest - local + 1
    while rest > 0:
        size = min(rest, 60)
        if rest - size == 1:
            size -= 1
        labels.append("d" * size)
        rest -= size + 1
    found = f"{token(local)}@{'.'.join(labels)}"
    return found if len(found) == length else None


def _range(field: Field) -> tuple[int, int]:
    limit = 2 ** (field.bits - 1)
    given = (field.min is not None, field.max is not None)
    low = max(-limit, _whole(field.min, ROUND_CEILING)) if given[0] else 1
    high = min(limit - 1, _whole(field.max, ROUND_FLOOR)) if given[1] else low + _WINDOW
    if not given[0]:
        low = min(low, high - _WINDOW) if given[1] and high < _WINDOW else low
    return max(low, -limit), min(high, limit - 1)


def _whole(bound: Any, rounding: str) -> int:
    return int(Decimal(str(bound)).to_integral_value(rounding))


def _number(field: Field) -> float:
    low = float(field.min) if field.min is not None else None
    high = float(field.max) if field.max is not None else None
    if low is None:
        low = 0.0 if high is None else high - 1000
    if high is None:
        high = low + 1000
    value = low + (high - low) * _RANDOM.random()
    rounded = round(value * 8) / 8
    return rounded if low <= rounded <= high else value


def _decimal(field: Field) -> str:
    scale = 2 if field.scale is None else field.scale
    if field.precision is not None:
        scale = min(scale, field.precision)
    whole = 5 if field.precision is None else max(field.precision - scale, 0)
    unit = Decimal(1).scaleb(-scale)
    most = Decimal(10) ** min(whole, 12) - unit
    low = Decimal(str(field.min)) if field.min is not None else None
    high = Decimal(str(field.max)) if field.max is not None else None
    low = (
        (Decimal(0) if high is None or high > 0 else high - 1000)
        if low is None
        else low
    )
    high = min(most, low + 10_000) if high is None else high
    steps = int(((high - low) / unit).to_integral_value(ROUND_FLOOR))
    value = low + unit * _RANDOM.randint(0, max(steps, 0))
    return format(value.quantize(unit), "f")


def _array(field: Field) -> list[Any]:
    size = _clamp(2, field.min_items, field.max_items)
    if not field.items:
        return [token(), *range(1, size)][:size]
    item = Field("item", field.items)
    return [sample(item) for _ in range(size)]


def _moment(field: Field) -> str | None:
    value = _START + timedelta(seconds=_RANDOM.randrange(_SECONDS))
    if field.min is not None or field.max is not None:
        value = _between(field, value)
    match field.type:
        case "datetime":
            return value.isoformat().replace("+00:00", "Z")
        case "date":
            return value.date().isoformat()
        case "time":
            return value.time().isoformat()
    return None


def _between(field: Field, value: datetime) -> datetime:
    """A moment inside the bounds, which are as far apart as they are."""
    low, high = (_as_datetime(field, limit) for limit in (field.min, field.max))
    if low is None:
        assert high is not None  # a caller has checked that there is a bound
        low = high - timedelta(days=1 if field.type == "date" else 0, hours=1)
        low = (
            high - timedelta(days=1000)
            if field.type != "time"
            else high.replace(hour=0)
        )
    if high is None:
        high = low + timedelta(days=1000)
        if field.type == "time":
            high = low.replace(hour=23, minute=59, second=59)
    seconds = int((high - low).total_seconds())
    return low + timedelta(seconds=_RANDOM.randint(0, max(seconds, 0)))


def _as_datetime(field: Field, limit: Any) -> datetime | None:
    if limit is None:
        return None
    value = comparable(field.type, limit)
    if field.type == "time":
        return datetime.combine(_START.date(), value, UTC)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


def _clamp(wanted: int, least: int | None, most: int | None) -> int:
    top = wanted if most is None else min(wanted, most)
    return max(top, least or 0)


def unicode_text(field: Field) -> Iterable[str]:
    """Texts that get lost where somebody cuts, folds or escapes."""
    if field.type in TEXTUAL and field.type != "email":
        yield "Grüße, 漢字 \U0001f600 \u202eabc"
        yield 'it\'s "quoted" \\ % _ ${x} {{ y }}'
        yield "  spaces around  "
