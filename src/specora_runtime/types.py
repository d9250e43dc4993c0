"""The vocabulary of generated models: what a value in a request body may look like.

Every type accepts exactly one JSON form and yields the native value of `entity.Type`.
Faults carry the stable codes that `bodies.validate` hands to clients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Final, Self

import msgspec
from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from . import values
from .constraints import (
    Bounds,
    Format,
    Items,
    Length,
    OneOf,
    Pattern,
    Precision,
    digits_of,
    fault,
    refused,
)

__all__ = [
    "UNSET",
    "Answer",
    "Base64",
    "Body",
    "Boolean",
    "Bounds",
    "Date",
    "DecimalText",
    "Duration",
    "Email",
    "Format",
    "Int16",
    "Int32",
    "Int64",
    "Items",
    "JsonArray",
    "JsonObject",
    "JsonValue",
    "Length",
    "Number",
    "OneOf",
    "Pattern",
    "Precision",
    "Representation",
    "Text",
    "Time",
    "Timestamp",
    "Uuid",
]

NO_NUL: Final = r"\A[^\x00]*\z"
"""The pattern that every text meets; a mismatch is `bad-text`, not `pattern`."""

MAX_DECIMAL_DIGITS: Final = 1000
"""Digits on either side of the point of a decimal without declared precision."""

INEXACT: Final = "inexact"
"""Error of a JSON number that no float holds; `bodies` then reads the number's text."""

_EMAIL: Final = (
    r"\A[^\s@\x00-\x1f\x7f\"(),:;<>\[\\\]]{1,64}@"
    r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?"
    r"(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?)*\z"
)


class Unset:
    """The type of `UNSET`."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final[Any] = Unset()
"""Default of a field that a body may leave out; `bodies.validate` leaves it out too."""


class Body(BaseModel):
    """Base of request bodies: strict, closed to unknown fields, built on first use."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", strict=True, defer_build=True, frozen=True
    )


class Representation(BaseModel):
    """Base of response models, which type and document what the renderer writes."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        populate_by_name=True, defer_build=True
    )


class Answer(BaseModel):
    """Base of what handlers answer: checked against the contract when it is made."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        strict=True,
        defer_build=True,
        frozen=True,
        populate_by_name=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _as_on_the_wire(cls, data: Any) -> Any:
        """Native values in the one form that the types of fields read."""
        return msgspec.to_builtins(data)


class Numeral(float):
    """A JSON number that knows its text, so that a decimal is read without rounding."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        self = super().__new__(cls, text)
        self.text = text
        return self


@dataclass(frozen=True, slots=True)
class Wire:
    """Annotation that replaces the core schema of a type, and its JSON Schema."""

    core: Callable[[], CoreSchema]
    json: Callable[[], JsonSchemaValue]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return self.core()

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.json()


def _integer(bits: int) -> Wire:
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    number = core_schema.int_schema(strict=True, ge=low, le=high)
    # Bytes take the compiled way. What it refuses `bodies` reads again, as Python values.
    schema = core_schema.json_or_python_schema(
        number, core_schema.no_info_before_validator_function(_whole, number)
    )
    return Wire(
        lambda: schema,
        lambda: {"type": "integer", "minimum": low, "maximum": high},
    )


def _whole(value: object) -> object:
    """A float without a fraction as the integer it is: JSON has one kind of number."""
    if not isinstance(value, float) or not value.is_integer():
        return value
    if not isinstance(value, Numeral):
        return int(value)
    exact = _decimal_of(value.text)
    return int(exact) if exact == exact.to_integral_value() else value


def _parsed(parse: Callable[[str], object], kind: str, **json: Any) -> Wire:
    """A type that is written as a JSON string and read by `parse`."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise fault("wrong-type", f"must be a string ({kind})")
        try:
            return parse(value)
        except ValueError as reason:
            raise refused(reason) from None

    return _function(read, {"type": "string", **json}, kind)


def _function(read: Callable[[Any], object], json: JsonSchemaValue, kind: str) -> Wire:
    return Wire(
        lambda: core_schema.no_info_plain_validator_function(
            read, metadata={"kind": kind}
        ),
        lambda: dict(json),
    )


def _read_decimal(value: object) -> Decimal:
    number: Decimal
    if isinstance(value, str):
        try:
            number = values.parse_decimal(value)
        except ValueError as reason:
            raise refused(reason) from None
    elif isinstance(value, Numeral):
        number = _without_zeros(_decimal_of(value.text))
    elif isinstance(value, int) and not isinstance(value, bool):
        number = Decimal(value)
    elif isinstance(value, float):
        number = _without_zeros(Decimal(repr(value)))
        # Beyond 15 digits a float is rounded, and near zero it holds fewer of them.
        digits = len(number.as_tuple().digits)
        if digits > 15 or not 1e-290 < abs(value) < 1e290:
            raise fault(INEXACT, "must be read from its text")
    else:
        raise fault("wrong-type", "must be a decimal number, best written as a string")
    whole, scale = digits_of(number)
    if whole > MAX_DECIMAL_DIGITS or scale > MAX_DECIMAL_DIGITS:
        raise fault("out-of-range", f"must have at most {MAX_DECIMAL_DIGITS} digits")
    return number


def _decimal_of(text: str) -> Decimal:
    if len(text) > 2 * MAX_DECIMAL_DIGITS:
        raise fault("out-of-range", "must have fewer digits")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise fault("out-of-range", "has an exponent that is too large") from None


def _without_zeros(number: Decimal) -> Decimal:
    """Drop zeros at the end of a fraction: as JSON numbers, 1.50 and 1.5 are one."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return number
    if not number:
        return Decimal(0)
    text = "".join(map(str, digits))
    zeros = min(len(text) - len(text.rstrip("0")), -exponent)
    return Decimal((sign, digits[: len(digits) - zeros], exponent + zeros))


def _json_type(expected: type | None, kind: str) -> Wire:
    def read(value: object) -> object:
        # No type holds null, which no column tells from a value that is missing.
        if value is None or (expected is not None and type(value) is not expected):
            raise fault("wrong-type", f"must be {kind}")
        try:
            return values.check_json(value)
        except ValueError as reason:
            raise refused(reason) from None

    names: dict[type | None, JsonSchemaValue] = {
        dict: {"type": "object"},
        list: {"type": "array"},
    }
    return _function(read, names.get(expected, {}), kind)


def _email() -> CoreSchema:
    return core_schema.str_schema(strict=True, pattern=_EMAIL, max_length=254)


Text = Annotated[
    str,
    Wire(
        lambda: core_schema.str_schema(strict=True, pattern=NO_NUL),
        lambda: {"type": "string"},
    ),
]
Email = Annotated[str, Wire(_email, lambda: {"type": "string", "format": "email"})]
Uuid = Annotated[str, _parsed(values.parse_uuid, "a UUID", format="uuid")]
Int64 = Annotated[int, _integer(64)]
Int32 = Annotated[int, _integer(32)]
Int16 = Annotated[int, _integer(16)]
Number = Annotated[
    float,
    Wire(
        lambda: core_schema.float_schema(strict=True, allow_inf_nan=False),
        lambda: {"type": "number"},
    ),
]
DecimalText = Annotated[
    Decimal,
    _function(_read_decimal, {"type": "string", "format": "decimal"}, "decimal"),
]
"""A decimal number: a JSON string, or a number. `Precision` bounds its digits."""
Boolean = Annotated[
    bool,
    Wire(lambda: core_schema.bool_schema(strict=True), lambda: {"type": "boolean"}),
]
Timestamp = Annotated[
    datetime, _parsed(values.parse_datetime, "date-time", format="date-time")
]
Date = Annotated[date, _parsed(values.parse_date, "date", format="date")]
Time = Annotated[time, _parsed(values.parse_time, "time", format="time")]
Duration = Annotated[str, _parsed(values.parse_duration, "duration", format="duration")]
Base64 = Annotated[
    bytes, _parsed(values.parse_base64, "base64", contentEncoding="base64")
]
JsonValue = Annotated[Any, _json_type(None, "a JSON value")]
JsonObject = Annotated[dict[str, Any], _json_type(dict, "an object")]
JsonArray = Annotated[list[Any], _json_type(list, "an array")]
