"""An endpoint sets a field that is not its to set, or to what the field cannot hold.

## Why

What `auto_fields` and `set_field` store has to be what a client could have sent. The state
of a record, its key and computed fields have one source of values. `now`, `today`,
`current_user`, `uuid` and, in `auto_fields`, `sequence(FORMAT)` stand for values; a text
after `=` is an expression; anything else is stored as it is.

## Example

```yaml
- {method: POST, path: /, auto_fields: {state: closed, due_at: tomorrow}}
```

## Instead

```yaml
- {method: POST, path: /, auto_fields: {due_at: now}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.bound_fields import endpoint_sets
from forge.checks.subject import Subject
from forge.checks.workflow.set_field_of_wrong_type import problem_of
from forge.checks.workflow.set_managed_field import managed
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Endpoint, Fill
from forge.ir.bodies import goes_without_saying
from forge.ir.entities import Entity, Field
from forge.ir.types import TEXTUAL, FieldType, Operation
from forge.ir.workflows import SetField

RULE = Rule(
    "route/bad-assignment",
    Severity.ERROR,
    "`{field}` of `{entity}` cannot be set here: {problem}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that every standard endpoint sets."""
    for route in subject.written.routes:
        entity = subject.app.entity(route.entity)
        fields = subject.fields_of(route.entity)
        if entity is None or fields is None:
            continue
        for endpoint in route.endpoints:
            if endpoint.operation is Operation.CUSTOM:
                continue
            for effect in endpoint_sets(endpoint):
                field = fields.get(effect.field)
                if field is not None:
                    yield from _fault(entity, endpoint, effect, field)


def _fault(
    entity: Entity, endpoint: Endpoint, effect: SetField, field: Field
) -> Iterator[Diagnostic]:
    if isinstance(effect, Fill) and goes_without_saying(entity, endpoint, effect):
        return
    problem = _not_its_own(entity, endpoint, effect, field) or _unfit(effect, field)
    if problem:
        node = effect.origin.node
        yield RULE.at(
            node.span if node else effect.origin.span,
            label="not here",
            related=(Related(field.origin.span, f"`{field.name}`"),),
            field=field.name,
            entity=entity.fqn,
            problem=problem,
        )


def _not_its_own(
    entity: Entity, endpoint: Endpoint, effect: SetField, field: Field
) -> str:
    """Why another source fills the field; empty where the endpoint may."""
    if field.name == entity.soft_delete:
        return "it is the time of deletion"
    if field.name == entity.tenant:
        return "it is the tenant, which the request names"
    if field.name in entity.primary_key and field.computed is None:
        # A key that nothing else fills is given once, with the record.
        given = isinstance(effect, Fill) and endpoint.operation is Operation.CREATE
        return "" if given else "it is part of the key"
    what = managed(entity, field)
    return f"it is {what}" if what else ""


def _unfit(effect: SetField, field: Field) -> str:
    if isinstance(effect, Fill):
        if effect.sequence is not None:
            fits = field.type in TEXTUAL or field.type is FieldType.INTEGER
            return (
                "" if fits else f"its type `{field.type}` holds no number of a sequence"
            )
        if isinstance(effect.value, str) and effect.value.startswith("sequence("):
            return f"`{effect.value}` is no format of a number"
    problem = problem_of(effect, field)
    return f"not to {problem}" if problem else ""
