"""The legal values of enums, in the forms in which filters compare them."""

from __future__ import annotations

from functools import cache
from typing import Any

from .entity import Field, Type
from .values import json_form, native


def legal_values(field: Field) -> tuple[Any, ...]:
    """The values of `field`'s enum as `values.parse` gives them.

    Of an array they are those of its elements, as `values.parse_item` gives them.
    """
    return _legal(field.type, field.items, field.values)


@cache
def _legal(
    type: Type, items: Type | None, values: tuple[str | int | float, ...]
) -> tuple[Any, ...]:
    if type is Type.ARRAY:
        return tuple(
            value if items is None else json_form(items, value) for value in values
        )
    return tuple(native(Field(name="", type=type), value) for value in values)
