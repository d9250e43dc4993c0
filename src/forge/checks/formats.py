"""The narrower forms that `format` may name."""

from __future__ import annotations

from forge.checks.values import INTEGER_RANGES
from forge.ir.types import TEXTUAL, FieldType

HINTS = frozenset({"html", "markdown", "multiline", "code"})
"""How a text is shown: there is nothing to enforce."""

CHECKED = frozenset(
    {
        "color", "country", "currency", "date", "date-time", "hostname", "ipv4", "ipv6", "language",
        "phone", "regex", "slug", "time", "uri", "url", "uuid",
    }
)  # fmt: skip
"""What a text holds. No target enforces these yet."""

INTEGERS = frozenset(INTEGER_RANGES)


def formats_of(type: FieldType) -> frozenset[str]:
    """The formats that a field of the type may have."""
    if type is FieldType.INTEGER:
        return INTEGERS
    return HINTS | CHECKED if type in TEXTUAL else frozenset()
