"""A route serves the transitions of an entity that has no workflow.

## Why

`PUT /{id}/state` takes a step of the entity's state machine. Without one there are no steps.

## Example

```yaml
- {method: PUT, path: "/{id}/state"}
# the entity has no `state_machine`
```

## Instead

```yaml
# in the entity
state_machine: workflow/helpdesk/ticket_lifecycle
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.types import Operation

RULE = Rule(
    "route/transition-without-workflow",
    Severity.ERROR,
    "`{entity}` has no state machine, so there is no step to take",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The state endpoints of every route."""
    for route in subject.written.routes:
        entity = subject.app.entity(route.entity)
        endpoint = route.endpoint(Operation.TRANSITION)
        if endpoint is None or entity is None or entity.workflow_fqn is not None:
            continue
        if entity.fqn not in subject.malformed:
            yield RULE.at(
                endpoint.origin.at("path"),
                label="no workflow",
                related=(Related(subject.place(entity.fqn), "the entity"),),
                help="give the entity a `state_machine`, or take the endpoint away",
                entity=entity.fqn,
            )
