"""Schemas of JSON as keys of a field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import Place
from factory.importers.schemas.keywords import (
    bounds,
    describe,
    of_number,
    of_text,
    type_of,
    unsaid,
    values_of,
)
from factory.importers.schemas.merged import Merger
from factory.importers.schemas.references import References, reference_in

MAX_DEPTH = 20
"""Alternatives and elements inside of each other."""
_ALTERNATIVES = ("oneOf", "anyOf")


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


@dataclass(frozen=True, slots=True)
class Members:
    """What an object holds."""

    properties: Mapping[str, Any]
    required: frozenset[str]
    notes: tuple[str, ...] = ()


class Schemas:
    """Reads schemas; those of objects that have a name are entities."""

    def __init__(
        self,
        references: References,
        named: Mapping[str, Named],
        copies: Iterable[tuple[Any, str]] = (),
    ) -> None:
        """`copies` are schemas that stand for a named one, with its name."""
        self.references = references
        self.merged = Merger(references)
        self.named = named
        self._names: dict[int, str] = {}
        # A name that only refers to a schema elsewhere stands for it, unless that has its own.
        own = [(one.schema, name) for name, one in named.items()]
        meant = [(references.resolve(schema), name) for schema, name in own]
        for schema, name in (*own, *meant, *copies):
            if isinstance(schema, dict):
                self._names.setdefault(id(schema), name)
        self.entities = {n for n, one in named.items() if self.is_object(one.schema)}

    def is_object(self, schema: Any) -> bool:
        """Whether a schema has properties."""
        return bool(self.members(schema).properties)

    def members(self, schema: Any) -> Members:
        """The members of an object, those of its alternatives among them."""
        merged = self.merged(schema)
        properties = merged.get("properties") or {}
        listed = merged.get("required")
        required = frozenset(listed if isinstance(listed, list) else ())
        for word in _ALTERNATIVES:
            parts = self._alternatives(merged.get(word))
            if not parts:
                continue
            every = [self.members(part) for part in parts]
            found = dict(properties)
            for name in dict.fromkeys(n for one in every for n in one.properties):
                if name not in found:
                    found[name] = _any_of(
                        [o.properties[name] for o in every if name in o.properties]
                    )
            common = frozenset.intersection(*(one.required for one in every))
            note = f"`{word}`: all members in one entity, whichever belong together"
            return Members(found, required | common, (note,))
        return Members(properties, required)

    def _alternatives(self, listed: Any) -> list[Any]:
        """Objects that are written out; those with names are entities of their own."""
        parts = listed if isinstance(listed, list) else []
        written = [p for p in parts if not _is_null(p)]
        plain = all(
            isinstance(part, dict)
            and not reference_in(part)
            and isinstance(part.get("properties"), dict)
            for part in written
        )
        return written if plain else []

    def name_in(self, value: Any) -> str:
        """The name of the schema that a value refers to; empty for none."""
        steps = self.references.steps(value)
        return next((self._names[id(s)] for s in steps if id(s) in self._names), "")

    def mentioned(self, schema: Any) -> str:
        """The schema that a property names, or that its elements do."""
        items = schema.get("items") if isinstance(schema, dict) else None
        return self.name_in(schema) or self.name_in(items)

    def read(self, schema: Any, depth: int = 0) -> Read:
        """What a property's schema comes to."""
        if depth > MAX_DEPTH:
            return Read({"type": "json"}, notes=["nested too deeply, or in itself"])
        entity = self._entity_of(schema)
        if entity:
            return self._reference(schema, entity)
        reference = reference_in(schema)
        if reference and self.references.resolve(schema) is None:
            note = f"`{reference[:200]}` leads to nothing in the source"
            return Read({"type": "json"}, notes=[note])
        merged = self.merged(schema)
        chosen, nullable = _chosen(merged)
        if chosen is not None:
            beside = {k: v for k, v in merged.items() if k not in _ALTERNATIVES}
            if "type" in beside and not reference_in(chosen):
                chosen = {"allOf": [chosen, beside]}
            found = self.read(chosen, depth + 1)
            describe(found.keys, beside)
            if beside.get("default") is not None and not found.entity:
                found.keys["default"] = beside["default"]
            found.read_only |= bool(beside.get("readOnly"))
        else:
            found = self._plain(merged, schema, depth)
        found.nullable |= nullable
        return found

    def _entity_of(self, schema: Any) -> str:
        """The entity that a schema stands for: by `$ref`, or an `allOf` of one `$ref`."""
        for _ in range(MAX_DEPTH):
            name = self.name_in(schema)
            if name in self.entities:
                return name
            listed = schema.get("allOf") if isinstance(schema, dict) else None
            parts = listed if isinstance(listed, list) else []
            if name or len(parts) != 1 or "properties" in schema:
                return ""
            (schema,) = parts
        return ""

    def _reference(self, schema: Any, entity: str) -> Read:
        found = Read({"type": "object"}, entity)
        target = self.merged(self.named[entity].schema)
        beside = schema if isinstance(schema, dict) else {}
        found.nullable = bool(target.get("nullable") or beside.get("nullable"))
        found.read_only = bool(beside.get("readOnly"))
        describe(found.keys, beside)
        return found

    def _plain(self, schema: dict[str, Any], written: Any, depth: int) -> Read:
        kind, nullable = type_of(schema)
        found = Read({}, nullable=nullable)
        keys = self._typed(kind, schema, found, depth)
        found.keys = keys
        values = values_of(schema)
        if values is not None:
            self._enum(found, values, written)
        elif kind and any(word in schema for word in _ALTERNATIVES):
            found.notes.append("one of several schemas, of which the type is checked")
        bounds(schema, keys, found.notes)
        describe(keys, schema)
        if schema.get("default") is not None:
            keys["default"] = schema["default"]
        found.read_only = bool(schema.get("readOnly"))
        if schema.get("writeOnly") or schema.get("format") == "password":
            keys["sensitive"] = True
        found.notes += unsaid(schema)
        return found

    def _typed(
        self, kind: str, schema: dict[str, Any], found: Read, depth: int
    ) -> dict[str, Any]:
        if kind == "array":
            return self._array(schema, found, depth)
        if kind == "object":
            if schema.get("properties"):
                found.notes.append("the members of the object are not checked")
            return {"type": "object"}
        if kind == "string":
            return of_text(schema, found.notes)
        if kind in ("integer", "number"):
            return of_number(kind, schema, found.notes)
        if kind == "boolean":
            return {"type": kind}
        return self._open(schema, found, depth)

    def _open(self, schema: dict[str, Any], found: Read, depth: int) -> dict[str, Any]:
        """What has several types: the one that all alternatives share, else any JSON."""
        listed = schema.get("type")
        if isinstance(listed, list) and len(listed) > 1:
            found.notes.append("one of several types, read as any JSON")
        for word in _ALTERNATIVES:
            parts = schema.get(word)
            if not isinstance(parts, list) or values_of(schema) is not None:
                continue
            every = [self.read(part, depth + 1) for part in parts if not _is_null(part)]
            kinds = {one.keys["type"] for one in every}
            if any(one.entity for one in every) or len(kinds) != 1:
                found.notes.append("one of several schemas, read as any JSON")
                break
            found.notes.append("one of several schemas, of which the type is checked")
            return {"type": kinds.pop()}
        return {"type": "json"}

    def _array(self, schema: dict[str, Any], found: Read, depth: int) -> dict[str, Any]:
        found.is_list = True
        items = schema.get("items")
        if isinstance(items, list) or "prefixItems" in schema:
            found.notes.append("the elements of a tuple are not checked")
            return {"type": "array"}
        entity = self._entity_of(items)
        if entity:
            found.entity = entity
            found.notes.append(f"a list of `{entity}`, whose elements are not checked")
            return {"type": "array"}
        inner = self.read(items, depth + 1) if isinstance(items, dict) else None
        if inner is None:
            return {"type": "array"}
        kind = inner.keys["type"]
        if kind in ("object", "array"):
            found.notes.append(f"the elements, of type `{kind}`, are not checked")
            return {"type": "array"}
        if "enum" in inner.keys or "constraints" in inner.keys:
            found.notes.append("bounds of the elements are not checked")
        found.notes += inner.notes
        return (
            {"type": "array"}
            if kind == "json"
            else {"type": "array", "items_type": kind}
        )

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


def _any_of(schemas: list[Any]) -> Any:
    """What a member of several alternatives holds: their values, or the one schema of all."""
    first = schemas[0]
    values = [values_of(one) if isinstance(one, dict) else None for one in schemas]
    if all(listed is not None for listed in values):
        every = [value for listed in values for value in listed or ()]
        return {**first, "enum": list({repr(v): v for v in every}.values())}
    return first if all(one == first for one in schemas) else {"anyOf": schemas}


def _chosen(schema: dict[str, Any]) -> tuple[Any, bool]:
    """The one alternative beside null, where there is just one."""
    for word in _ALTERNATIVES:
        listed = schema.get(word)
        if not isinstance(listed, list) or not listed:
            continue
        others = [s for s in listed if not _is_null(s)]
        nullable = len(others) < len(listed)
        return (others[0] if len(others) == 1 else None), nullable
    return None, False


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and (
        schema.get("type") == "null"
        or schema.get("enum") == [None]
        or schema.get("const", 0) is None
    )
