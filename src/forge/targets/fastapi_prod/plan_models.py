"""`models.py`: what request bodies may hold and what answers look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from forge.emit import Code
from forge.emit.literals import name, py
from forge.emit.names import pascal
from forge.ir.application import Application, Endpoint
from forge.ir.bodies import accepted, changeable, demanded, writable
from forge.ir.entities import Entity, Field
from forge.ir.handlers import (
    answer_name,
    body_fields,
    body_name,
    is_handled,
    shape_of,
)
from forge.ir.types import Operation
from forge.targets.fastapi_prod.docstrings import Docstring, docstring
from forge.targets.fastapi_prod.plan_behaviors import answer_key
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


_WITH_A_BODY = frozenset(
    {Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.TRANSITION}
)


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
            for key, model in planner.handled(endpoint, entity):
                bodies[key] = str(model.name)
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
        return self._body(own.create, entity, writable(entity), self._on_create)

    def update(self, own: EntityNames, entity: Entity) -> Model:
        """What a change may send: any of the fields that may change."""
        fields = changeable(entity)
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
        if endpoint.operation not in _WITH_A_BODY:
            return None
        fields, must = accepted(entity, endpoint), demanded(entity, endpoint)
        whole = endpoint.operation in (Operation.CREATE, Operation.REPLACE)
        usual = self._on_create if whole else self._on_update

        def presence(field: Field) -> Presence:
            return (False, None) if field.name in must else usual(field)

        if endpoint.operation is Operation.TRANSITION:
            return self._step(endpoint, entity, fields, presence) if fields else None
        if _is_usual(entity, endpoint, fields) and all(
            usual(f) == presence(f) for f in fields
        ):
            return None
        if endpoint.operation is Operation.REPLACE:
            wanted = own.replace
        else:
            wanted = f"{pascal(endpoint.operation_id)}Body"
        return self._body(self.bodies.claim(wanted), entity, fields, presence)

    def handled(
        self, endpoint: Endpoint, entity: Entity
    ) -> Iterator[tuple[str, Model]]:
        """The body and the answer of an endpoint with a handler, where they have fields."""
        if not is_handled(endpoint):
            return
        about = docstring(endpoint.summary)
        fields = body_fields(entity, endpoint)
        if fields is not None:
            wanted = self.bodies.claim(body_name(endpoint))
            yield endpoint.operation_id, self._plain("Body", wanted, fields, about)
        if shape_of(endpoint) == "fields":
            wanted = self.bodies.claim(answer_name(endpoint))
            answered = endpoint.response.fields or ()
            yield answer_key(endpoint), self._plain("Answer", wanted, answered, about)

    def _plain(
        self, base: str, model: str, fields: Iterable[Field], about: Docstring | None
    ) -> Model:
        """A model of fields that belong to no entity."""
        self.imports.use(RUNTIME, base)
        on = self._in_request if base == "Body" else self._in_response
        return Model(
            name=name(model),
            base=Code(base),
            doc=about,
            attributes=self._attributes(fields, on, set(), documented=True),
        )

    def _in_request(self, field: Field) -> Presence:
        if field.default is None or default_of(field) is not None:
            return self._on_create(field)
        # Read like what a client sends: no literal of Python has its type.
        self.imports.use("pydantic", "Field")
        default = call(
            "Field", default=py(field.default), validate_default=Code("True")
        )
        return not field.required, default

    def _step(
        self,
        endpoint: Endpoint,
        entity: Entity,
        fields: Iterable[Field],
        presence: Callable[[Field], Presence],
    ) -> Model:
        """The body of a transition that stores fields with the step."""
        self.imports.use(RUNTIME, "Body")
        self.imports.use(RUNTIME, "Text")
        state = Attribute(
            name=name("state"), annotation=Code("Text"), default=None, doc=None
        )
        attributes = self._attributes(fields, presence, {"state"}, documented=True)
        return Model(
            name=name(self.bodies.claim(f"{pascal(endpoint.operation_id)}Body")),
            base=Code("Body"),
            doc=docstring(entity.description),
            attributes=(state, *attributes),
        )

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
        if default is not None and default.startswith("Field("):
            return Code(f"{default[:-1]}, alias={py(field.name)})")
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


def _is_usual(entity: Entity, endpoint: Endpoint, fields: Iterable[Field]) -> bool:
    """Whether the body holds the fields that the entity's own one holds."""
    # A replacement that may hold all that a create may hold is written like one.
    whole = endpoint.operation in (Operation.CREATE, Operation.REPLACE)
    usual = writable(entity) if whole else changeable(entity)
    return [f.name for f in fields] == [f.name for f in usual]
