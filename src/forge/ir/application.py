"""The root of the IR and the contracts that are not entities or workflows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property
from typing import TYPE_CHECKING, Any

from forge.ir.behaviors import Behaviors
from forge.ir.entities import Entity, Fields, SequenceFormat
from forge.ir.origin import BUILT_IN, Origin
from forge.ir.types import InfraCategory, Operation, ViewType
from forge.ir.workflows import Condition, Effect, SetField, Workflow

if TYPE_CHECKING:
    from forge.ir.relations import Relations


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """A rule that a request body has to meet."""

    condition: Condition
    message: str
    field: str | None = None
    """The field that the error points at."""
    status: int = 422
    code: str = "rule"
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBody:
    """What an endpoint wants beyond, or instead of, the entity's own fields."""

    required_fields: tuple[str, ...] = ()
    optional_fields: tuple[str, ...] | None = None
    """The only other fields that are accepted; `None` means all."""
    fields: Fields | None = None
    """The body of a custom endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an endpoint answers."""

    status: int | None = None
    shape: str | None = None
    fields: Fields | None = None
    body_example: Any = None
    """A body to show in the documentation; `None` for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(SetField):
    """A field that an endpoint fills, as one of `auto_fields`."""

    sequence: SequenceFormat | None = None
    """How it is numbered; `None` too where the format has no meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method on one path below a route's base path."""

    operation: Operation
    operation_id: str
    method: str
    path: str
    summary: str = ""
    description: str = ""
    roles: tuple[str, ...] = ()
    request_body: RequestBody | None = None
    validation: tuple[Validation, ...] = ()
    auto_fields: Mapping[str, Any] = attribute(default_factory=dict)
    """As written; `fills` is what they mean."""
    fills: tuple[Fill, ...] = ()
    side_effects: tuple[Any, ...] = ()
    """As written; `effects` are those that set fields, emit events or call functions."""
    effects: tuple[Effect, ...] = ()
    response: Response = Response()
    hateoas: Mapping[str, str] = attribute(default_factory=dict)
    filters: tuple[str, ...] | None = None
    rate_limit: Any = None
    handler: str | None = None
    """The function that answers a custom endpoint."""
    handler_module: str | None = None
    """The module below `behaviors/` that holds it, where that is found."""
    implied: bool = False
    """Whether it follows from the others, and no contract lists it."""
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalBehaviors:
    """What holds for every endpoint of a route, and which endpoints follow from others."""

    replace: bool = True
    bulk: bool = True
    restore: bool = True
    graph: bool = True
    if_match_required: bool = False
    """Whether a change has to name the version of the record that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A collection of an entity's records at a path."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    entity: str
    """FQN."""
    base_path: str
    """Starts with `/`, does not end with one."""
    endpoints: tuple[Endpoint, ...]
    expose_transitions: bool = True
    global_behaviors: GlobalBehaviors = GlobalBehaviors()
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)

    def endpoint(self, operation: Operation) -> Endpoint | None:
        """The endpoint of a standard operation."""
        return next((e for e in self.endpoints if e.operation is operation), None)

    def bulk(self) -> tuple[Endpoint, ...]:
        """The endpoints whose operations a bulk may hold."""
        kinds = (Operation.CREATE, Operation.UPDATE, Operation.DELETE)
        return tuple(e for e in map(self.endpoint, kinds) if e is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way in which a page shows records."""

    type: ViewType
    default: bool = False
    fields: tuple[str, ...] = ()
    """Columns, or the fields of a card."""
    options: Mapping[str, Any] = attribute(default_factory=dict)
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page over an entity."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    route: str
    title: str
    entity: str
    generation_tier: str = "mechanical"
    views: tuple[View, ...] = ()
    spec: Mapping[str, Any] = attribute(default_factory=dict)
    """The remaining keys as plain values: `data_sources display_rules sections actions filters`."""
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """What a model may do on an event. Carried by a later target."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    spec: Mapping[str, Any] = attribute(default_factory=dict)
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixin:
    """Fields to share between entities."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    fields: Fields
    requires: tuple[str, ...] = ()
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVar:
    """An environment variable that a service reads."""

    name: str
    description: str = ""
    default: str | None = None
    required: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Infra:
    """Configuration of what a service stands on."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    category: InfraCategory
    config: Mapping[str, Any] = attribute(default_factory=dict)
    env_vars: tuple[EnvVar, ...] = ()
    bootstrap: Mapping[str, Any] = attribute(default_factory=dict)
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Application:
    """A compiled domain: all that a target reads. Every tuple is sorted by FQN."""

    domain: str
    entities: tuple[Entity, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    """The domain's own; a bound standard workflow is on its entity."""
    routes: tuple[Route, ...] = ()
    pages: tuple[Page, ...] = ()
    agents: tuple[Agent, ...] = ()
    mixins: tuple[Mixin, ...] = ()
    """The domain's own."""
    infra: tuple[Infra, ...] = ()
    library: tuple[Mixin | Workflow, ...] = ()
    """The standard library's mixins and workflows that can be referred to."""
    behaviors: Behaviors | None = None
    """The functions of the domain's authors; `None` where nobody looked for them."""

    @cached_property
    def relations(self) -> Relations:
        """What can be seen along with each record, by names."""
        from forge.ir.relations import name_relations

        return name_relations(self)

    @cached_property
    def _entities(self) -> dict[str, Entity]:
        return {entity.fqn: entity for entity in self.entities}

    @cached_property
    def _routes(self) -> dict[str, Route]:
        return {route.entity: route for route in reversed(self.routes)}

    def entity(self, fqn: str) -> Entity | None:
        """The entity with this FQN."""
        return self._entities.get(fqn)

    def route_of(self, entity_fqn: str) -> Route | None:
        """The route that serves an entity; the first by name where there are several."""
        return self._routes.get(entity_fqn)

    def infra_of(self, category: InfraCategory) -> Infra | None:
        """The infra contract of a category."""
        return next((i for i in self.infra if i.category is category), None)

    def summary(self) -> str:
        """How much there is, counting the domain's own contracts."""
        counts = [
            ("Entities", len(self.entities)),
            ("Workflows", len(self.workflows)),
            ("Routes", len(self.routes)),
            ("Pages", len(self.pages)),
        ]
        extra = [
            ("Agents", len(self.agents)),
            ("Mixins", len(self.mixins)),
            ("Infra", len(self.infra)),
        ]
        return ", ".join(
            f"{name}: {n}" for name, n in counts + [(k, n) for k, n in extra if n]
        )
