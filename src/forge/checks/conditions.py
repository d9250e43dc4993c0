"""Every expression of a domain: where it stands, which record it reads, what it has to give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forge.checks.bound_fields import set_fields, targets
from forge.checks.reporting import inside
from forge.checks.subject import Subject, written_at
from forge.checks.value_types import VALUE_TYPES
from forge.expressions import Expression, ValueType
from forge.ir.entities import Field
from forge.ir.types import ComputedKind
from forge.ir.workflows import Workflow
from forge.source import Node, Scalar, Span


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it is written. `tree` is `None` where the text does not parse."""

    text: str
    tree: Expression | None
    node: Node | None
    skipped: int = 0
    """Characters of the scalar before the expression."""

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


def written_expressions(subject: Subject) -> Iterator[Written]:
    """Every text that has to be an expression."""
    for field in subject.fields:
        found = _computed(field)
        if found is not None:
            yield found
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            for rule in endpoint.validation:
                node = rule.condition.origin.node
                yield Written(rule.condition.text, rule.condition.expression, node)
    for workflow in subject.own_workflows:
        yield from _of_workflow(workflow)


def uses(subject: Subject) -> Iterator[Use]:
    """Every expression that parses, once for each entity it is about."""
    for entity in subject.entities:
        for field in entity.fields:
            found = _computed(field)
            if found is not None:
                yield Use(found, entity.fqn, VALUE_TYPES[field.type])
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            for rule in endpoint.validation:
                condition = rule.condition
                text = Written(
                    condition.text, condition.expression, condition.origin.node
                )
                yield Use(text, route.entity, ValueType.BOOLEAN)
    for workflow in subject.own_workflows:
        yield from _uses_of_workflow(subject, workflow)


def _computed(field: Field) -> Written | None:
    computed = field.computed
    if computed is None or computed.kind is not ComputedKind.EXPRESSION:
        return None
    node = written_at(field.origin, "computed")
    text = node.text if isinstance(node, Scalar) else ""
    return Written(text, computed.expression, node)


def _of_workflow(workflow: Workflow) -> Iterator[Written]:
    for guard in workflow.guards:
        if guard.condition is not None:
            condition = guard.condition
            yield Written(condition.text, condition.expression, condition.origin.node)
    for effect in set_fields(workflow):
        node = effect.origin.node
        if isinstance(node, Scalar) and _is_formula(node.value):
            yield Written(node.text[1:], effect.expression, node, 1)


def _uses_of_workflow(subject: Subject, workflow: Workflow) -> Iterator[Use]:
    for guard in workflow.guards:
        condition = guard.condition
        if condition is not None:
            text = Written(condition.text, condition.expression, condition.origin.node)
            for entity in subject.bound.get(workflow.fqn, ()):
                yield Use(text, entity.fqn, ValueType.BOOLEAN)
    for effect in set_fields(workflow):
        node = effect.origin.node
        if effect.expression is not None and isinstance(node, Scalar):
            text = Written(node.text[1:], effect.expression, node, 1)
            for entity, field in targets(subject, workflow, effect):
                yield Use(text, entity.fqn, VALUE_TYPES[field.type])


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")
