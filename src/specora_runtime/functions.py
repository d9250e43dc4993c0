"""Functions of `behaviors/` that expressions call: plain functions of values.

Each kind of value has one form in which it is given and taken back. Null is given only
where the function takes it; otherwise a call with null gives null, as any operator does.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Generic, ParamSpec, TypeVar

from .behavior import BehaviorError, place_of, refuse_stub
from .expression_values import (
    as_date,
    as_datetime,
    as_decimal,
    as_number,
    as_time,
    duration,
)

Given = ParamSpec("Given")
Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Form]):
    """One kind of values: how they are given to a function, and what it may return."""

    given: Callable[[object], Form | None]
    """A value in the form of this kind; null for what has none."""
    legal: Callable[[object], bool]
    """Whether a function may return it."""
    stored: Callable[[Any], object] | None = None
    """The form in which expressions go on with what was returned, where it is another."""


def call(
    kind: Kind[Form],
    function: Callable[Given, Form | None],
    *arguments: Given.args,
    **named: Given.kwargs,
) -> object:
    """What the function gives. Raises `Unfinished` for a stub.

    Anything else that it raises, and a value of another kind, is a fault of the service.
    """
    try:
        found = function(*arguments, **named)
    except NotImplementedError as fault:
        refuse_stub(function, fault)
        raise
    if found is None:
        return None
    if not kind.legal(found):
        shown = type(found).__name__
        raise BehaviorError(f"{place_of(function)} returned what does not fit: {shown}")
    return found if kind.stored is None else kind.stored(found)


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | uuid.UUID) else None


def _is_text(value: object) -> bool:
    """Whether every database can hold the text."""
    if not isinstance(value, str) or "\0" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return math.isfinite(value)


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _uuid(value: object) -> uuid.UUID | None:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _list(value: object) -> Any:
    # A function keeps what it is given apart from the record.
    return deepcopy(list(value)) if isinstance(value, list | tuple) else None


def _mapping(value: object) -> Any:
    return deepcopy(value) if isinstance(value, dict) else None


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


TEXT: Final = Kind(_text, _is_text)
INTEGER: Final = Kind(_integer, lambda value: _integer(value) is not None)
NUMBER: Final = Kind(as_number, _is_number, as_number)
DECIMAL: Final = Kind(as_decimal, _is_number, as_decimal)
BOOLEAN: Final = Kind(_boolean, lambda value: isinstance(value, bool))
DATETIME: Final = Kind(as_datetime, _is_moment, as_datetime)
DATE: Final = Kind(as_date, _is_day)
TIME: Final = Kind(as_time, lambda value: isinstance(value, time), as_time)
DURATION: Final = Kind(duration, lambda value: isinstance(value, timedelta))
UUID: Final = Kind(_uuid, lambda value: isinstance(value, uuid.UUID), str)
LIST: Final = Kind(_list, lambda value: isinstance(value, list | tuple), list)
JSON: Final = Kind(_mapping, lambda value: isinstance(value, Mapping), dict)


def anything(value: object) -> Any:
    """A value in the form that it has, apart from the record."""
    return deepcopy(value) if isinstance(value, list | dict) else value
