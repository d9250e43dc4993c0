"""`models.py`: what request bodies may hold and what answers look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from forge.emit import Code
from forge.emit.literals import name, py
from forge.emit.names import pascal
from forge.ir.application import Application, Endpoint
from forge.ir.entities import Entity, Field
from forge.ir.types import Operation
from forge.targets.fastapi_prod.docstrings import Docstring, docstring
from forge.targets.fastapi_prod.plan_names import EntityNames, Taken
from forge.targets.fastapi_prod.plan_types import (
    RUNTIME,
    Annotations,
    attribute_names,
    default_of,
)
from forge.targets.fastapi_prod.printing import Import, Imports, call

UNSET = Code("UNSET")
NONE = Code("None")

Presence: TypeAlias = tuple[bool, Code | None]
"""Whether null is legal, and the default; no default makes a field required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One field of a model."""

    name: Code
    annotation: Code
    default: Code | None
    doc: Docstring | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One class."""

    name: Code
    base: Code
    doc: Docstring | None
    attributes: tuple[Attribute, ...]
    linked: bool = False
    """Whether it holds `links`."""

    @property
    def empty(self) -> bool:
        """Whether the class has nothing to say."""
        return not (self.doc or self.attributes or self.linked)


@dataclass(frozen=True, slots=True)
class ModelsPlan:
    """The module `models.py`."""

    standard: tuple[Import, ...]
    third_party: tuple[Import, ...]
    own: tuple[Import, ...]
    models: tuple[Model, ...]
    bodies: Mapping[str, str]
    """Operation id -> name of the body, where the operation has one of its own."""


def plan_models(ir: Application, names: Mapping[str, EntityNames]) -> ModelsPlan:
    """Create, Update and Response of every entity, and the bodies of particular endpoints."""
    imports = Imports()
    planner = _Planner(imports, Annotations(imports), Taken())
    models: list[Model] = []
    bodies: dict[str, str] = {}
    for entity in ir.entities:
        own = names[entity.fqn]
        models += [planner.create(own, entity), planner.update(own, entity)]
        for endpoint in _endpoints(ir, entity):
            model = planner.body_of(endpoint, entity, own)
            if model is not None:
                bodies[endpoint.operation_id] = str(model.name)
                models.append(model)
        models.append(planner.response(own, entity))
    return ModelsPlan(
        imports.of("typing"),
        imports.of("pydantic"),
        imports.of(RUNTIME),
        tuple(models),
        bodies,
    )


def _endpoints(ir: Application, entity: Entity) -> Iterable[Endpoint]:
    return (
        e for route in ir.routes if route.entity == entity.fqn for e in route.endpoints
    )


@dataclass(frozen=True, slots=True)
class _Planner:
    imports: Imports
    types: Annotations
    bodies: Taken
    """Names of the bodies of particular endpoints."""

    def create(self, own: EntityNames, entity: Entity) -> Model:
        """What a create may send."""
        return self._body(own.create, entity, created(entity), self._on_create)

    def update(self, own: EntityNames, entity: Entity) -> Model:
        """What a change may send: any of the fields that may change."""
        fields = changed(entity)
        return self._body(own.update, entity, fields, self._on_update, documented=False)

    def response(self, own: EntityNames, entity: Entity) -> Model:
        """What every answer holds."""
        self.imports.use(RUNTIME, "Representation")
        self.imports.use("pydantic", "Field")
        fields = [f for f in entity.fields if not f.sensitive]
        return Model(
            name=name(own.response),
            base=Code("Representation"),
            doc=docstring(entity.description),
            attributes=self._attributes(
                fields, self._in_response, {"links"}, documented=True
            ),
            linked=True,
        )

    def body_of(
        self, endpoint: Endpoint, entity: Entity, own: EntityNames
    ) -> Model | None:
        """The body that only this endpoint has, if it has one."""
        match endpoint.operation:
            case Operation.CREATE:
                fields, usual = created(entity), self._on_create
            case Operation.UPDATE:
                fields, usual = changed(entity), self._on_update
            case Operation.REPLACE:
                fields, usual = changed(entity), self._on_create
            case _:
                return None
        accepted = _accepted(endpoint, fields)
        demanded = _demanded(endpoint)

        def presence(field: Field) -> Presence:
            return (False, None) if field.name in demanded else usual(field)

        if endpoint.operation is Operation.REPLACE:
            wanted = own.replace
        elif accepted == fields and all(usual(f) == presence(f) for f in fields):
            return None
        else:
            wanted = f"{pascal(endpoint.operation_id)}Body"
        return self._body(self.bodies.claim(wanted), entity, accepted, presence)

    def _body(
        self,
        model: str,
        entity: Entity,
        fields: Iterable[Field],
        presence: Callable[[Field], Presence],
        *,
        documented: bool = True,
    ) -> Model:
        self.imports.use(RUNTIME, "Body")
        return Model(
            name=name(model),
            base=Code("Body"),
            doc=docstring(entity.description),
            attributes=self._attributes(fields, presence, set(), documented=documented),
        )

    def _attributes(
        self,
        fields: Iterable[Field],
        presence: Callable[[Field], Presence],
        reserved: set[str],
        *,
        documented: bool,
    ) -> tuple[Attribute, ...]:
        every = tuple(fields)
        attributes = attribute_names((f.name for f in every), reserved)
        return tuple(
            self._attribute(field, attribute, presence(field), reserved, documented)
            for field, attribute in zip(every, attributes, strict=True)
        )

    def _attribute(
        self,
        field: Field,
        attribute: str,
        presence: Presence,
        reserved: set[str],
        documented: bool,
    ) -> Attribute:
        nullable, default = presence
        return Attribute(
            name=name(attribute),
            annotation=self.types.of(
                field, nullable=nullable, checked="links" not in reserved
            ),
            default=self._default(field, attribute, default),
            doc=docstring(field.description) if documented else None,
        )

    def _default(
        self, field: Field, attribute: str, default: Code | None
    ) -> Code | None:
        if default is UNSET:
            self.imports.use(RUNTIME, "UNSET")
        if attribute == field.name:
            return default
        self.imports.use("pydantic", "Field")
        return call("Field", default=default, alias=py(field.name))

    def _on_create(self, field: Field) -> Presence:
        if field.default is not None:
            return not field.required, default_of(field) or UNSET
        return (False, None) if field.required else (True, NONE)

    def _on_update(self, field: Field) -> Presence:
        return not field.required, UNSET

    def _in_response(self, field: Field) -> Presence:
        return (False, None) if field.required else (True, NONE)


def created(entity: Entity) -> list[Field]:
    """The fields that a create may set."""
    kept = _kept(entity)
    return [f for f in entity.fields if f.settable and f.name not in kept]


def changed(entity: Entity) -> list[Field]:
    """The fields that an update may set."""
    kept = (*_kept(entity), *entity.primary_key)
    return [f for f in entity.fields if f.updatable and f.name not in kept]


def _kept(entity: Entity) -> tuple[str | None, ...]:
    """What only the service sets, by a transition or a deletion."""
    return (entity.state_field if entity.state_machine else None, entity.soft_delete)


def _accepted(endpoint: Endpoint, fields: list[Field]) -> list[Field]:
    """The fields that the endpoint's body may hold."""
    request = endpoint.request_body
    if request is None or request.optional_fields is None:
        return fields
    named = {*request.required_fields, *request.optional_fields}
    if endpoint.operation is not Operation.UPDATE:
        named |= {f.name for f in fields if f.required and f.default is None}
    return [f for f in fields if f.name in named]


def _demanded(endpoint: Endpoint) -> tuple[str, ...]:
    """The fields that the endpoint's body has to hold besides what a record needs."""
    request = endpoint.request_body
    return () if request is None else request.required_fields
