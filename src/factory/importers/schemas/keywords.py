"""Keywords of JSON Schema, in every draft and in OpenAPI, and what of a field they mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from forge.checks.formats import formats_of
from forge.contracts.vocabulary import FieldType

FORMATS: Mapping[str, dict[str, Any]] = {
    "date-time": {"type": "datetime"}, "datetime": {"type": "datetime"}, "date": {"type": "date"},
    "time": {"type": "time"}, "duration": {"type": "duration"}, "uuid": {"type": "uuid"},
    "email": {"type": "email"}, "byte": {"type": "binary"}, "binary": {"type": "binary"},
    "uri": {"type": "string", "format": "uri"}, "url": {"type": "string", "format": "uri"},
    "decimal": {"type": "decimal"},
    "host-name": {"type": "string", "format": "hostname"},
    "ip-address": {"type": "string", "format": "ipv4"},
}  # fmt: skip
_KNOWN = formats_of(FieldType.STRING)
_NARROW = frozenset({"int64", "float", "double", "password", ""})
"""Formats that say nothing beyond the type, or what `sensitive` says."""
BOUNDS = {
    "minLength": "minLength", "maxLength": "maxLength", "minItems": "minItems",
    "maxItems": "maxItems", "minimum": "min", "maximum": "max", "pattern": "pattern",
}  # fmt: skip
_STRUCTURE = frozenset(
    {"$ref", "$recursiveRef", "$dynamicRef", "$id", "id", "$schema", "$anchor", "$dynamicAnchor",
     "$recursiveAnchor", "$vocabulary", "$comment", "$defs", "definitions", "allOf"}
)  # fmt: skip
_SAID = frozenset(
    {"type", "title", "description", "properties", "required", "nullable", "x-nullable",
     "deprecated", "example", "examples", "xml", "externalDocs"}
)  # fmt: skip
"""Keywords that fields and entities both say, or that are about neither."""
_FIELD = frozenset(
    {"format", "enum", "const", "default", "items", "oneOf", "anyOf", "readOnly", "writeOnly",
     "contentEncoding", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", "additionalItems",
     "prefixItems", "additionalProperties", "discriminator", *BOUNDS}
)  # fmt: skip
_CONDITIONS = ("if", "then", "else")
_IMPLIED = (
    ("object", {"properties", "additionalProperties", "patternProperties", "minProperties",
                "maxProperties", "propertyNames"}),
    ("array", {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}),
    ("string", {"minLength", "maxLength", "pattern", "contentEncoding"}),
    ("number", {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
)  # fmt: skip
_OF_VALUES = {bool: "boolean", str: "string", int: "integer", float: "number"}
SHOWN = 3
"""Examples of a field that are kept."""
LONGEST = 200
"""Characters of an example that is kept."""


def type_of(schema: Mapping[str, Any]) -> tuple[str, bool]:
    """The type, empty where it is open, and whether null is a value as well.

    >>> type_of({"type": ["string", "null"]}), type_of({"enum": [1, 2]}), type_of({"minimum": 0})
    (('string', True), ('integer', False), ('number', False))
    """
    kind = schema.get("type")
    if isinstance(kind, str):
        return kind, bool(schema.get("nullable") or schema.get("x-nullable"))
    nullable = bool(schema.get("nullable"))
    if isinstance(kind, list):
        names = [k for k in kind if isinstance(k, str) and k != "null"]
        if set(names) == {"integer", "number"}:
            names = ["number"]
        return (names[0] if len(names) == 1 else ""), nullable or "null" in kind
    values = values_of(schema)
    if values is not None:
        return type_of_values(values), nullable
    keys = schema.keys()
    return next(
        (k for k, marks in _IMPLIED if not marks.isdisjoint(keys)), ""
    ), nullable


def type_of_values(values: Iterable[Any]) -> str:
    """The type that all values have but for null; empty where there is none."""
    kinds = {_OF_VALUES.get(type(value), "") for value in values if value is not None}
    if kinds == {"integer", "number"}:
        return "number"
    return kinds.pop() if len(kinds) == 1 else ""


def values_of(schema: Mapping[str, Any]) -> list[Any] | None:
    """The legal values, as `enum`, `const` or alternatives of one value each list them."""
    listed = schema.get("enum")
    if isinstance(listed, list):
        return listed
    if "const" in schema:
        return [schema["const"]]
    for word in ("oneOf", "anyOf"):
        parts = schema.get(word)
        listed = parts if isinstance(parts, list) else []
        if listed and all(isinstance(p, dict) and "const" in p for p in listed):
            return [p["const"] for p in listed]
    return None


def of_text(schema: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """The keys of a text."""
    if schema.get("contentEncoding") in ("base64", "base64url"):
        return {"type": "binary"}
    name = str(schema.get("format", ""))
    if name in FORMATS:
        return dict(FORMATS[name])
    if name in _KNOWN:
        return {"type": "string", "format": name}
    if name not in _NARROW:
        notes.append(f"the format `{name}` is not checked")
    return {"type": "string"}


def of_number(kind: str, schema: Mapping[str, Any], notes: list[str]) -> dict[str, Any]:
    """The keys of a number."""
    name = str(schema.get("format", ""))
    if kind == "integer" and name in ("int16", "int32"):
        return {"type": "integer", "format": name}
    if name == "decimal":
        return {"type": "decimal"}
    if name not in _NARROW:
        notes.append(f"the format `{name}` is not checked")
    return {"type": kind}


def bounds(schema: Mapping[str, Any], keys: dict[str, Any], notes: list[str]) -> None:
    """Add the bounds of a schema to the keys of a field."""
    found = {
        key: schema[name]
        for name, key in BOUNDS.items()
        if name in schema and keys["type"] not in ("object", "json")
    }
    for name, key, step in (
        ("exclusiveMinimum", "min", 1),
        ("exclusiveMaximum", "max", -1),
    ):
        # A number of its own, or, in older drafts, a flag beside the bound.
        value = schema.get(name)
        if value is None or value is False:
            continue
        limit: Any = found.get(key) if value is True else value
        if keys["type"] == "integer" and is_number(limit):
            whole = math.floor(limit) if step > 0 else math.ceil(limit)
            found[key] = _tighter(found.get(key), whole + step, key)
        else:
            notes.append(f"`{name}` is not checked")
    if found:
        keys["constraints"] = found


def _tighter(one: Any, other: Any, key: str) -> Any:
    if not is_number(one):
        return other
    return max(one, other) if key == "min" else min(one, other)


def is_number(value: Any) -> bool:
    """Whether a value is a number that ends."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    )


def describe(keys: dict[str, Any], schema: Mapping[str, Any]) -> None:
    """Add what a schema says for people."""
    text = schema.get("description") or schema.get("title")
    if isinstance(text, str) and text.strip():
        keys.setdefault("description", text.strip())
    if schema.get("deprecated") is True:
        keys["x-deprecated"] = True
    listed = schema.get("examples", [schema["example"]] if "example" in schema else [])
    short = [
        value
        for value in (listed if isinstance(listed, list) else ())
        if isinstance(value, str | int | float) and len(str(value)) <= LONGEST
    ]
    if short:
        keys.setdefault("x-examples", short[:SHOWN])


def unsaid(schema: Mapping[str, Any], *, entity: bool = False) -> list[str]:
    """What a schema says and no contract does."""
    known = _SAID | _STRUCTURE | (frozenset() if entity else _FIELD)
    left = [k for k in schema if k not in known and not k.startswith("x-")]
    notes = []
    if found := [name for name in _CONDITIONS if name in left]:
        listed = ", ".join(f"`{name}`" for name in found)
        notes.append(f"{listed}: no contract says what holds under a condition")
    for name in left:
        if name in _CONDITIONS or (
            name in ("additionalProperties", "unevaluatedProperties", "additionalItems")
            and isinstance(schema[name], bool)
        ):
            continue
        notes.append(f"`{name}` has no meaning in a contract")
    if not entity and isinstance(schema.get("additionalProperties"), dict):
        notes.append("the values of the object are not checked")
    if isinstance(schema.get("required"), bool):
        notes.append("`required` lists names, at the object that has the members")
    if not entity and schema.get("uniqueItems") is True:
        notes.append("`uniqueItems` is not checked")
    return notes
