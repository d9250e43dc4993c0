"""JSON Schemas (draft-07) for editors, from the tables that check contracts."""

from __future__ import annotations

from typing import Any, assert_never

from forge.contracts.conform import NOTE
from forge.contracts.envelope import ENVELOPE_KEYS, SHAPES, Kind
from forge.contracts.shapes import (
    Anything,
    Boolean,
    Key,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Word,
)

Schema = dict[str, Any]


def json_schema(kind: Kind) -> Schema:
    """The schema of contracts of one kind."""
    schema = _schema(SHAPES[kind])
    schema["properties"]["kind"] = {
        "const": kind.value,
        "description": "Kind of contract.",
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Specora {kind.value}",
        **schema,
    }


def any_schema() -> Schema:
    """One schema for contracts of every kind.

    What all of them have stands outside of the conditions, so that editors offer it before the
    kind is written.
    """
    envelope = _record(Record("a contract", ENVELOPE_KEYS, open=True))
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Specora contract",
        **envelope,
        "required": [*envelope["required"], "spec"],
        "properties": {
            **envelope["properties"],
            "spec": {"description": "What it says."},
        },
        "allOf": [
            {
                "if": {
                    "required": ["kind"],
                    "properties": {"kind": {"const": kind.value}},
                },
                "then": _without_head(json_schema(kind)),
            }
            for kind in Kind
        ],
    }


def _without_head(schema: Schema) -> Schema:
    return {
        key: value for key, value in schema.items() if key not in ("$schema", "title")
    }


def _schema(shape: Shape) -> Schema:
    match shape:
        case Record():
            return _record(shape)
        case Text():
            return {"type": "string", **_pattern(shape)}
        case Word():
            return {"enum": [str(word) for word in shape.words]}
        case Boolean():
            return {"type": "boolean"}
        case Number():
            bounds = {"minimum": shape.minimum, "maximum": shape.maximum}
            kind = "integer" if shape.integer else "number"
            return {"type": kind, **{k: v for k, v in bounds.items() if v is not None}}
        case ListOf():
            unique: Schema = {"uniqueItems": True} if shape.unique else {}
            least: Schema = {"minItems": shape.minimum} if shape.minimum else {}
            return {"type": "array", "items": _schema(shape.item), **least, **unique}
        case MapOf():
            return _map(shape)
        case OneOf():
            return {"anyOf": [_schema(option) for option in shape.shapes]}
        case Anything():
            return {}
        case _:
            assert_never(shape)


def _record(shape: Record) -> Schema:
    required = [key.name for key in shape.keys if key.required]
    schema: Schema = {
        "type": "object",
        "properties": {key.name: _key(key) for key in shape.keys},
        "additionalProperties": shape.open,
    }
    if not shape.open:
        schema["patternProperties"] = {f"^{NOTE}": True}
    if required:
        schema["required"] = required
    return schema


def _key(key: Key) -> Schema:
    return {**_schema(key.shape), "description": key.doc}


def _map(shape: MapOf) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": _schema(shape.value)}
    if shape.key.pattern is not None:
        schema["propertyNames"] = {"pattern": f"^(?:{shape.key.pattern})$"}
    if shape.minimum:
        schema["minProperties"] = shape.minimum
    return schema


def _pattern(shape: Text) -> Schema:
    return {} if shape.pattern is None else {"pattern": f"^(?:{shape.pattern})$"}
