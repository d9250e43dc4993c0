"""Columns of a sheet as fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TYPES: Mapping[str, dict[str, Any]] = {
    "uuid": {"type": "uuid"}, "guid": {"type": "uuid"},
    "text": {"type": "text"}, "citext": {"type": "text"}, "longtext": {"type": "text"},
    "string": {"type": "string"}, "str": {"type": "string"}, "varchar": {"type": "string"},
    "char": {"type": "string"}, "character varying": {"type": "string"},
    "email": {"type": "email"}, "url": {"type": "string", "format": "uri"},
    "int": {"type": "integer"}, "integer": {"type": "integer"}, "bigint": {"type": "integer"},
    "int4": {"type": "integer"}, "int8": {"type": "integer"},
    "smallint": {"type": "integer", "format": "int16"},
    "serial": {"type": "integer", "computed": "identity"},
    "bigserial": {"type": "integer", "computed": "identity"},
    "float": {"type": "number"}, "double": {"type": "number"}, "real": {"type": "number"},
    "double precision": {"type": "number"}, "number": {"type": "number"},
    "float4": {"type": "number"}, "float8": {"type": "number"},
    "decimal": {"type": "decimal"}, "numeric": {"type": "decimal"}, "money": {"type": "decimal"},
    "bool": {"type": "boolean"}, "boolean": {"type": "boolean"},
    "timestamp": {"type": "datetime"}, "timestamptz": {"type": "datetime"},
    "datetime": {"type": "datetime"}, "timestamp with time zone": {"type": "datetime"},
    "timestamp without time zone": {"type": "datetime"},
    "date": {"type": "date"}, "time": {"type": "time"}, "interval": {"type": "duration"},
    "duration": {"type": "duration"},
    "json": {"type": "json"}, "jsonb": {"type": "json"}, "any": {"type": "json"},
    "object": {"type": "object"}, "array": {"type": "array"}, "list": {"type": "array"},
    "bytea": {"type": "binary"}, "binary": {"type": "binary"}, "blob": {"type": "binary"},
}  # fmt: skip
_SPELLED = re.compile(r"([a-z][a-z0-9 ]*?)\s*(?:\(([^()]*)\))?\s*(\[\])?\Z")
_REFERENCE = re.compile(r"([\w.-]*\w)\s*(?:\(\s*(\w+)\s*\)|\.(\w+))\s*\Z")
_TABLE = re.compile(r"[\w-]+\Z")
_FUNCTIONS = {
    "now()": "now", "now": "now", "current_timestamp": "now", "utcnow": "now",
    "gen_random_uuid()": "uuid", "uuid_generate_v4()": "uuid", "uuid()": "uuid", "uuid": "uuid",
}  # fmt: skip
_LONGEST = 200
"""Characters of a type or a reference; more is neither."""
_FITS = {"now": ("datetime", "date", "time"), "uuid": ("uuid",)}
ACTIONS = {
    "cascade": "cascade",
    "set_null": "set_null",
    "restrict": "restrict",
    "no_action": "restrict",
}


def keys_of(spelled: object) -> dict[str, Any]:
    """The keys of a type as the sheet spells it; empty where it is not known."""
    found = _SPELLED.match(" ".join(str(spelled).lower().split())[:_LONGEST])
    known = _TYPES.get(found[1]) if found else None
    if found is None or known is None:
        return {}
    keys = dict(known)
    if found[3]:
        inner = keys["type"]
        return (
            {"type": "array"}
            if inner == "json"
            else {"type": "array", "items_type": inner}
        )
    numbers = [int(n) for n in (found[2] or "").split(",") if n.strip().isdecimal()]
    if numbers and keys["type"] == "string":
        keys["constraints"] = {"maxLength": numbers[0]}
    elif numbers and keys["type"] == "decimal":
        scale = numbers[1] if len(numbers) > 1 else 0
        keys["constraints"] = {"precision": numbers[0], "scale": scale}
    return keys


def default_of(value: object, kind: str) -> dict[str, Any]:
    """`default`, or `computed` where the value is a function of the database."""
    if isinstance(value, str):
        function = _FUNCTIONS.get(value.strip().lower())
        if function and kind in _FITS[function]:
            return {"computed": function}
    if kind == "decimal" and type(value) in (int, float):
        return {"default": str(value)}
    return {"default": value}


def target_of(value: object) -> tuple[str, str]:
    """Table and column of `spec_templates(id)`, `spec_templates.id` or `{table:, column:}`."""
    if isinstance(value, dict):
        table = value.get("table") or value.get("entity")
        column = value.get("column") or value.get("field") or value.get("columns")
        if isinstance(column, list):
            column = column[0] if len(column) == 1 else ""
        return (
            (table, column if isinstance(column, str) else "")
            if isinstance(table, str)
            else ("", "")
        )
    if not isinstance(value, str):
        return "", ""
    plain = value.strip()[:_LONGEST]
    found = _REFERENCE.match(plain)
    if found:
        return found[1], found[2] or found[3] or ""
    return (plain, "") if _TABLE.match(plain) else ("", "")


def action_of(value: object) -> str:
    """What happens on deletion; empty where the sheet says nothing that is known."""
    if not isinstance(value, str):
        return ""
    return ACTIONS.get("_".join(value.lower().split()), "")
