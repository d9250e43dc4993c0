"""Every expression of a domain: where it stands, which record it reads, what it has to give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forge.checks.bound_fields import endpoint_sets, set_fields, targets
from forge.checks.reporting import inside
from forge.checks.subject import Subject, written_at
from forge.checks.value_types import value_types
from forge.expressions import Expression, ValueType
from forge.ir.application import Endpoint, Route
from forge.ir.entities import Field
from forge.ir.handlers import is_handled
from forge.ir.origin import Origin
from forge.ir.types import ComputedKind
from forge.ir.value_types import VALUE_TYPES
from forge.ir.workflows import Condition, Workflow
from forge.source import Node, Scalar, Span


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it is written. `tree` is `None` where the text does not parse."""

    tree: Expression | None
    origin: Origin
    path: tuple[str, ...] = ()
    """The way from the origin to the scalar, which is walked only for a fault."""
    skipped: int = 0
    """Characters of the scalar before the expression."""

    @property
    def node(self) -> Node | None:
        """What holds the expression."""
        return written_at(self.origin, *self.path)

    @property
    def text(self) -> str:
        """The expression as its author wrote it."""
        node = self.node
        return node.text[self.skipped :] if isinstance(node, Scalar) else ""

    def at(self, start: int, end: int) -> Span | None:
        """The place of a part of the expression."""
        return inside(
            self.node, start + self.skipped, max(end, start + 1) + self.skipped
        )


@dataclass(frozen=True, slots=True)
class Use:
    """An expression over the records of one entity."""

    written: Written
    entity: str
    result: ValueType
    is_computed: bool = False
    beside: tuple[Field, ...] = ()
    """What else it reads: the fields of a handler's body."""

    def types(self, subject: Subject) -> dict[str, ValueType] | None:
        """The type of all that it may read; `None` where that is not known."""
        types = value_types(subject, self.entity)
        if types is None or not self.beside:
            return types
        return types | {f.name: VALUE_TYPES[f.type] for f in self.beside}


def written_expressions(subject: Subject) -> Iterator[Written]:
    """Every text that has to be an expression."""
    for field in subject.fields:
        found = _computed(field)
        if found is not None:
            yield found
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            for rule in endpoint.validation:
                yield _condition(rule.condition)
            for effect in endpoint_sets(endpoint):
                if effect.expression is not None or _is_formula(effect.value):
                    yield Written(effect.expression, effect.origin, skipped=1)
    for workflow in subject.own_workflows:
        yield from _of_workflow(workflow)


def uses(subject: Subject) -> Iterator[Use]:
    """Every expression that parses, once for each entity it is about."""
    for entity in subject.entities:
        for field in entity.fields:
            found = _computed(field)
            if found is not None:
                yield Use(found, entity.fqn, VALUE_TYPES[field.type], True)
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            for rule in endpoint.validation:
                text = _condition(rule.condition)
                own = _own_body(endpoint)
                yield Use(text, route.entity, ValueType.BOOLEAN, beside=own)
            yield from _uses_of_endpoint(subject, route, endpoint)
    for workflow in subject.own_workflows:
        yield from _uses_of_workflow(subject, workflow)


def _uses_of_endpoint(
    subject: Subject, route: Route, endpoint: Endpoint
) -> Iterator[Use]:
    fields = subject.fields_of(route.entity) or {}
    for effect in endpoint_sets(endpoint):
        field = fields.get(effect.field)
        if effect.expression is not None and field is not None:
            text = Written(effect.expression, effect.origin, skipped=1)
            yield Use(text, route.entity, VALUE_TYPES[field.type])


def _own_body(endpoint: Endpoint) -> tuple[Field, ...]:
    body = endpoint.request_body if is_handled(endpoint) else None
    return tuple(body.fields or ()) if body is not None else ()


def _computed(field: Field) -> Written | None:
    computed = field.computed
    if computed is None or computed.kind is not ComputedKind.EXPRESSION:
        return None
    return Written(computed.expression, field.origin, ("computed",))


def _condition(condition: Condition) -> Written:
    return Written(condition.expression, condition.origin)


def _of_workflow(workflow: Workflow) -> Iterator[Written]:
    for guard in workflow.guards:
        if guard.condition is not None:
            yield _condition(guard.condition)
    for effect in set_fields(workflow):
        if effect.expression is not None or _is_formula(effect.value):
            yield Written(effect.expression, effect.origin, skipped=1)


def _uses_of_workflow(subject: Subject, workflow: Workflow) -> Iterator[Use]:
    for guard in workflow.guards:
        if guard.condition is not None:
            text = _condition(guard.condition)
            for entity in subject.bound.get(workflow.fqn, ()):
                yield Use(text, entity.fqn, ValueType.BOOLEAN)
    for effect in set_fields(workflow):
        if effect.expression is not None:
            text = Written(effect.expression, effect.origin, skipped=1)
            for entity, field in targets(subject, workflow, effect):
                yield Use(text, entity.fqn, VALUE_TYPES[field.type])


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")
