"""Filters on values inside objects, whose type only a record tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from forge.ir.entities import Field
from forge.ir.types import FieldType
from tests.model.answers import Row

INSIDE = Field(name="value", type=FieldType.TEXT, column="value")
"""Reads what is compared with a value inside an object."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, other: bool(one == other),
    "gt": lambda one, other: bool(one > other),
    "gte": lambda one, other: bool(one >= other),
    "lt": lambda one, other: bool(one < other),
    "lte": lambda one, other: bool(one <= other),
}


def inside(
    field: Field, path: Sequence[str], operator: str, value: Any
) -> Callable[[Row], bool]:
    """The condition on what a path leads to."""

    def holds(row: Row) -> bool:
        held = row[field.name]
        for step in path:
            held = held.get(step) if isinstance(held, dict) else None
        if operator == "null":
            return (held is None) == value
        return held is not None and _matches(operator, held, value)

    return holds


def _matches(operator: str, held: Any, value: Any) -> bool:
    match operator:
        case "ne":
            return not _compares("eq", held, value)
        case "in":
            return any(_compares("eq", held, one) for one in value)
        case "nin":
            return not any(_compares("eq", held, one) for one in value)
        case "between":
            if isinstance(held, str):
                return bool(value[0] <= held <= value[1])
            return _compares("gte", held, value[0]) and _compares("lte", held, value[1])
        case "contains":
            return isinstance(held, str) and value in held
        case "startswith":
            return isinstance(held, str) and held.startswith(value)
        case "endswith":
            return isinstance(held, str) and held.endswith(value)
    return _compares(operator, held, value)


def _compares(operator: str, held: Any, text: str) -> bool:
    """Text with text, a number with what writes one, a truth with its word."""
    sign = _SIGNS[operator]
    if isinstance(held, str):
        return sign(held, text)
    if isinstance(held, bool):
        return operator == "eq" and text == ("true" if held else "false")
    if isinstance(held, int | float) and _NUMBER.fullmatch(text):
        return sign(Decimal(repr(held)), Decimal(text))
    return False
