"""A field `state` contradicts the workflow that governs it.

## Why

An entity with a `state_machine` has a field `state`, whose type, values and first value
are the workflow's. An entity may declare the field to describe it; declaring it
differently would have no effect.

## Example

```yaml
state_machine: workflow/helpdesk/ticket_lifecycle
fields:
  state: {type: string, enum: [open, done]}
```

## Instead

```yaml
state_machine: workflow/helpdesk/ticket_lifecycle
fields:
  state: {type: string, description: Where the ticket stands}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Field
from forge.ir.types import TEXTUAL
from forge.ir.workflows import Workflow

RULE = Rule(
    "entity/state-field-conflict",
    Severity.ERROR,
    "`{key}` of the field `state` contradicts `{workflow}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The declared state of every entity with a workflow."""
    for entity in subject.written.entities:
        workflow = subject.workflows.get(entity.workflow_fqn or "")
        field = entity.field("state") if workflow is not None else None
        if workflow is None or field is None or workflow.fqn in subject.malformed:
            continue
        for key in _conflicts(field, workflow):
            yield RULE.at(
                field.origin.at(key),
                label="not as the workflow has it",
                related=(Related(subject.place(workflow.fqn), "the workflow"),),
                help=f"leave it out: the states are {listed(s.name for s in workflow.states)}",
                key=key,
                workflow=workflow.fqn,
            )


def _conflicts(field: Field, workflow: Workflow) -> Iterator[str]:
    if field.type not in TEXTUAL:
        yield "type"
    if field.enum and set(field.enum) != {state.name for state in workflow.states}:
        yield "enum"
    if field.default not in (None, workflow.initial):
        yield "default"
    if field.computed is not None:
        yield "computed"
    if field.reference is not None:
        yield "references"
