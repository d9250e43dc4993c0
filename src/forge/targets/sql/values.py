"""Contract values in the forms in which the stores hold them.

`None` means that the value has no such form; the rules of the language report it, so
here it only keeps a statement from being wrong.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, date, datetime, time
from uuid import UUID

from forge.emit.decimals import decimal, decimal_text

__all__ = [
    "clock_text",
    "day_text",
    "decimal",
    "decimal_text",
    "json_text",
    "moment",
    "moment_text",
    "octets",
    "uuid_text",
]


def moment(value: object) -> datetime | None:
    """A time in UTC; without a zone it is read as UTC."""
    try:
        found = datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def moment_text(value: object) -> str | None:
    """A time in UTC of fixed width, whose order as text is its order in time.

    >>> moment_text("2024-01-01T01:00:00+01:00")
    '2024-01-01T00:00:00.000000Z'
    """
    found = moment(value)
    if found is None:
        return None
    return found.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def day_text(value: object) -> str | None:
    """A date."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


def clock_text(value: object) -> str | None:
    """A time of day of fixed width."""
    try:
        found = time.fromisoformat(str(value))
    except ValueError:
        return None
    return found.replace(tzinfo=None).isoformat(timespec="microseconds")


def uuid_text(value: object) -> str | None:
    """A UUID in lower case with hyphens."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        return None


def octets(value: object) -> bytes | None:
    """The bytes that base64 text stands for."""
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        return None


def json_text(value: object) -> str:
    """JSON without spaces, in the order of the contract."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
