"""Decimal numbers of contracts as the text by which services know them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def decimal(value: object) -> Decimal | None:
    """The number that a contract writes as a number or as text; `None` for another value.

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
    """The text of a decimal, padded to its scale as the runtime stores and answers it.

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


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
