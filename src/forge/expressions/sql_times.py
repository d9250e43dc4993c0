"""Dates and times that a contract writes as text, as SQL literals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from forge.expressions.functions import ValueType
from forge.expressions.sql_text import Refused, duration_literal


def temporal_literal(value: object, wanted: ValueType, dialect: str) -> str:
    """A text literal beside a date or time; a datetime without an offset is UTC."""
    if not isinstance(value, str):
        raise Refused
    try:
        match wanted:
            case ValueType.DATE:
                day = date.fromisoformat(value).isoformat()
                return f"'{day}'" if dialect == "sqlite" else f"DATE '{day}'"
            case ValueType.DATETIME if dialect == "postgres":
                moment = datetime.fromisoformat(value)
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                return f"TIMESTAMPTZ '{moment.astimezone(UTC).isoformat()}'"
            case ValueType.TIME if dialect == "postgres":
                hour = time.fromisoformat(value)
                if hour.tzinfo is not None:
                    raise Refused
                return f"TIME '{hour.isoformat()}'"
            case ValueType.DURATION if dialect == "postgres":
                return duration_literal(value)
    except (ValueError, OverflowError) as error:
        raise Refused from error
    # The other stored forms in SQLite are the store's own choice.
    raise Refused
