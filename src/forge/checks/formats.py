"""The narrower forms that `format` may name."""

from __future__ import annotations

from forge.checks.values import INTEGER_RANGES
from forge.ir.types import FORMATS, TEXTUAL, FieldType

HINTS = frozenset({"html", "markdown", "multiline", "code"})
"""How a text is shown: there is nothing to enforce."""

CHECKED = frozenset(
    {
        "color", "country", "currency", "date", "date-time", "language", "phone", "regex", "time",
        "url", "uuid",
    }
)  # fmt: skip
"""What a text holds, besides `FORMATS`. No target enforces these yet."""

INTEGERS = frozenset(INTEGER_RANGES)


def formats_of(type: FieldType) -> frozenset[str]:
    """The formats that a field of the type may have."""
    if type is FieldType.INTEGER:
        return INTEGERS
    return HINTS | FORMATS | CHECKED if type in TEXTUAL else frozenset()
