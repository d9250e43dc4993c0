"""A side effect sets a field that an entity under the workflow does not have.

## Why

`set_field` stores values in the record that takes the step, so that each entity with
the workflow needs the field.

## Example

```yaml
side_effects:
  "* -> closed": [{set_field: {close_at: now}}]
```

## Instead

```yaml
side_effects:
  "* -> closed": [{set_field: {closed_at: now}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.bound_fields import missing, set_fields
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "workflow/unknown-set-field",
    Severity.ERROR,
    "`{entity}`, which this workflow governs, has no field `{field}` to set",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that side effects set, in each entity."""
    for workflow in subject.own_workflows:
        for effect in set_fields(workflow):
            place = effect.origin.at
            yield from missing(RULE, subject, workflow, effect.field, place)
