"""Named schemas of objects as entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from factory.importers.drafts import (
    EntityDraft,
    Evidence,
    FieldDraft,
    Place,
    Reference,
    Unmapped,
)
from factory.importers.naming import snake
from factory.importers.schemas.fields import Members, Read, Schemas
from factory.importers.schemas.keywords import describe, unsaid

_NEUTRAL = {
    "string": "string", "integer": "integer", "number": "number", "boolean": "boolean",
    "object": "object", "array": "list", "null": "null",
}  # fmt: skip
_NEUTRAL_FORMATS = {"date": "date", "date-time": "datetime", "uuid": "uuid"}
_JOINED = ("oneOf", "anyOf", "discriminator")
"""What is told once where alternatives become one entity."""


class Entities:
    """Makes drafts of schemas, and keeps what these do not say."""

    def __init__(self, schemas: Schemas, format: str) -> None:
        """`format` begins the names of the rules by which facts were read."""
        self.schemas = schemas
        self.references = schemas.references
        self.format = format
        self.unmapped: list[Unmapped] = []
        self.enums: dict[str, tuple[Any, ...]] = {}

    def all(self, made: frozenset[str] = frozenset()) -> tuple[EntityDraft, ...]:
        """Every entity; the service makes up the ids of those that are `made`."""
        return tuple(
            self._entity(name, name in made)
            for name in self.schemas.named
            if name in self.schemas.entities
        )

    def others(self) -> tuple[str, ...]:
        """The named schemas that are no objects: enums, lists, texts."""
        return tuple(
            self._other(name)
            for name in self.schemas.named
            if name not in self.schemas.entities
        )

    def _entity(self, name: str, made: bool) -> EntityDraft:
        named = self.schemas.named[name]
        merged = self.schemas.merged(named.schema)
        own = self.references.resolve(named.schema)
        direct = own.get("properties") if isinstance(own, dict) else None
        members = self.schemas.members(named.schema)
        self._limits(name, merged, members)
        fields = []
        for prop, inner in members.properties.items():
            if inner is False:
                place = named.place("properties", prop)
                self._note(place, f"{name}.{prop}", "no value of it is legal", name)
                continue
            required = prop in members.required
            field = self._field(name, prop, inner, required=required, made=made)
            is_own = isinstance(direct, dict) and prop in direct
            # What comes by `allOf` is the contract's, but the schema itself does not say it.
            fields.append(field if is_own else replace(field, inherited=True))
        about: dict[str, Any] = {}
        describe(about, merged)
        return EntityDraft(
            name=name,
            fields=tuple(fields),
            evidence=Evidence(named.place(), f"{self.format}/schema"),
            description=about.get("description", ""),
        )

    def _limits(self, name: str, merged: Mapping[str, Any], members: Members) -> None:
        """List what holds of an object as a whole."""
        place = self.schemas.named[name].place()
        said = {k: v for k, v in merged.items() if not (members.notes and k in _JOINED)}
        for note in (*members.notes, *unsaid(said, entity=True)):
            self._note(place, name, note, name)
        for missing in sorted(members.required - members.properties.keys()):
            reason = "is required, but no schema says what it is"
            self._note(place, f"{name}.{missing}", reason, name)

    def _other(self, name: str) -> str:
        named = self.schemas.named[name]
        values = self.schemas.merged(named.schema).get("enum")
        if isinstance(values, list):
            self.enums[name] = tuple(values)
        else:
            reason = (
                "a schema without properties is written where it is used, and no entity"
            )
            self._note(named.place(), name, reason)
        return name

    def _field(
        self, entity: str, name: str, schema: Any, *, required: bool, made: bool
    ) -> FieldDraft:
        place = self.schemas.named[entity].place("properties", name)
        what = f"{entity}.{name}"
        found = self.schemas.read(schema)
        keys = dict(found.keys)
        is_key = snake(name) == "id"
        if (
            is_key
            and keys["type"] in ("integer", "uuid")
            and (found.read_only or made or not required)
        ):
            keys["computed"] = "identity" if keys["type"] == "integer" else "uuid"
            keys.pop("default", None)
        elif found.read_only:
            self._note(place, what, "`readOnly`: say how the service fills it", entity)
        if required and not found.nullable:
            keys["required"] = True
        for note in found.notes:
            self._note(place, what, note, entity)
        reference = None
        if found.entity and not found.is_list:
            reference = Reference(entity=found.entity)
            keys["type"] = self._key_type(found.entity)
        return FieldDraft(
            name=name,
            keys=keys,
            evidence=Evidence(place, f"{self.format}/property"),
            reference=reference,
            neutral=_neutral(schema),
            mentions=self.schemas.mentioned(schema),
            neutral_required=required,
        )

    def _key_type(self, entity: str) -> str:
        """The type of the key that a reference to an entity holds."""
        members = self.schemas.members(self.schemas.named[entity].schema)
        for name, schema in members.properties.items():
            if snake(name) == "id":
                kind: Read = self.schemas.read(schema)
                return str(kind.keys["type"]) if not kind.entity else "uuid"
        return "uuid"

    def _note(self, place: Place, what: str, reason: str, entity: str = "") -> None:
        self.unmapped.append(Unmapped(place, what, reason, entity))


def _neutral(schema: Any) -> str:
    """The type that a property itself names."""
    if not isinstance(schema, dict):
        return "any"
    if "$ref" in schema:
        return "ref"
    if "enum" in schema:
        return "enum"
    if "items" in schema or schema.get("type") == "array":
        return "list"
    kind = schema.get("type")
    return _NEUTRAL_FORMATS.get(str(schema.get("format"))) or (
        _NEUTRAL.get(kind, "any") if isinstance(kind, str) else "any"
    )
