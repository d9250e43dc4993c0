"""A document as drafts."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from factory.importers.documents import Document, load
from factory.importers.drafts import (
    ContractDraft,
    EntityDraft,
    Evidence,
    FieldDraft,
    Imported,
    Reference,
    Unmapped,
    Unreadable,
)
from factory.importers.naming import snake
from factory.importers.openapi.operations import Operations
from factory.importers.openapi.references import References, name_in
from factory.importers.openapi.schemas import Read, Schemas
from factory.importers.reading import Text

_NEUTRAL = {
    "string": "string", "integer": "integer", "number": "number", "boolean": "boolean",
    "object": "object", "array": "list", "null": "null",
}  # fmt: skip
_NEUTRAL_FORMATS = {"date": "date", "date-time": "datetime", "uuid": "uuid"}
_ENDINGS = frozenset({".json", ".yaml", ".yml"})


def read(texts: tuple[Text, ...]) -> Imported:
    """The document among the files; the others are what it refers to. Raises `Unreadable`."""
    documents = {
        posixpath.normpath(t.name.removesuffix(".gz")): load(t)
        for t in texts
        if t.suffix in _ENDINGS or len(texts) == 1
    }
    main = [d for d in documents.values() if _is_api(d.value)]
    if not main:
        first = next(iter(documents.values()), None)
        place = first.place() if first else Document(texts[0].name, None, {}).place()
        raise Unreadable(place, "says neither `openapi` nor `swagger`")
    return _Reader(main[0], documents, [d.name for d in main[1:]]).read()


def _is_api(value: Any) -> bool:
    return isinstance(value, dict) and ("openapi" in value or "swagger" in value)


class _Reader:
    def __init__(
        self, document: Document, others: Mapping[str, Document], more: list[str]
    ) -> None:
        self.document = document
        root = document.value
        if "swagger" in root:
            self.path: tuple[str, ...] = ("definitions",)
            named = root.get("definitions")
        else:
            self.path = ("components", "schemas")
            components = root.get("components")
            named = components.get("schemas") if isinstance(components, dict) else None
        self.named = (
            {k: v for k, v in named.items() if isinstance(k, str)}
            if isinstance(named, dict)
            else {}
        )
        self.references = References(document, others)
        self.schemas = Schemas(self.references, self.named)
        self.unmapped: list[Unmapped] = [
            Unmapped(others[name].place() if name in others else document.place(), name,
                     "a second document; it is imported by itself")
            for name in more
        ]  # fmt: skip
        self.enums: dict[str, tuple[Any, ...]] = {}

    def read(self) -> Imported:
        """Everything."""
        operations = Operations(self.document, self.references, self.schemas)
        made = self._made_by_service(operations)
        entities = tuple(
            self._entity(name, schema, name in made)
            for name, schema in self.named.items()
            if name in self.schemas.entities
        )
        others = tuple(
            self._other(name)
            for name in self.named
            if name not in self.schemas.entities
        )
        routes = operations.routes()
        security = self._security()
        self.unmapped += operations.unmapped
        return Imported(
            entities=entities,
            routes=routes,
            contracts=security,
            unmapped=tuple(self.unmapped),
            enums=self.enums,
            operations=tuple((o.method.upper(), o.path) for o in operations.found),
            routed=False,
            others=others,
        )

    def _made_by_service(self, operations: Operations) -> set[str]:
        """Entities that are created by bodies without an `id`, which the service makes up then."""
        found = set()
        for operation in operations.found:
            entity = operations._answered(operation.answer)
            if operation.method == "post" and entity and operation.body is not None:
                properties = self.schemas.merged(operation.body).get("properties")
                if isinstance(properties, dict) and "id" not in properties:
                    found.add(entity)
        return found

    def _entity(self, name: str, schema: Any, made: bool) -> EntityDraft:
        merged = self.schemas.merged(schema)
        own = self.references.resolve(schema)
        direct = own.get("properties") if isinstance(own, dict) else None
        required = merged.get("required")
        names = set(required) if isinstance(required, list) else set()
        fields = []
        for prop, inner in merged["properties"].items():
            if isinstance(prop, str):
                is_own = isinstance(direct, dict) and prop in direct
                field = self._field(
                    name, prop, inner, required=prop in names, made=made
                )
                fields.append(field if is_own else _inherited(field))
        description = merged.get("description") or merged.get("title")
        return EntityDraft(
            name=name,
            fields=tuple(fields),
            evidence=Evidence(self.document.place(*self.path, name), "openapi/schema"),
            description=description.strip() if isinstance(description, str) else "",
        )

    def _other(self, name: str) -> str:
        """A schema that is no object: an enum, a list, a text."""
        schema = self.schemas.merged(self.named[name])
        values = schema.get("enum")
        place = self.document.place(*self.path, name)
        if isinstance(values, list):
            self.enums[name] = tuple(values)
        else:
            reason = (
                "a schema without properties is written where it is used, and no entity"
            )
            self.unmapped.append(Unmapped(place, name, reason))
        return name

    def _field(
        self, entity: str, name: str, schema: Any, *, required: bool, made: bool
    ) -> FieldDraft:
        place = self.document.place(*self.path, entity, "properties", name)
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
            self._note(
                place,
                f"{entity}.{name}",
                "`readOnly`: say how the service fills it",
                entity,
            )
        if required and not found.nullable:
            keys["required"] = True
        for note in found.notes:
            self._note(place, f"{entity}.{name}", note, entity)
        reference = None
        if found.entity and not found.is_list:
            reference = Reference(entity=found.entity)
            keys["type"] = self._key_type(found.entity)
        return FieldDraft(
            name=name,
            keys=keys,
            evidence=Evidence(place, "openapi/property"),
            reference=reference,
            neutral=self._neutral(schema, found),
            mentions=_mentioned(schema),
            neutral_required=required,
        )

    def _key_type(self, entity: str) -> str:
        """The type of the key that a reference to an entity holds."""
        properties = self.schemas.merged(self.named[entity]).get("properties", {})
        for name, schema in properties.items():
            if isinstance(name, str) and snake(name) == "id":
                kind = self.schemas.read(schema)
                return str(kind.keys["type"]) if not kind.entity else "uuid"
        return "uuid"

    def _neutral(self, schema: Any, found: Read) -> str:
        if isinstance(schema, dict):
            if "$ref" in schema:
                return "ref"
            if "enum" in schema:
                return "enum"
            if "items" in schema or schema.get("type") == "array":
                return "list"
            known = _NEUTRAL_FORMATS.get(str(schema.get("format")))
            kind = schema.get("type")
            return known or (
                _NEUTRAL.get(kind, "any") if isinstance(kind, str) else "any"
            )
        return "any"

    def _security(self) -> tuple[ContractDraft, ...]:
        """Bearer tokens as authentication; everything else is listed."""
        root = self.document.value
        components = (
            root.get("components") if isinstance(root.get("components"), dict) else {}
        )
        schemes = components.get("securitySchemes") or root.get("securityDefinitions")
        found: list[ContractDraft] = []
        for name, written in schemes.items() if isinstance(schemes, dict) else ():
            scheme = self.references.resolve(written)
            parent = (
                ("securityDefinitions",)
                if "swagger" in root
                else ("components", "securitySchemes")
            )
            place = self.document.place(*parent, str(name))
            kind = scheme.get("type") if isinstance(scheme, dict) else ""
            bearer = kind == "http" and str(scheme.get("scheme")).lower() == "bearer"
            if (bearer or kind in ("oauth2", "openIdConnect")) and not found:
                spec = {"category": "auth", "config": {"provider": "jwt"}}
                evidence = Evidence(place, "openapi/security")
                found.append(
                    ContractDraft(
                        kind="Infra", name="auth", spec=spec, evidence=evidence
                    )
                )
            else:
                reason = f"`{kind}`: services here know bearer tokens alone"
                self.unmapped.append(Unmapped(place, f"security {name}", reason))
        return tuple(found)

    def _note(self, place: Any, what: str, reason: str, entity: str = "") -> None:
        self.unmapped.append(Unmapped(place, what, reason, entity))


def _mentioned(schema: Any) -> str:
    """The schema that a property names, or that its elements do."""
    items = schema.get("items") if isinstance(schema, dict) else None
    return name_in(schema) or name_in(items)


def _inherited(field: FieldDraft) -> FieldDraft:
    """A field that comes by `allOf`: the contract has it, the schema itself does not say it."""
    return FieldDraft(
        name=field.name,
        keys=field.keys,
        evidence=field.evidence,
        reference=field.reference,
        neutral=field.neutral,
        inherited=True,
    )
