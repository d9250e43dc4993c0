"""The functions of the language: how each is written, what it takes and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ValueType(StrEnum):
    """What a value is; `any` where it is not known."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    UUID = "uuid"
    JSON = "json"
    LIST = "list"
    NULL = "null"
    ANY = "any"


NUMERIC = frozenset({ValueType.INTEGER, ValueType.NUMBER, ValueType.DECIMAL})
TEMPORAL = frozenset(
    {ValueType.DATETIME, ValueType.DATE, ValueType.TIME, ValueType.DURATION}
)
ORDERED = NUMERIC | TEMPORAL | {ValueType.TEXT, ValueType.BOOLEAN}
TEXT = frozenset({ValueType.TEXT})
SIZED = frozenset({ValueType.TEXT, ValueType.LIST, ValueType.JSON})
PRINTABLE = ORDERED | {ValueType.UUID}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes; `result` is None where it is the type of the arguments."""

    parameters: tuple[frozenset[ValueType], ...]
    result: ValueType | None
    method: str | None = None
    """The name after a dot, for a function that is written `x.method()`."""
    function: bool = True
    """Whether the form `function(x)` exists."""


_PAIR = (TEXT, TEXT)
_ANYTHING = frozenset(ValueType)

FUNCTIONS: dict[str, Signature] = {
    "size": Signature((SIZED,), ValueType.INTEGER, "size"),
    "has": Signature((_ANYTHING,), ValueType.BOOLEAN),
    "matches": Signature(_PAIR, ValueType.BOOLEAN, "matches"),
    "startsWith": Signature(_PAIR, ValueType.BOOLEAN, "startsWith", function=False),
    "endsWith": Signature(_PAIR, ValueType.BOOLEAN, "endsWith", function=False),
    "contains": Signature(_PAIR, ValueType.BOOLEAN, "contains", function=False),
    "lower": Signature((TEXT,), ValueType.TEXT, "lowerAscii"),
    "upper": Signature((TEXT,), ValueType.TEXT, "upperAscii"),
    "trim": Signature((TEXT,), ValueType.TEXT, "trim"),
    "now": Signature((), ValueType.DATETIME),
    "today": Signature((), ValueType.DATE),
    "duration": Signature(
        (frozenset({ValueType.TEXT, ValueType.DURATION}),), ValueType.DURATION
    ),
    "round": Signature((NUMERIC, frozenset({ValueType.INTEGER})), None),
    "abs": Signature((NUMERIC,), None),
    "min": Signature((ORDERED, ORDERED), None),
    "max": Signature((ORDERED, ORDERED), None),
    "string": Signature((PRINTABLE,), ValueType.TEXT),
    "int": Signature((NUMERIC | TEXT,), ValueType.INTEGER),
    "double": Signature((NUMERIC | TEXT,), ValueType.NUMBER),
}
METHODS = {
    signature.method: name
    for name, signature in FUNCTIONS.items()
    if signature.method is not None
}
USER_ATTRIBUTES = ("id", "email", "role")
"""What a condition may ask of the user who acts; each is text, or null without a user."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function of the domain's own."""

    name: str
    type: ValueType
    """The form in which it is given; `any` for the form that the value has."""
    takes: tuple[ValueType, ...]
    is_nullable: bool = False


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function of the domain's own, which expressions may call by its name."""

    name: str
    module: str = ""
    """The module below `behaviors/` that holds it."""
    alias: str = ""
    """What the generated code calls it."""
    parameters: tuple[Parameter, ...] | None = None
    """`None` where it cannot be called, which is not for the expression to report."""
    required: int = 0
    """How many of the parameters have no default."""
    result: ValueType = ValueType.ANY
