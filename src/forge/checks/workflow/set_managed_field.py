"""A side effect sets a field that the service keeps for itself.

## Why

The key of a record, its number, its state and computed fields have one source of
values. A side effect that sets one of them as well would break it.

## Example

```yaml
side_effects:
  "* -> closed": [{set_field: {state: archived}}]
```

## Instead

```yaml
transitions: {new: [closed], closed: [archived]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.bound_fields import set_fields, targets
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Entity, Field

RULE = Rule(
    "workflow/set-managed-field",
    Severity.ERROR,
    "`{field}` cannot be set: it is {what}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that side effects set."""
    for workflow in subject.own_workflows:
        for effect in set_fields(workflow):
            for entity, field in targets(subject, workflow, effect):
                what = managed(entity, field)
                if what:
                    place = subject.place(entity.fqn)
                    yield RULE.at(
                        effect.origin.span,
                        label="the service fills it",
                        related=(Related(place, f"`{entity.fqn}` has this workflow"),),
                        help="take the assignment away",
                        field=field.name,
                        what=what,
                    )
                    break


def managed(entity: Entity, field: Field) -> str:
    """Why the service alone sets a field; empty where others may."""
    if field.name in entity.primary_key:
        return "part of the key"
    if field.name == entity.tenant:
        return "the tenant, which the request names"
    if entity.state_machine is not None and field.name == entity.state_field:
        return "the state itself, which the transition sets"
    return "computed" if field.computed is not None else ""
