"""Types of columns as keys of a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

_T = exp.DataType.Type
_PLAIN: Mapping[str, dict[str, Any]] = {
    "BOOLEAN": {"type": "boolean"},
    "BIT": {"type": "boolean"},
    "TINYINT": {"type": "integer", "format": "int16"},
    "UTINYINT": {"type": "integer", "format": "int16"},
    "SMALLINT": {"type": "integer", "format": "int16"},
    "USMALLINT": {"type": "integer", "format": "int32"},
    "SMALLSERIAL": {"type": "integer", "format": "int16"},
    "YEAR": {"type": "integer", "format": "int16"},
    "MEDIUMINT": {"type": "integer", "format": "int32"},
    "UMEDIUMINT": {"type": "integer", "format": "int32"},
    "INT": {"type": "integer", "format": "int32"},
    "SERIAL": {"type": "integer", "format": "int32"},
    "UINT": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "BIGSERIAL": {"type": "integer"},
    "UBIGINT": {"type": "integer"},
    "INT128": {"type": "decimal"},
    "ROWVERSION": {"type": "binary"},
    "FLOAT": {"type": "number"},
    "DOUBLE": {"type": "number"},
    "UDOUBLE": {"type": "number"},
    "DECIMAL": {"type": "decimal"},
    "UDECIMAL": {"type": "decimal"},
    "BIGDECIMAL": {"type": "decimal"},
    "MONEY": {"type": "decimal", "constraints": {"precision": 19, "scale": 4}},
    "SMALLMONEY": {"type": "decimal", "constraints": {"precision": 10, "scale": 4}},
    "CHAR": {"type": "string"},
    "NCHAR": {"type": "string"},
    "VARCHAR": {"type": "string"},
    "NVARCHAR": {"type": "string"},
    "BPCHAR": {"type": "string"},
    "NAME": {"type": "string"},
    "TEXT": {"type": "text"},
    "TINYTEXT": {"type": "text"},
    "MEDIUMTEXT": {"type": "text"},
    "LONGTEXT": {"type": "text"},
    "NTEXT": {"type": "text"},
    "XML": {"type": "text"},
    "CITEXT": {"type": "string"},
    "INET": {"type": "string"},
    "IPADDRESS": {"type": "string"},
    "UUID": {"type": "uuid"},
    "UNIQUEIDENTIFIER": {"type": "uuid"},
    "JSON": {"type": "json"},
    "JSONB": {"type": "json"},
    "HSTORE": {"type": "object"},
    "OBJECT": {"type": "object"},
    "VARIANT": {"type": "json"},
    "DATE": {"type": "date"},
    "DATE32": {"type": "date"},
    "TIME": {"type": "time"},
    "TIMETZ": {"type": "time"},
    "TIMESTAMP": {"type": "datetime"},
    "TIMESTAMPTZ": {"type": "datetime"},
    "TIMESTAMPLTZ": {"type": "datetime"},
    "TIMESTAMPNTZ": {"type": "datetime"},
    "DATETIME": {"type": "datetime"},
    "DATETIME2": {"type": "datetime"},
    "DATETIME64": {"type": "datetime"},
    "SMALLDATETIME": {"type": "datetime"},
    "TIMESTAMP_S": {"type": "datetime"},
    "TIMESTAMP_MS": {"type": "datetime"},
    "TIMESTAMP_NS": {"type": "datetime"},
    "INTERVAL": {"type": "duration"},
    "BINARY": {"type": "binary"},
    "VARBINARY": {"type": "binary"},
    "BLOB": {"type": "binary"},
    "TINYBLOB": {"type": "binary"},
    "MEDIUMBLOB": {"type": "binary"},
    "LONGBLOB": {"type": "binary"},
    "IMAGE": {"type": "binary"},
}
_SIZED = frozenset(
    {"CHAR", "NCHAR", "VARCHAR", "NVARCHAR", "BPCHAR", "BINARY", "VARBINARY"}
)
_SPELLED: Mapping[str, dict[str, Any]] = {
    "citext": {"type": "string"},
    "cidr": {"type": "string"},
    "macaddr": {"type": "string"},
    "tsvector": {"type": "text"},
    "ltree": {"type": "string"},
    "bpchar": {"type": "string"},
    "sysname": {"type": "string"},
    "datetimeoffset": {"type": "datetime"},
    "oid": {"type": "integer"},
    "regclass": {"type": "string"},
    "xid": {"type": "integer"},
    "bit varying": {"type": "string"},
    "varbit": {"type": "string"},
    "hierarchyid": {"type": "string"},
    "sql_variant": {"type": "json"},
    "geography": {"type": "json"},
    "geometry": {"type": "json"},
    "clob": {"type": "text"},
    "number": {"type": "decimal"},
    "string": {"type": "string"},
    "any": {"type": "json"},
    "year": {"type": "integer"},
}
_SHAPELESS = frozenset(
    {
        "sql_variant",
        "geography",
        "geometry",
        "hierarchyid",
        "tsvector",
        "any",
        "ltree",
        "macaddr",
        "cidr",
    }
)
"""Types that no other database has, or that take any value."""
_ARRAYS = ("ARRAY", "LIST")


def keys_of(
    kind: exp.DataType | None, spelled: str, dialect: str
) -> dict[str, Any] | None:
    """`type` and what belongs to it; `None` where the type is not known."""
    if kind is None:
        # SQLite takes a column without a type.
        known = _SPELLED.get(_last(spelled))
        return dict(known) if known else ({"type": "json"} if not spelled else None)
    name = kind.this.name if isinstance(kind.this, _T) else str(kind.this)
    if name in _ARRAYS:
        inner = kind.expressions[0] if kind.expressions else None
        items = (
            keys_of(inner, _spelled(inner), dialect)
            if isinstance(inner, exp.DataType)
            else None
        )
        listed = {"type": "array"}
        plain = items is not None and items["type"] not in ("array", "json", "object")
        return {**listed, "items_type": items["type"]} if items and plain else listed
    if name == "ENUM" or name == "SET":
        return _of_values(name, [v.name for v in kind.expressions])
    found = _PLAIN.get(name)
    if found is None:
        known = _SPELLED.get(_last(spelled or _spelled(kind)))
        return dict(known) if known else None
    return _sized(dict(found), name, kind, dialect)


def neutral_of(kind: exp.DataType | None, spelled: str, keys: dict[str, Any]) -> str:
    """The type as the report names it, where that does not follow from `type`."""
    if "enum" in keys and kind is not None:
        return "enum"
    name = _last(spelled or _spelled(kind))
    own = kind.this if kind is not None else None
    if (
        own in (_T.VARIANT, _T.GEOGRAPHY, _T.GEOMETRY)
        or name in _SHAPELESS
        or (kind is None and not spelled)
    ):
        return "any"
    return "json" if kind is not None and kind.this == _T.HSTORE else ""


def _of_values(name: str, values: list[str]) -> dict[str, Any]:
    if name == "SET":
        return {"type": "array", "items_type": "string"}
    return {"type": "string", "enum": list(dict.fromkeys(values))}


def _last(spelled: str) -> str:
    """The name of a type without its schema, its size and its quotes."""
    name = spelled.lower().partition("(")[0].rpartition(".")[2]
    return name.strip(' "`[]')


def _spelled(kind: exp.Expr | None) -> str:
    return str(kind.args.get("kind") or "") if kind is not None else ""


def _sized(
    keys: dict[str, Any], name: str, kind: exp.DataType, dialect: str
) -> dict[str, Any]:
    numbers = [int(p.name) for p in kind.expressions if p.name.isdigit()]
    if name == "TINYINT" and numbers == [1] and dialect == "mysql":
        return {"type": "boolean"}
    if name == "BIT" and (numbers[:1] or [1])[0] > 1:
        return {"type": "string" if dialect == "postgres" else "binary"}
    if name in _SIZED:
        size = (
            numbers[0]
            if numbers
            else 1
            if name in ("CHAR", "NCHAR") and dialect != "sqlite"
            else None
        )
        if size is not None and size > 0:
            keys["constraints"] = {"maxLength": size}
        elif (
            any(p.name.upper() == "MAX" for p in kind.expressions)
            and keys["type"] == "string"
        ):
            keys["type"] = "text"
    elif keys["type"] == "decimal" and numbers and "constraints" not in keys:
        scale = numbers[1] if len(numbers) > 1 else 0
        keys["constraints"] = {"precision": numbers[0], "scale": scale}
    elif name in ("INT", "INTEGER") and dialect == "sqlite":
        keys.pop("format", None)
    return keys
