"""`models.py`: what request bodies may hold and what answers look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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
    planner = _Planner(imports, Annotations(imports))
    taken = Taken(set())
    models: list[Model] = []
    bodies: dict[str, str] = {}
    for entity in ir.entities:
        own = names[entity.fqn]
        models += [
            planner.create(taken.claim(own.create), entity),
            planner.update(taken.claim(own.update), entity),
        ]
        for endpoint in _endpoints(ir, entity):
            wanted = own.replace if endpoint.operation is Operation.REPLACE else None
            model = planner.body_of(endpoint, entity, wanted, taken)
            if model is not None:
                bodies[endpoint.operation_id] = str(model.name)
                models.append(model)
        models.append(planner.response(taken.claim(own.response), entity))
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

    def create(self, model: str, entity: Entity) -> Model:
        """What a create may send."""
        fields = [f for f in entity.fields if writable(f, entity)]
        return self._body(model, entity, fields, self._on_create, documented=True)

    def update(self, model: str, entity: Entity) -> Model:
        """What a change may send: any of the fields that may change."""
        fields = [f for f in entity.fields if changeable(f, entity)]
        return self._body(model, entity, fields, self._on_update, documented=False)

    def response(self, model: str, entity: Entity) -> Model:
        """What every answer holds."""
        self.imports.use(RUNTIME, "Representation")
        self.imports.use("pydantic", "Field")
        fields = [f for f in entity.fields if not f.sensitive]
        attributes = self._attributes(
            fields, self._in_response, {"links"}, documented=True
        )
        return Model(
            name=name(model),
            base=Code("Representation"),
            doc=docstring(entity.description),
            attributes=attributes,
            linked=True,
        )

    def body_of(
        self, endpoint: Endpoint, entity: Entity, wanted: str | None, taken: Taken
    ) -> Model | None:
        """The body that only this endpoint has, if it has one."""
        request = endpoint.request_body
        model = wanted or f"{pascal(endpoint.operation_id)}Body"
        match endpoint.operation:
            case Operation.CUSTOM if request is not None and request.fields is not None:
                return self._body(
                    taken.claim(model),
                    None,
                    request.fields,
                    self._on_create,
                    documented=True,
                )
            case Operation.CREATE:
                fields = [f for f in entity.fields if writable(f, entity)]
                usual = self._on_create
            case Operation.UPDATE:
                fields = [f for f in entity.fields if changeable(f, entity)]
                usual = self._on_update
            case Operation.REPLACE:
                fields = [f for f in entity.fields if changeable(f, entity)]
                usual = self._on_create
            case _:
                return None
        required = set(request.required_fields) if request else set()
        accepted = _accepted(endpoint, fields)
        demanded = {f.name for f in fields if f.name in required}
        if (
            endpoint.operation is not Operation.REPLACE
            and not demanded - _required(fields, endpoint.operation)
            and len(accepted) == len(fields)
        ):
            return None

        def presence(field: Field) -> tuple[bool, Code | None]:
            return (False, None) if field.name in required else usual(field)

        return self._body(
            taken.claim(model), entity, accepted, presence, documented=True
        )

    def _body(
        self,
        model: str,
        entity: Entity | None,
        fields: Iterable[Field],
        presence: Callable[[Field], tuple[bool, Code | None]],
        *,
        documented: bool,
    ) -> Model:
        self.imports.use(RUNTIME, "Body")
        return Model(
            name=name(model),
            base=Code("Body"),
            doc=docstring(entity.description) if entity else None,
            attributes=self._attributes(fields, presence, set(), documented=documented),
        )

    def _attributes(
        self,
        fields: Iterable[Field],
        presence: Callable[[Field], tuple[bool, Code | None]],
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
        presence: tuple[bool, Code | None],
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

    def _on_create(self, field: Field) -> tuple[bool, Code | None]:
        """Whether null is legal, and the default; no default makes it required."""
        if field.default is not None:
            return not field.required, default_of(field) or UNSET
        return (False, None) if field.required else (True, NONE)

    def _on_update(self, field: Field) -> tuple[bool, Code | None]:
        return not field.required, UNSET

    def _in_response(self, field: Field) -> tuple[bool, Code | None]:
        return (False, None) if field.required else (True, NONE)


def writable(field: Field, entity: Entity) -> bool:
    """Whether a create may set it."""
    return field.settable and field.name not in (_state_of(entity), entity.soft_delete)


def changeable(field: Field, entity: Entity) -> bool:
    """Whether an update may set it."""
    return (
        field.updatable
        and field.name not in entity.primary_key
        and field.name not in (_state_of(entity), entity.soft_delete)
    )


def _state_of(entity: Entity) -> str | None:
    return entity.state_field if entity.state_machine is not None else None


def _accepted(endpoint: Endpoint, fields: list[Field]) -> list[Field]:
    """The fields that the endpoint's body may hold."""
    request = endpoint.request_body
    if request is None or request.optional_fields is None:
        return fields
    named = {*request.required_fields, *request.optional_fields}
    return [
        f
        for f in fields
        if f.name in named or f.name in _required([f], endpoint.operation)
    ]


def _required(fields: Iterable[Field], operation: Operation) -> set[str]:
    """What a body of the operation has to hold whatever the endpoint says."""
    if operation is Operation.UPDATE:
        return set()
    return {f.name for f in fields if f.required and f.default is None}
