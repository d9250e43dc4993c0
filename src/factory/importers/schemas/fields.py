"""Schemas of JSON as keys of a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import Place
from factory.importers.schemas.references import References

MAX_MERGED = 40
"""Parts of one `allOf`, whatever is inside of it."""
_FORMATS: Mapping[str, dict[str, Any]] = {
    "date-time": {"type": "datetime"}, "datetime": {"type": "datetime"}, "date": {"type": "date"},
    "time": {"type": "time"}, "duration": {"type": "duration"}, "uuid": {"type": "uuid"},
    "email": {"type": "email"}, "byte": {"type": "binary"}, "binary": {"type": "binary"},
    "uri": {"type": "string", "format": "uri"}, "url": {"type": "string", "format": "uri"},
    "hostname": {"type": "string", "format": "hostname"},
    "ipv4": {"type": "string", "format": "ipv4"},
    "ipv6": {"type": "string", "format": "ipv6"}, "decimal": {"type": "decimal"},
}  # fmt: skip
_BOUNDS = {
    "minLength": "minLength", "maxLength": "maxLength", "minItems": "minItems",
    "maxItems": "maxItems", "minimum": "min", "maximum": "max", "pattern": "pattern",
}  # fmt: skip
_MEANT = frozenset(
    {"type", "format", "enum", "const", "description", "title", "default", "nullable", "example",
     "examples", "items", "properties", "required", "allOf", "oneOf", "anyOf", "$ref", "readOnly",
     "writeOnly", "deprecated", "xml", "externalDocs", "additionalProperties", "discriminator",
     "uniqueItems", "exclusiveMinimum", "exclusiveMaximum", *_BOUNDS}
)  # fmt: skip


@dataclass(slots=True)
class Read:
    """What a schema says of a field."""

    keys: dict[str, Any]
    entity: str = ""
    """The schema whose records it refers to."""
    is_list: bool = False
    nullable: bool = False
    read_only: bool = False
    notes: list[str] = field(default_factory=list)
    """What the keys do not say."""


@dataclass(frozen=True, slots=True)
class Named:
    """A schema that has a name, and where it stands."""

    schema: Any
    document: Document
    path: tuple[str, ...] = ()

    def place(self, *path: str) -> Place:
        """Of the schema, or of a part of it."""
        return self.document.place(*self.path, *path)


class Schemas:
    """Reads schemas; those of objects that have a name are entities."""

    def __init__(self, references: References, named: Mapping[str, Named]) -> None:
        self.references = references
        self.named = named
        self._names: dict[int, str] = {}
        # A name that only refers to a schema elsewhere stands for it, unless that has its own.
        own = [(one.schema, name) for name, one in named.items()]
        meant = [(references.resolve(schema), name) for schema, name in own]
        for schema, name in own + meant:
            if isinstance(schema, dict):
                self._names.setdefault(id(schema), name)
        self.entities = {name for name in named if self.is_object(named[name].schema)}

    def name_in(self, value: Any) -> str:
        """The name of the schema that a value refers to; empty for none."""
        steps = self.references.steps(value)
        return next((self._names[id(s)] for s in steps if id(s) in self._names), "")

    def mentioned(self, schema: Any) -> str:
        """The schema that a property names, or that its elements do."""
        items = schema.get("items") if isinstance(schema, dict) else None
        return self.name_in(schema) or self.name_in(items)

    def is_object(self, schema: Any) -> bool:
        """Whether a schema has properties."""
        return bool(self.merged(schema).get("properties"))

    def merged(self, schema: Any) -> dict[str, Any]:
        """A schema with all that its `allOf` brings along."""
        found: dict[str, Any] = {}
        waiting = [schema]
        seen: set[int] = set()
        while waiting and len(seen) < MAX_MERGED:
            part = self.references.resolve(waiting.pop(0))
            if not isinstance(part, dict) or id(part) in seen:
                continue
            seen.add(id(part))
            _join(found, part)
            listed = part.get("allOf")
            waiting += listed if isinstance(listed, list) else []
        return found

    def read(self, schema: Any) -> Read:
        """What a property's schema comes to."""
        entity = self._entity_of(schema)
        if entity:
            return self._reference(schema, entity)
        merged = self.merged(schema)
        chosen, nullable = self._chosen(merged)
        if chosen is not None:
            inner = self.read(chosen)
            inner.nullable |= nullable
            _describe(inner.keys, merged)
            return inner
        found = self._plain(merged, schema)
        found.nullable |= nullable
        return found

    def _entity_of(self, schema: Any) -> str:
        """The entity that a schema stands for: by `$ref`, or an `allOf` of one `$ref`."""
        name = self.name_in(schema)
        if name in self.entities:
            return name
        if isinstance(schema, dict) and not name:
            listed = schema.get("allOf")
            if (
                isinstance(listed, list)
                and len(listed) == 1
                and "properties" not in schema
            ):
                return self._entity_of(listed[0])
        return ""

    def _reference(self, schema: Any, entity: str) -> Read:
        found = Read({"type": "object"}, entity)
        target = self.merged(self.named[entity].schema)
        found.nullable = bool(target.get("nullable"))
        _describe(found.keys, schema if isinstance(schema, dict) else {})
        return found

    def _chosen(self, schema: dict[str, Any]) -> tuple[Any, bool]:
        """The one alternative beside null, where there is just one."""
        for word in ("oneOf", "anyOf"):
            listed = schema.get(word)
            if not isinstance(listed, list) or not listed:
                continue
            others = [s for s in listed if not _is_null(s)]
            nullable = len(others) < len(listed)
            if len(others) == 1:
                return others[0], nullable
            return None, nullable
        return None, False

    def _plain(self, schema: dict[str, Any], written: Any) -> Read:
        kind, nullable = _type_of(schema)
        found = Read({}, nullable=nullable or bool(schema.get("nullable")))
        keys = self._typed(kind, schema, found)
        found.keys = keys
        values = (
            schema.get("enum")
            if "enum" in schema
            else [schema["const"]]
            if "const" in schema
            else None
        )
        if isinstance(values, list):
            self._enum(found, values, written)
        for name, key in _BOUNDS.items():
            if name in schema and keys["type"] not in ("object", "json"):
                keys.setdefault("constraints", {})[key] = schema[name]
        _exclusive(schema, found)
        _describe(keys, schema)
        if "default" in schema and schema["default"] is not None:
            keys["default"] = schema["default"]
        found.read_only = bool(schema.get("readOnly"))
        if schema.get("writeOnly") or schema.get("format") == "password":
            keys["sensitive"] = True
        found.notes += [
            f"`{name}` has no meaning in a contract"
            for name in schema
            if isinstance(name, str)
            and name not in _MEANT
            and not name.startswith("x-")
        ]
        return found

    def _typed(self, kind: str, schema: dict[str, Any], found: Read) -> dict[str, Any]:
        if kind == "array":
            return self._array(schema, found)
        if kind == "object" or (
            not kind and ("properties" in schema or "additionalProperties" in schema)
        ):
            if schema.get("properties"):
                found.notes.append("the members of the object are not checked")
            return {"type": "object"}
        if kind == "string" or (not kind and _texts(schema.get("enum"))):
            known = _FORMATS.get(str(schema.get("format", "")))
            return dict(known) if known else {"type": "string"}
        if kind == "integer":
            return {
                "type": "integer",
                **({"format": "int32"} if schema.get("format") == "int32" else {}),
            }
        if kind in ("number", "boolean"):
            return {"type": kind}
        if "oneOf" in schema or "anyOf" in schema:
            found.notes.append("one of several schemas, read as any JSON")
        return {"type": "json"}

    def _array(self, schema: dict[str, Any], found: Read) -> dict[str, Any]:
        found.is_list = True
        items = schema.get("items")
        entity = self._entity_of(items)
        if entity:
            found.entity = entity
            found.notes.append(f"a list of `{entity}`, whose elements are not checked")
            return {"type": "array"}
        inner = self.read(items) if isinstance(items, dict) else None
        if inner is None or inner.keys["type"] in ("object", "array", "json"):
            return {"type": "array"}
        if "enum" in inner.keys or "constraints" in inner.keys:
            found.notes.append("bounds of the elements are not checked")
        return {"type": "array", "items_type": inner.keys["type"]}

    def _enum(self, found: Read, values: list[Any], written: Any) -> None:
        legal = [v for v in values if v is not None]
        found.nullable |= len(legal) < len(values)
        plain = all(
            isinstance(v, str | int | float) and not isinstance(v, bool) for v in legal
        )
        if (
            not legal
            or not plain
            or found.keys["type"] not in ("string", "integer", "number")
        ):
            found.notes.append("the values of `enum` are not checked")
            return
        found.keys.pop("format", None)
        found.keys["enum"] = list(dict.fromkeys(legal))
        name = self.name_in(written)
        if name:
            found.keys["enum_name"] = name


def _join(found: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if key == "properties" and isinstance(value, dict):
            found.setdefault("properties", {})
            for name, schema in value.items():
                if isinstance(name, str):
                    found["properties"].setdefault(name, schema)
        elif key == "required" and isinstance(value, list):
            known = found.get("required")
            names = [n for n in value if isinstance(n, str)]
            found["required"] = [*(known if isinstance(known, list) else []), *names]
        elif key not in ("allOf", "$ref"):
            found.setdefault(key, value)


def _type_of(schema: Mapping[str, Any]) -> tuple[str, bool]:
    kind = schema.get("type")
    if isinstance(kind, list):
        names = [k for k in kind if k != "null"]
        return (str(names[0]) if len(names) == 1 else ""), "null" in kind
    return (kind if isinstance(kind, str) else ""), False


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and (
        schema.get("type") == "null"
        or schema.get("enum") == [None]
        or schema.get("const", 0) is None
    )


def _texts(values: Any) -> bool:
    return (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(v, str) for v in values)
    )


def _exclusive(schema: Mapping[str, Any], found: Read) -> None:
    """Bounds that are not themselves legal: a number in 3.1, a flag beside the bound before."""
    for name, key, step in (
        ("exclusiveMinimum", "min", 1),
        ("exclusiveMaximum", "max", -1),
    ):
        value = schema.get(name)
        if value is None or value is False:
            continue
        bounds = found.keys.get("constraints", {})
        limit = bounds.get(key) if value is True else value
        if (
            found.keys["type"] == "integer"
            and isinstance(limit, int)
            and not isinstance(limit, bool)
        ):
            found.keys["constraints"] = {**bounds, key: limit + step}
        else:
            found.notes.append(f"`{name}` is not checked")


def _describe(keys: dict[str, Any], schema: Mapping[str, Any]) -> None:
    text = schema.get("description") or schema.get("title")
    if isinstance(text, str) and text.strip() and "description" not in keys:
        keys["description"] = text.strip()
