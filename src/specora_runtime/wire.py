"""The strict parsers of wire text: a native value or `ValueError(reason)`.

They are the only place that decides what a text of a type means, for bodies, query
strings and paths alike. `values` re-exports them.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

_HOUR, _SIXTY = r"(?:[01]\d|2[0-3])", r"[0-5]\d"
_ZONE = rf"[Zz]|[+-]{_HOUR}:{_SIXTY}"
_DATETIME = re.compile(
    rf"(\d{{4}}-\d\d-\d\d)[Tt ]({_HOUR}:{_SIXTY}):({_SIXTY}|60)(\.\d+)?({_ZONE})?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(
    rf"({_HOUR}):({_SIXTY})(?::({_SIXTY}|60)(\.\d+)?)?({_ZONE})?", re.ASCII
)
_NUMBER = r"([+-]?\d{1,7})"
_DURATION = re.compile(
    rf"([+-])?P(?=[\d+-]|T[\d+-])(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[\d+-])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}(\.\d+)?S)?)?",
    re.ASCII,
)
_WEEKS = re.compile(rf"([+-])?P{_NUMBER}W", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,1000}(?:\.\d{1,1000})?", re.ASCII)
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
_INTEGER = re.compile(r"0|-?[1-9]\d{0,18}", re.ASCII)
_FLOAT = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?", re.ASCII)

_DAY = 86_400_000_000
_MAX_COMPONENT = 10**7
_MAX_DEPTH = 64
_EXACT = 2**53
_MAX_INTEGER = 10**308
_INT64 = range(-(2**63), 2**63)
_ARITHMETIC = Context(prec=4096, rounding=ROUND_HALF_UP)


def parse_datetime(text: str) -> datetime:
    """An aware UTC datetime from RFC 3339.

    A space may stand for the `T`, a missing zone is UTC, second 60 is the next second.

    >>> parse_datetime("2024-02-29 23:59:60.25+01:00").isoformat()
    '2024-02-29T23:00:00.250000+00:00'
    """
    match = _DATETIME.fullmatch(text)
    if match is None:
        raise ValueError("not an RFC 3339 date and time")
    day, minute, second, fraction, zone = match.groups()
    leap = second == "60"
    if leap:
        second = "59"
    plain = f"{day}T{minute}:{second}{(fraction or '')[:7]}{(zone or 'Z').upper()}"
    try:
        value = datetime.fromisoformat(plain)
        if leap:
            value += timedelta(seconds=1)
        return value if value.tzinfo is UTC else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("no such date and time") from None


def parse_date(text: str) -> date:
    """A date from `YYYY-MM-DD`."""
    if _DATE.fullmatch(text) is None:
        raise ValueError("not a date (YYYY-MM-DD)")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("no such date") from None


def parse_time(text: str) -> time:
    """A naive UTC time from `HH:MM[:SS[.f]]` with an optional zone.

    >>> parse_time("00:30:00+01:00")
    datetime.time(23, 30)
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("not a time (HH:MM:SS)")
    hour, minute, second, fraction, zone = match.groups()
    micros = (int(hour) * 3600 + int(minute) * 60 + int(second or 0)) * 1_000_000
    micros += _micros(fraction)
    if zone and zone not in "Zz":
        offset = (int(zone[1:3]) * 60 + int(zone[4:6])) * 60_000_000
        micros += offset if zone[0] == "-" else -offset
    return time_of(micros % _DAY)


def time_of(micros: int) -> time:
    """The time that lies `micros` after midnight."""
    seconds, micros = divmod(micros, 1_000_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micros)


def _micros(fraction: str | None) -> int:
    """Microseconds of `.fraction`, cut."""
    return int(fraction[1:7].ljust(6, "0")) if fraction else 0


def parse_duration(text: str) -> str:
    """Canonical ISO 8601 text: months, days and time stay apart.

    >>> parse_duration("PT90M"), parse_duration("P2W"), parse_duration("P14MT5S")
    ('PT1H30M', 'P14D', 'P1Y2MT5S')
    """
    return duration_text(*duration_parts(text))


def duration_parts(text: str) -> tuple[int, int, int]:
    """Months, days and microseconds of an ISO 8601 duration."""
    weeks = _WEEKS.fullmatch(text)
    if weeks is not None:
        return 0, int(weeks[2]) * (-7 if weeks[1] == "-" else 7), 0
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("not an ISO 8601 duration with components below 10,000,000")
    sign = -1 if match[1] == "-" else 1
    years, months, days, hours, minutes, seconds = (
        int(part or 0) for part in match.groups()[1:7]
    )
    micros = _micros(match[8])
    if match[7] and match[7].startswith("-"):
        micros = -micros
    micros += ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
    return sign * (years * 12 + months), sign * days, sign * micros


def duration_text(months: int, days: int, micros: int) -> str:
    """The canonical text of a duration.

    A component between two others is written even when it is zero (`PT1H0M5S`), because
    the grammar of RFC 3339 leaves no gaps.
    """
    if (
        max(abs(months) // 12, abs(days), abs(micros) // 3_600_000_000)
        >= _MAX_COMPONENT
    ):
        raise ValueError("duration with a component of 10,000,000 or more")
    sign = ""
    if max(months, days, micros) <= 0 > min(months, days, micros):
        sign, months, days, micros = "-", -months, -days, -micros
    years, months = _divide(months, 12)
    hours, rest = _divide(micros, 3_600_000_000)
    minutes, rest = _divide(rest, 60_000_000)
    seconds = _seconds(rest)
    day = _contiguous((str(years), "Y"), (str(months), "M"), (str(days), "D"))
    clock = _contiguous((str(hours), "H"), (str(minutes), "M"), (seconds, "S"))
    if not day and not clock:
        return "PT0S"
    return f"{sign}P{day}T{clock}" if clock else f"{sign}P{day}"


def _divide(value: int, by: int) -> tuple[int, int]:
    """Quotient and remainder, both with the sign of `value`."""
    quotient, remainder = divmod(abs(value), by)
    return (-quotient, -remainder) if value < 0 else (quotient, remainder)


def _seconds(micros: int) -> str:
    seconds, fraction = divmod(abs(micros), 1_000_000)
    text = f"{'-' if micros < 0 else ''}{seconds}"
    return f"{text}.{fraction:06}".rstrip("0") if fraction else text


def _contiguous(*parts: tuple[str, str]) -> str:
    """The parts between the first and the last that are not zero."""
    present = [index for index, (number, _) in enumerate(parts) if number != "0"]
    if not present:
        return ""
    return "".join(
        number + unit for number, unit in parts[present[0] : present[-1] + 1]
    )


def parse_decimal(text: str) -> Decimal:
    """A decimal without exponent, normalised: `1.50` is `1.5`."""
    if _DECIMAL.fullmatch(text) is None:
        raise ValueError("not a decimal number")
    return plain_decimal(Decimal(text))


def plain_decimal(value: Decimal) -> Decimal:
    """The same number without trailing zeros, exponent or negative zero."""
    if not value.is_finite() or abs(value.adjusted()) > 2000:
        raise ValueError("decimal out of range")
    value = value.normalize(_ARITHMETIC)
    if not value:
        return Decimal(0)
    exponent = value.as_tuple().exponent
    return (
        value.quantize(Decimal(1), context=_ARITHMETIC) if int(exponent) > 0 else value
    )


def quantize(value: Decimal, scale: int) -> Decimal:
    """`value` with `scale` digits after the point, rounded as PostgreSQL rounds."""
    rounded = plain_decimal(value).quantize(
        Decimal(1).scaleb(-scale), context=_ARITHMETIC
    )
    return rounded if rounded else abs(rounded)


def parse_uuid(text: str) -> str:
    """A UUID in lower case; only the form with four hyphens."""
    lower = text.lower()
    if _UUID.fullmatch(lower) is None:
        raise ValueError("not a UUID")
    return lower


def parse_base64(text: str) -> bytes:
    """Bytes from standard base64 with padding."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None


def parse_integer(text: str) -> int:
    """A 64-bit integer without leading zeros."""
    if _INTEGER.fullmatch(text) is None:
        raise ValueError("not an integer of 64 bits")
    return check_integer(int(text))


def check_integer(value: int) -> int:
    """`value` when it fits 64 bits."""
    if value not in _INT64:
        raise ValueError("not an integer of 64 bits")
    return value


def parse_number(text: str) -> float:
    """A finite float."""
    if _FLOAT.fullmatch(text) is None:
        raise ValueError("not a number")
    return check_number(float(text))


def check_number(value: float) -> float:
    """`value` when it is finite; -0.0 becomes 0.0."""
    if not math.isfinite(value):
        raise ValueError("number out of range")
    return value + 0.0


def parse_boolean(text: str) -> bool:
    """`true` or `false`."""
    if text == "true":
        return True
    if text == "false":
        return False
    raise ValueError("neither true nor false")


def check_text(text: str) -> str:
    """`text` when a database can hold it: no NUL and no lone surrogate."""
    if "\x00" in text:
        raise ValueError("contains a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise ValueError("contains a lone surrogate") from None
    return text


def check_json(value: Any) -> Any:
    """A copy of `value` that every store gives back unchanged.

    jsonb keeps numbers as decimals, so a whole float beyond 2**53 becomes an integer.
    Refused: more than 64 levels, numbers that are not finite, integers beyond 10**308,
    text that `check_text` refuses.
    """
    return _json(value, 0)


def _json(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return check_text(value)
    if isinstance(value, int):
        return _json_integer(value)
    if isinstance(value, float):
        value = check_number(value)
        return (
            _json_integer(int(value))
            if abs(value) > _EXACT and value.is_integer()
            else value
        )
    if depth == _MAX_DEPTH and isinstance(value, dict | list | tuple):
        raise ValueError("nested deeper than 64 levels")
    if isinstance(value, dict):
        return {_json_key(key): _json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item, depth + 1) for item in value]
    raise ValueError(f"a {type(value).__name__} is not a JSON value")


def _json_integer(value: int) -> int:
    if abs(value) > _MAX_INTEGER:
        raise ValueError("integer out of range")
    return value


def _json_key(key: Any) -> str:
    if isinstance(key, str):
        return check_text(key)
    raise ValueError("a JSON object has keys of text")
