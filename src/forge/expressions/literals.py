"""What a literal stands for, and which texts stand for dates and times."""

from __future__ import annotations

from datetime import date, datetime, time

from forge.expressions.durations import is_duration
from forge.expressions.functions import ValueType
from forge.expressions.tree import Expression, Literal

EXAMPLES = {
    ValueType.DATETIME: "2025-01-31T12:00:00Z",
    ValueType.DATE: "2025-01-31",
    ValueType.TIME: "12:00:00",
    ValueType.DURATION: "PT2H",
}
"""How a text beside a date or time is written."""


def literal_text(node: Expression) -> str | None:
    """The value of a string literal; None for every other node."""
    return (
        node.value
        if isinstance(node, Literal) and isinstance(node.value, str)
        else None
    )


def literal_type(value: object) -> ValueType:
    """The type of a literal's value."""
    match value:
        case None:
            return ValueType.NULL
        case bool():
            return ValueType.BOOLEAN
        case int():
            return ValueType.INTEGER
        case float():
            return ValueType.NUMBER
    return ValueType.TEXT


def reads_as(text: str, wanted: ValueType) -> bool:
    """Whether a text is written as a value of the type."""
    if wanted is ValueType.DURATION:
        return is_duration(text)
    try:
        match wanted:
            case ValueType.DATETIME:
                datetime.fromisoformat(text)
            case ValueType.DATE:
                date.fromisoformat(text)
            case _:
                time.fromisoformat(text)
    except ValueError:
        return False
    return True
