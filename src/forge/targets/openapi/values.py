"""What the values of a field look like: in a body, in an answer and in a query string."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias, assert_never

from forge.emit.decimals import decimal, decimal_text
from forge.ir import formats
from forge.ir.entities import UNCONSTRAINED, Constraints, Field
from forge.ir.types import FORMATS, FieldType
from forge.targets.openapi import patterns

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema of the dialect 2020-12."""

JSON_VALUE: Schema = {"$ref": "#/components/schemas/JsonValue"}

_WIDTHS = {"int16": 16, "int32": 32}


def body(field: Field, *, nullable: bool) -> Schema:
    """What a client may send for a field."""
    schema = _described(_constrained(field), field)
    if field.type is FieldType.JSON and not nullable:
        # JSON has a null of its own, which a required column does not take.
        schema["not"] = {"type": "null"}
    if field.sensitive:
        schema["writeOnly"] = True
    if field.default is not None:
        schema["default"] = field.default
    return _or_null(schema) if nullable else schema


def answer(field: Field) -> Schema:
    """What the service sends for a field.

    Lengths, bounds and patterns are left out: a record that is older than the contract's
    present constraints is still sent.
    """
    schema = dict(_PLAIN[field.type])
    if field.type is FieldType.ARRAY:
        schema["items"] = _answer_item(field)
    elif field.enum:
        schema = _answered_enum(field)
    elif field.type is FieldType.INTEGER:
        schema["format"] = _width(field)
    _described(schema, field)
    if field.computed is not None:
        schema["readOnly"] = True
    return schema if field.required else _or_null(schema)


def parameter(field: Field) -> Schema:
    """One value of a field in a query string or a path."""
    if field.enum:
        return _enum(field, as_text=True)
    return _parameter(field.type)


def element(field: Field) -> Schema:
    """One element of an array in a query string."""
    kind = field.items_type or FieldType.STRING
    if field.enum:
        return _enum(_element_of(field, kind), as_text=True)
    return _parameter(kind)


def _parameter(type: FieldType) -> Schema:
    match type:
        case FieldType.EMAIL | FieldType.STRING | FieldType.TEXT:
            return {"type": "string", "pattern": patterns.NO_NUL}
        case FieldType.DECIMAL:
            return {
                "type": "string",
                "pattern": patterns.decimal(None, None, signed=True),
            }
        case _:
            return _sent(type)


def _constrained(field: Field) -> Schema:
    """The schema of a value that is not null."""
    limits = field.constraints
    if field.type is FieldType.ARRAY:
        items = _items(field)
        return _stated(
            {"type": "array", "items": items},
            minItems=limits.min_items,
            maxItems=limits.max_items,
        )
    if field.enum:
        return _enum(field)
    match field.type:
        case FieldType.STRING | FieldType.TEXT | FieldType.EMAIL:
            return _text(_sent(field.type), field)
        case FieldType.INTEGER:
            return _integer(field)
        case FieldType.NUMBER:
            return _stated({"type": "number"}, minimum=limits.min, maximum=limits.max)
        case FieldType.DECIMAL:
            return _decimal(limits)
        case FieldType.BINARY:
            return {
                "type": "string",
                "contentEncoding": "base64",
                "pattern": patterns.base64(limits.min_length, limits.max_length),
            }
        case _:
            return _sent(field.type)


def _sent(type: FieldType) -> Schema:
    """The schema of a type without constraints, as a client writes it."""
    match type:
        case FieldType.STRING | FieldType.TEXT:
            return {"type": "string", "pattern": patterns.NO_NUL}
        case FieldType.EMAIL:
            # `format: email` excludes addresses that the service takes, so the pattern says it all.
            return {"type": "string", "pattern": patterns.EMAIL, "maxLength": 254}
        case FieldType.INTEGER:
            return _int(64)
        case FieldType.NUMBER:
            return {"type": "number"}
        case FieldType.DECIMAL:
            return _decimal(UNCONSTRAINED)
        case FieldType.BOOLEAN:
            return {"type": "boolean"}
        case FieldType.ARRAY:
            return {"type": "array", "items": JSON_VALUE}
        case FieldType.OBJECT:
            return {
                "type": "object",
                "propertyNames": {"pattern": patterns.NO_NUL},
                "additionalProperties": JSON_VALUE,
            }
        case FieldType.JSON:
            return dict(JSON_VALUE)
        case FieldType.DATETIME:
            return {"type": "string", "format": "date-time"}
        case FieldType.DATE:
            return {"type": "string", "format": "date"}
        case FieldType.TIME:
            return {"type": "string", "pattern": patterns.TIME}
        case FieldType.DURATION:
            return {"type": "string", "pattern": patterns.DURATION}
        case FieldType.UUID:
            return {"type": "string", "format": "uuid"}
        case FieldType.BINARY:
            return {
                "type": "string",
                "contentEncoding": "base64",
                "pattern": patterns.base64(),
            }
    assert_never(type)


_PLAIN: dict[FieldType, Schema] = {
    **{kind: {"type": "string"} for kind in FieldType},
    FieldType.INTEGER: {"type": "integer", "format": "int64"},
    FieldType.NUMBER: {"type": "number", "format": "double"},
    FieldType.DECIMAL: {"type": "string", "pattern": r"^-?[0-9]+(?:\.[0-9]+)?$"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.ARRAY: {"type": "array"},
    FieldType.OBJECT: {"type": "object"},
    FieldType.JSON: {},
    FieldType.DATETIME: {"type": "string", "format": "date-time"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.UUID: {"type": "string", "format": "uuid"},
    FieldType.BINARY: {"type": "string", "contentEncoding": "base64"},
}
"""The schemas of types as the service writes them."""


def _items(field: Field) -> Schema:
    if field.items_type is None and not field.enum:
        return JSON_VALUE
    return _constrained(_element_of(field, field.items_type or FieldType.JSON))


def _answer_item(field: Field) -> Schema:
    if field.items_type is None:
        return {} if not field.enum else {"enum": list(field.enum)}
    return answer(replace(_element_of(field, field.items_type), required=True))


def _element_of(field: Field, type: FieldType) -> Field:
    """An element as a field, to which the array's enum applies and its other bounds do not."""
    return Field(name=field.name, column=field.column, type=type, enum=field.enum)


def _text(schema: Schema, field: Field) -> Schema:
    limits = field.constraints
    form = field.format if field.format in FORMATS else None
    known = formats.MAX_HOSTNAME if form == "hostname" else None
    most = [schema.get("maxLength"), limits.max_length, known]
    least = min((n for n in most if n is not None), default=None)
    _stated(schema, minLength=limits.min_length, maxLength=least)
    contract = None if limits.pattern is None else patterns.ecma(limits.pattern)
    # No form lets a NUL in, which is all that the pattern of a plain text is about.
    plain = None if form and field.type is not FieldType.EMAIL else schema["pattern"]
    every = [contract, formats.PATTERNS[form] if form else None, plain]
    first, *rest = [pattern for pattern in every if pattern is not None]
    schema["pattern"] = first
    if rest:
        schema["allOf"] = [{"pattern": pattern} for pattern in rest]
    return schema


def _int(bits: int) -> Schema:
    return {
        "type": "integer",
        "format": f"int{bits}",
        "minimum": -(2 ** (bits - 1)),
        "maximum": 2 ** (bits - 1) - 1,
    }


def _width(field: Field) -> str:
    return f"int{_WIDTHS.get(field.format or '', 64)}"


def _integer(field: Field) -> Schema:
    schema = _int(_WIDTHS.get(field.format or "", 64))
    low, high = field.constraints.min, field.constraints.max
    if isinstance(low, int | float):
        schema["minimum"] = max(schema["minimum"], -int(-low // 1))
    if isinstance(high, int | float):
        schema["maximum"] = min(schema["maximum"], int(high // 1))
    return schema


def _decimal(limits: Constraints) -> Schema:
    low, high = _number(limits.min), _number(limits.max)
    text = patterns.decimal(
        limits.precision, limits.scale, signed=low is None or low < 0
    )
    number: Schema = {"type": "number"}
    if limits.precision is not None:
        beyond = 10 ** (limits.precision - (limits.scale or 0))
        if low is None or low <= -beyond:
            number["exclusiveMinimum"] = -beyond
        if high is None or high >= beyond:
            number["exclusiveMaximum"] = beyond
    if limits.scale is not None and limits.scale <= 300:
        number["multipleOf"] = 1 if limits.scale == 0 else float(f"1e-{limits.scale}")
    _stated(number, minimum=low, maximum=high)
    return {"anyOf": [{"type": "string", "pattern": text}, number]}


def _number(bound: float | str | None) -> int | float | None:
    """A bound as a JSON number; decimals may have theirs as text."""
    if not isinstance(bound, str):
        return bound
    number = float(bound)
    return int(number) if number.is_integer() else number


def _enum(field: Field, *, as_text: bool = False) -> Schema:
    """The legal values as a client writes them; `as_text` in a query string."""
    legal = list(field.enum)
    match field.type:
        case FieldType.INTEGER | FieldType.NUMBER:
            return {"type": field.type.value, "enum": legal}
        case FieldType.DECIMAL:
            numbers = [n for n in map(decimal, legal) if n is not None]
            text = {"type": "string", "pattern": patterns.decimals(numbers)}
            if as_text:
                return text
            return {"anyOf": [text, {"type": "number", "enum": _plain(numbers)}]}
        case FieldType.JSON if not as_text:
            return {"enum": legal}
        case _:
            return {"type": "string", "enum": [str(value) for value in legal]}


def _plain(numbers: list[Decimal]) -> list[int | float]:
    return [int(n) if n == n.to_integral_value() else float(n) for n in numbers]


def _answered_enum(field: Field) -> Schema:
    if field.type is not FieldType.DECIMAL:
        return _enum(field)
    scale = field.constraints.scale
    texts = [decimal_text(value, scale) for value in field.enum]
    return {"type": "string", "enum": texts}


def _described(schema: Schema, field: Field) -> Schema:
    notes = [field.description] if field.description else []
    limits = field.constraints
    if field.type not in (FieldType.INTEGER, FieldType.NUMBER):
        notes += [f"At least {limits.min}."] if limits.min is not None else []
        notes += [f"At most {limits.max}."] if limits.max is not None else []
    if notes:
        schema["description"] = " ".join(notes)
    return schema


def _or_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        return schema | {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    if "type" not in schema:
        # Free JSON has a null of its own, unless its values are listed.
        return (
            schema | {"enum": [*schema["enum"], None]} if "enum" in schema else schema
        )
    schema = schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def _stated(schema: Schema, **members: object) -> Schema:
    schema |= {name: value for name, value in members.items() if value is not None}
    return schema
