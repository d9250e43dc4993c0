"""Fields that a workflow names, looked up in each entity that it governs, and assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from forge.checks.reporting import choices, guesses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule
from forge.ir.application import Endpoint
from forge.ir.entities import Entity, Field
from forge.ir.workflows import SetField, Workflow
from forge.source import Span


def missing(
    rule: Rule,
    subject: Subject,
    workflow: Workflow,
    name: str,
    place: Callable[[], Span],
) -> Iterator[Diagnostic]:
    """The fault of a field that an entity under the workflow lacks: one for all of them."""
    without = [
        entity
        for entity in subject.bound.get(workflow.fqn, ())
        if name not in (subject.fields_of(entity.fqn) or {})
    ]
    if without:
        names = subject.fields_of(without[0].fqn) or {}
        span = place()
        yield rule.at(
            span,
            label="no such field",
            related=tuple(
                Related(subject.place(e.fqn), f"`{e.fqn}` has this workflow")
                for e in without
            ),
            help=choices(name, names, "the fields are"),
            fixes=guesses(span, name, names),
            field=name,
            entity=without[0].fqn,
        )


def set_fields(workflow: Workflow) -> Iterator[SetField]:
    """Every assignment among the side effects of a workflow."""
    for entry in workflow.side_effects:
        yield from (e for e in entry.effects if isinstance(e, SetField))


def endpoint_sets(endpoint: Endpoint) -> Iterator[SetField]:
    """Every assignment of an endpoint, by `auto_fields` and by side effects."""
    yield from endpoint.fills
    yield from (e for e in endpoint.effects if isinstance(e, SetField))


def targets(
    subject: Subject, workflow: Workflow, effect: SetField
) -> Iterator[tuple[Entity, Field]]:
    """The fields that an assignment sets, one for each entity under the workflow."""
    for entity in subject.bound.get(workflow.fqn, ()):
        field = (subject.fields_of(entity.fqn) or {}).get(effect.field)
        if field is not None:
            yield entity, field
