"""Contract values in the forms in which the stores hold them.

`None` means that the value has no such form; the rules of the language report it, so
here it only keeps a statement from being wrong.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID


def decimal(value: object) -> Decimal | None:
    """The number that a contract writes as a number or as text.

    >>> decimal("0.50"), decimal(1e3)
    (Decimal('0.5'), Decimal('1000'))
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 2000:
        return None
    return Decimal(_without_zeros(format(number, "f")))


def decimal_text(value: object, scale: int | None) -> str | None:
    """The text of a decimal, padded to its scale as the runtime stores it.

    >>> decimal_text(5, 2), decimal_text("0.125", 2), decimal_text("-0", None)
    ('5.00', '0.125', '0')
    """
    number = decimal(value)
    if number is None:
        return None
    text = format(number, "f") if number else "0"
    digits = len(text.partition(".")[2])
    if not scale or digits >= scale:
        return text
    point = "" if digits else "."
    return text + point + "0" * (scale - digits)


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


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
