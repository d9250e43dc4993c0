"""How asyncpg's values become those of a record, where its own conversion differs.

Its own reading of dates turns the first and last moment of the calendar into infinity, and
gives them back without a zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from .wire import duration_parts, duration_text

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _moment(value: datetime) -> tuple[int]:
    return ((value - _EPOCH) // _MICROSECOND,)


def _datetime(parts: tuple[int]) -> datetime:
    try:
        return _EPOCH + timedelta(0, 0, parts[0])
    except OverflowError:
        # Infinity, or a year that Python does not count; another program wrote it.
        return _LAST if parts[0] > 0 else _FIRST


def _day(value: date) -> tuple[int]:
    return (value.toordinal() - _EPOCH_DAY,)


def _date(parts: tuple[int]) -> date:
    try:
        return date.fromordinal(parts[0] + _EPOCH_DAY)
    except (ValueError, OverflowError):
        return date.max if parts[0] > 0 else date.min


def _duration(parts: tuple[int, int, int]) -> str:
    return duration_text(*parts)


_TUPLES = (
    ("timestamptz", _moment, _datetime),
    ("date", _day, _date),
    ("interval", duration_parts, _duration),
)


async def set_codecs(session: Any) -> None:
    """Teach a new session the values that `values` expects."""
    await session.set_type_codec("jsonb", encoder=str, decoder=str, schema="pg_catalog")
    for name, encoder, decoder in _TUPLES:
        await session.set_type_codec(
            name, encoder=encoder, decoder=decoder, schema="pg_catalog", format="tuple"
        )
