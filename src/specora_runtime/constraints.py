"""Constraints of generated models: lengths, patterns, bounds and digits.

Where Pydantic's compiled validators know a constraint it goes into their schema; the
others are functions behind it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from . import values
from .formats import MAX_HOSTNAME, PATTERNS, check_format


def fault(code: str, detail: str) -> PydanticCustomError:
    """The error that a validator raises; `code` is what clients see."""
    return PydanticCustomError(cast("Any", code), "{detail}", {"detail": detail})


def refused(reason: ValueError) -> PydanticCustomError:
    """The error for a value that a parser of `values` does not take."""
    text = str(reason)
    code = "bad-format"
    if "surrogate" in text or "NUL" in text:
        code = "bad-text"
    elif "out of range" in text:
        code = "out-of-range"
    return fault(code, f"is not valid: {text}")


def digits_of(number: Decimal) -> tuple[int, int]:
    """Digits before and after the point."""
    exponent = number.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    return (max(0, number.adjusted() + 1) if number else 0), scale


def _then(check: Callable[[Any], Any], schema: CoreSchema) -> CoreSchema:
    return core_schema.no_info_after_validator_function(check, schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How many code points a text has, or how many bytes a binary value."""

    min: int | None = None
    max: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return self._limit(handler(source))

    def _limit(self, schema: CoreSchema) -> CoreSchema:
        if schema["type"] == "function-after":
            # The length comes first: no pattern then searches an endless text.
            return _with(schema, schema=self._limit(schema["schema"]))
        if schema["type"] != "str":
            return _then(self._check, schema)
        # An e-mail address has a length of its own: the tighter one holds.
        least = _most(self.min, schema.get("min_length"))
        most = _least(self.max, schema.get("max_length"))
        return _with(schema, min_length=least, max_length=most)

    def _check(self, value: Any) -> Any:
        if self.max is not None and len(value) > self.max:
            raise fault("too-long", f"must have at most {self.max} bytes")
        if self.min is not None and len(value) < self.min:
            raise fault("too-short", f"must have at least {self.min} bytes")
        return value

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core) | _stated(minLength=self.min, maxLength=self.max)


class Pattern:
    """A regular expression that the text contains a match of, as in JSON Schema."""

    def __init__(self, regex: str) -> None:
        self.regex = regex
        # As in JSON Schema and in the database, `\d` and `\w` are ASCII.
        self._compiled = re.compile(whole_text_end(regex), re.ASCII)

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return _then(self._check, handler(source))

    def _check(self, value: str) -> str:
        if self._compiled.search(value) is None:
            raise fault("pattern", f"must match the pattern {self.regex}")
        return value

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core) | {"pattern": self.regex}


class Format:
    """A form that the text has: a name in `formats.PATTERNS`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return _then(self._check, handler(source))

    def _check(self, value: str) -> str:
        try:
            return check_format(self.name, value)
        except ValueError as reason:
            raise fault("bad-format", str(reason)) from None

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core) | {"pattern": PATTERNS[self.name]}
        if self.name == "hostname":
            schema["maxLength"] = min(MAX_HOSTNAME, schema.get("maxLength", 300))
        return schema


class OneOf:
    """The legal values, in JSON form, of a type for which `Literal` is too narrow.

    `Literal[2]` refuses `2.0`, and the values of a decimal are no literals at all.
    """

    def __init__(self, *legal: str | float) -> None:
        self.legal = legal

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        return _then(self._checker(_kind(schema)), schema)

    def _checker(self, kind: str) -> Callable[[Any], Any]:
        legal = tuple(_native(value, kind) for value in self.legal)
        shown = " or ".join(json.dumps(value) for value in self.legal)

        def check(value: Any) -> Any:
            # To Python, `true` equals 1.
            if isinstance(value, bool) or value not in legal:
                raise fault("not-an-enum-value", f"must be {shown}")
            return value

        return check

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core) | {"enum": list(self.legal)}


def whole_text_end(regex: str) -> str:
    r"""Write `$` as `\Z`, as Python's `$` also matches in front of a last newline.

    >>> whole_text_end(r"^a\$[$]$")
    '^a\\$[$]\\Z'
    """
    out, inside, escaped = [], False, False
    for character in regex:
        out.append(
            r"\Z" if character == "$" and not inside and not escaped else character
        )
        if escaped:
            escaped = False
            continue
        escaped = character == "\\"
        inside = character == "[" or (inside and character != "]")
    return "".join(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The least and the greatest legal value, both included."""

    ge: int | float | str | Decimal | date | datetime | time | None = None
    le: int | float | str | Decimal | date | datetime | time | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return self._limit(handler(source))

    def _limit(self, schema: CoreSchema) -> CoreSchema:
        match schema["type"]:
            case "int":
                low, high = schema.get("ge"), schema.get("le")
                return _with(schema, ge=_most(self.ge, low), le=_least(self.le, high))
            case "float":
                return _with(schema, ge=self.ge, le=self.le)
            case "json-or-python":
                # An integer, which is read in two ways.
                return _with(
                    schema,
                    json_schema=self._limit(schema["json_schema"]),
                    python_schema=self._limit(schema["python_schema"]),
                )
            case "function-before":
                return _with(schema, schema=self._limit(schema["schema"]))
        return _then(self._checker(_kind(schema)), schema)

    def _checker(self, kind: str) -> Callable[[Any], Any]:
        ge, le = _native(self.ge, kind), _native(self.le, kind)

        def check(value: Any) -> Any:
            if ge is not None and value < ge:
                raise fault("out-of-range", f"must be at least {self.ge}")
            if le is not None and value > le:
                raise fault("out-of-range", f"must be at most {self.le}")
            return value

        return check

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core)
        if schema.get("type") in ("integer", "number"):
            schema = schema | _stated(minimum=self.ge, maximum=self.le)
        return schema


def _kind(schema: CoreSchema) -> str:
    """The kind of value that a schema made here reads, through the checks around it."""
    inner: Any = schema
    while "schema" in inner:
        inner = inner["schema"]
    return str(inner.get("metadata", {}).get("kind", ""))


_READERS: dict[str, Callable[[str], Any]] = {
    "date-time": values.parse_datetime,
    "date": values.parse_date,
    "time": values.parse_time,
    "duration": values.parse_duration,
    "a UUID": values.parse_uuid,
    "base64": values.parse_base64,
}


def _native(value: object, kind: str) -> Any:
    """`value` of a contract as a native value of `kind`; it may be written as text."""
    if value is None:
        return None
    if kind == "decimal":
        return Decimal(str(value))
    return (
        _READERS[kind](value) if isinstance(value, str) and kind in _READERS else value
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """How many elements an array has."""

    min: int | None = None
    max: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        if schema["type"] == "list":
            return _with(schema, min_length=self.min, max_length=self.max)
        return _then(self._check, schema)

    def _check(self, value: Any) -> Any:
        if self.max is not None and len(value) > self.max:
            raise fault("too-long", f"must have at most {self.max} elements")
        if self.min is not None and len(value) < self.min:
            raise fault("too-short", f"must have at least {self.min} elements")
        return value

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core) | _stated(minItems=self.min, maxItems=self.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How many digits a decimal has: `precision` in all, `scale` after the point."""

    precision: int | None = None
    scale: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return _then(self._check, handler(source))

    def _check(self, value: Decimal) -> Decimal:
        whole, scale = digits_of(value)
        if self.scale is not None and scale > self.scale:
            raise fault(
                "scale", f"must have at most {self.scale} digits after the point"
            )
        if (
            self.precision is not None
            and whole + (self.scale or scale) > self.precision
        ):
            before = self.precision - (self.scale or scale)
            raise fault(
                "out-of-range", f"must have at most {before} digits before the point"
            )
        return value

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(core)


def _stated(**members: Any) -> JsonSchemaValue:
    return {name: value for name, value in members.items() if value is not None}


def _with(core: CoreSchema, /, **members: Any) -> CoreSchema:
    """A core schema with further constraints."""
    return cast("CoreSchema", {**core, **_stated(**members)})


def _least(*limits: Any) -> Any:
    return min((limit for limit in limits if limit is not None), default=None)


def _most(*limits: Any) -> Any:
    return max((limit for limit in limits if limit is not None), default=None)
