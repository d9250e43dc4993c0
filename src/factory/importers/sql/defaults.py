"""Defaults of columns as literals, or as what a service fills in."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

_TRUE = frozenset({"1", "t", "true", "y", "yes", "on"})
_FALSE = frozenset({"0", "f", "false", "n", "no", "off"})
_INTERVAL = re.compile(
    r"(?:(?P<years>\d+) ?y(?:ea)?rs?)?\s*(?:(?P<months>\d+) ?mon(?:th)?s?)?\s*"
    r"(?:(?P<days>\d+) ?d(?:ays?)?)?\s*(?:(?P<hours>\d+) ?h(?:(?:ou)?rs?)?)?\s*"
    r"(?:(?P<minutes>\d+) ?m(?:in(?:ute)?s?)?)?\s*(?:(?P<seconds>\d+) ?s(?:ec(?:ond)?s?)?)?"
    r"(?:(?P<h>\d+):(?P<m>\d\d)(?::(?P<s>\d\d)(?:\.0+)?)?)?",
    re.IGNORECASE,
)
_NOW = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.CurrentDatetime)
_NOW_NAMES = frozenset(
    {"now", "getdate", "getutcdate", "sysdatetime", "sysutcdatetime", "transaction_timestamp",
     "statement_timestamp", "clock_timestamp", "localtimestamp", "utc_timestamp", "timezone",
     "sysdatetimeoffset", "unix_timestamp", "datetime", "date", "time"}
)  # fmt: skip
_UUID_NAMES = frozenset(
    {"gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuid_generate_v1mc", "uuidv7",
     "newid", "newsequentialid", "uuid", "uuidv4", "generate_uuid", "uuid_generate_v7"}
)  # fmt: skip


def default_of(node: exp.Expr, keys: dict[str, Any]) -> dict[str, Any] | None:
    """`default` or `computed`; empty for NULL, `None` for what only the database can make up."""
    node = _bare(node)
    kind = str(keys.get("type"))
    if isinstance(node, exp.Null):
        return {}
    name = _function(node)
    if isinstance(node, _NOW) or name in _NOW_NAMES:
        return {"computed": "now"} if kind in ("datetime", "date", "time") else None
    if name in _UUID_NAMES or isinstance(node, exp.Uuid):
        return {"computed": "uuid"} if kind in ("uuid", "string", "text") else None
    if name == "nextval":
        return {"computed": "identity"} if kind == "integer" else None
    value = _value(node, kind)
    return None if value is None else {"default": value}


def _bare(node: exp.Expr) -> exp.Expr:
    while True:
        if isinstance(
            node, exp.Paren | exp.Cast | exp.TryCast | exp.Collate | exp.AtTimeZone
        ):
            node = node.this
        elif isinstance(node, exp.Dot):
            # A function by its schema.
            node = node.expression
        else:
            return node


def _function(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    if isinstance(node, exp.NextValueFor):
        return "nextval"
    return type(node).__name__.lower() if isinstance(node, exp.Func) else ""


def _value(node: exp.Expr, kind: str) -> Any:
    if isinstance(node, exp.Neg):
        inner = _value(node.this, kind)
        return (
            f"-{inner}"
            if isinstance(inner, str)
            else -inner
            if inner is not None
            else None
        )
    if isinstance(node, exp.Boolean):
        return bool(node.this) if kind == "boolean" else int(bool(node.this))
    if isinstance(node, exp.Array) and kind == "array":
        items = [_value(_bare(item), "") for item in node.expressions]
        return None if any(item is None for item in items) else items
    if isinstance(node, exp.National):
        return _literal(str(node.this), True, kind)
    if isinstance(node, exp.BitString | exp.HexString):
        return (
            bool(int(node.name, 2 if isinstance(node, exp.BitString) else 16))
            if kind == "boolean"
            else None
        )
    if isinstance(node, exp.Literal):
        return _literal(node.name, node.is_string, kind)
    return None


def _literal(text: str, quoted: bool, kind: str) -> Any:
    if kind == "boolean":
        word = text.lower()
        return True if word in _TRUE else False if word in _FALSE else None
    if kind in ("array", "object", "json"):
        return _structure(text, kind)
    if kind == "decimal":
        return text
    if kind == "duration":
        return _duration(text)
    if kind in ("integer", "number"):
        try:
            number = float(text)
        except ValueError:
            return None
        return int(number) if kind == "integer" and number.is_integer() else number
    if kind == "datetime" and (text.startswith("0000") or text.lower() == "now()"):
        return None
    return text


def _duration(text: str) -> str | None:
    """An interval as ISO 8601: `1 day 02:30:00`, `30 minutes`, `P1D`."""
    if re.fullmatch(r"P[\dYMDTHSW.]+", text):
        return text
    matched = _INTERVAL.fullmatch(text.strip())
    if not text.strip() or matched is None:
        return None
    date = "".join(
        f"{int(matched[unit])}{letter}"
        for unit, letter in (("years", "Y"), ("months", "M"), ("days", "D"))
        if matched[unit]
    )
    time = "".join(
        f"{int(value)}{letter}"
        for unit, letter in (("hours", "H"), ("minutes", "M"), ("seconds", "S"))
        if (value := matched[unit] or matched[unit[0]]) and int(value)
    )
    if not date and not time:
        time = "0S"
    return f"P{date}" + (f"T{time}" if time else "")


def _structure(text: str, kind: str) -> Any:
    import json

    if kind == "array" and text == "{}":
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    fits = {"array": list, "object": dict}.get(kind)
    return found if fits is None or isinstance(found, fits) else None
