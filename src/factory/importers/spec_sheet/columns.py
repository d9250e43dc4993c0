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
_WORDS: Mapping[re.Pattern[str], dict[str, Any]] = {
    re.compile(r"\bprimary[ _]key\b|\bpk\b"): {"primary_key": True},
    re.compile(r"\bnot null\b|\brequired\b"): {"nullable": False},
    re.compile(r"\bunique\b"): {"unique": True},
    re.compile(r"\bindex(?:ed)?\b"): {"index": True},
    re.compile(r"\bnull(?:able)?\b|\boptional\b"): {},
}
"""What stands behind a type in one line with it."""
_CONSTRAINT = re.compile(
    r"(unique|primary[ _]key|foreign[ _]key)\s*\(([^()]*)\)"
    r"(?:\s*references\s+(\w+\s*\(\s*\w+\s*\)|\w+))?"
    r"(?:\s+on\s+delete\s+([a-z ]+))?\s*\Z",
    re.IGNORECASE,
)
KINDS = ("unique", "primary_key", "foreign_key")
"""Constraints that a contract can say."""
_DEFAULT = re.compile(r"\bdefault[ :=]+('[^']*'|[^\s,]+)")
_REFERS = re.compile(r"\b(?:references|fk)\b[ :>-]*(\w+(?:\.\w+| ?\( ?\w+ ?\))?)")
_DELETES = re.compile(r"\bon delete (cascade|set null|restrict|no action)\b")
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


def described(line: str) -> dict[str, Any]:
    """A column in one line: `uuid not null references users(id)`.

    `rest` is what of it has no meaning.
    """
    text = " ".join(line.split())[:_LONGEST]
    found: dict[str, Any] = {}
    for key, pattern in (
        ("default", _DEFAULT),
        ("on_delete", _DELETES),
        ("references", _REFERS),
    ):
        if match := pattern.search(text.lower()):
            found[key] = text[match.start(1) : match.end(1)].strip("'")
            text = text[: match.start()] + text[match.end() :]
    for word, keys in _WORDS.items():
        if word.search(text.lower()):
            found |= keys
            text = word.sub("", text.lower())
    parts = [part for part in (p.strip() for p in text.split(",")) if part]
    joined = ", ".join(parts)
    found["type"] = joined if keys_of(joined) or not parts else parts[0]
    words = found["type"].split()
    sizes = range(len(words), 0, -1)
    known = next((n for n in sizes if keys_of(" ".join(words[:n]))), len(words))
    found["type"] = " ".join(words[:known])
    found["rest"] = joined.removeprefix(found["type"]).strip(" ,")
    if isinstance(found.get("default"), str):
        found["default"] = _literal(found["default"], found["type"])
    return found


def _literal(text: str, spelled: str) -> Any:
    kind = keys_of(spelled).get("type")
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d{1,30}(?:\.\d{1,30})?", text):
        return float(text)
    return text


def default_of(value: object, kind: str) -> dict[str, Any]:
    """`default`, or `computed` where the value is a function of the database."""
    if isinstance(value, str):
        function = _FUNCTIONS.get(value.strip().lower())
        if function and kind in _FITS[function]:
            return {"computed": function}
    if kind == "decimal" and type(value) in (int, float):
        return {"default": str(value)}
    return {"default": value}


def constraint(value: object) -> dict[str, Any]:
    """`unique(a, b)`, `unique: [a, b]` and the like as `{type:, columns:, ...}`; else empty."""
    if isinstance(value, dict) and len(value) == 1:
        ((kind, inner),) = value.items()
        more = inner if isinstance(inner, dict) else {"columns": inner}
        return {"type": _kind(kind), **more}
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return {**value, "type": _kind(value["type"])}
    found = (
        _CONSTRAINT.match(value.strip()[:_LONGEST]) if isinstance(value, str) else None
    )
    if found is None:
        return {}
    spec: dict[str, Any] = {
        "type": _kind(found[1]),
        "columns": [name.strip() for name in found[2].split(",")],
    }
    if found[3]:
        spec["references"] = found[3]
    if found[4]:
        spec["on_delete"] = found[4]
    return spec


def _kind(text: str) -> str:
    return "_".join(text.lower().replace("_", " ").split())


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
