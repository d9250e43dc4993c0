"""Records as elements of a JSON array: how one statement brings what belongs to its rows.

Every type has an expression that loses nothing and the function that reads it back, side
by side for each dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, TypeAlias

from .dialect import Dialect
from .entity import Entity, Field, Record, Type
from .values import Codec, decoder
from .wire import duration_text

Reader: TypeAlias = Callable[[Any], Any]
"""From the decoded JSON to records, or `None` where there is none."""

CHUNK: Final = 64
"""Most arguments of a function on either database, with room to spare."""


def _moment(text: str) -> datetime:
    if text.endswith("infinity"):
        end = datetime.min if text.startswith("-") else datetime.max
        return end.replace(tzinfo=UTC)
    return datetime.fromisoformat(text)


def _day(text: str) -> date:
    if text.endswith("infinity"):
        return date.min if text.startswith("-") else date.max
    return date.fromisoformat(text)


def _duration(parts: list[int]) -> str:
    return duration_text(*parts)


_INTERVAL: Final = (
    "CASE WHEN {0} IS NOT NULL THEN json_build_array("
    "(extract(year FROM {0}) * 12 + extract(month FROM {0}))::bigint, "
    "extract(day FROM {0})::bigint, "
    "(extract(hour FROM {0}) * 3600000000 + extract(minute FROM {0}) * 60000000"
    " + extract(microseconds FROM {0}))::bigint) END"
)

_CARRIED: Final[dict[str, dict[Type, tuple[str, Codec | None]]]] = {
    "postgresql": {
        Type.NUMBER: ("{0}", float),
        Type.DECIMAL: ("{0}::text", Decimal),
        Type.DATETIME: ("{0}", _moment),
        Type.DATE: ("{0}", _day),
        Type.TIME: ("{0}", time.fromisoformat),
        Type.DURATION: (_INTERVAL, _duration),
        Type.BINARY: ("encode({0}, 'hex')", bytes.fromhex),
        # Inside JSON they are JSON already.
        Type.ARRAY: ("{0}", None),
        Type.OBJECT: ("{0}", None),
        Type.JSON: ("{0}", None),
    },
    "sqlite": {
        # JSON of SQLite rounds floats to 15 digits.
        Type.NUMBER: ("exact({0})", float),
        Type.BINARY: (
            "CASE WHEN {0} IS NOT NULL THEN hex({0}) END",
            bytes.fromhex,
        ),
    },
}


def carried(field: Field, dialect: Dialect, table: str) -> str:
    """The column of `table` as an element of a JSON array."""
    known = _CARRIED[dialect.name].get(field.type)
    column = dialect.column(field, table)
    return column if known is None else known[0].format(column)


def carrier(field: Field, dialect: Dialect) -> Codec | None:
    """The function from the element of `carried` to the native value; `None` for the same."""
    known = _CARRIED[dialect.name].get(field.type)
    return decoder(field, dialect) if known is None else known[1]


def carried_record(
    entity: Entity, dialect: Dialect, table: str, extra: Sequence[str] = ()
) -> str:
    """The row of `table` as a JSON array, which `reader_of` reads; `extra` comes last."""
    values = [carried(field, dialect, table) for field in entity.fields]
    starts = range(0, len(values), CHUNK)
    chunks = [dialect.json_array(values[start : start + CHUNK]) for start in starts]
    return dialect.json_array([*chunks, *extra])


def reader_of(entity: Entity, dialect: Dialect) -> Reader:
    """The function from the array of `carried_record` to the record."""
    names = tuple(field.name for field in entity.fields)
    decoders = tuple(
        (field.name, decode)
        for field in entity.fields
        if (decode := carrier(field, dialect)) is not None
    )
    count = -(-len(names) // CHUNK)

    def read(carried: list[Any]) -> Record:
        values = carried[0]
        for more in carried[1:count]:
            values = values + more
        record = dict(zip(names, values, strict=True))
        for name, decode in decoders:
            value = record[name]
            if value is not None:
                record[name] = decode(value)
        return record

    return read
