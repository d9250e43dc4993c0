"""A guard requires a field that an entity under the workflow does not have.

## Why

`require_fields` names fields of the records that take the step. Where a record has no
such field, the step could never be taken.

## Example

```yaml
guards:
  "in_progress -> resolved": {require_fields: [resolutoin]}
```

## Instead

```yaml
guards:
  "in_progress -> resolved": {require_fields: [resolution]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from forge.checks.bound_fields import missing
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "workflow/unknown-guard-field",
    Severity.ERROR,
    "`{entity}`, which this workflow governs, has no field `{field}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that guards require, in each entity."""
    for workflow in subject.own_workflows:
        for guard in workflow.guards:
            for number, name in enumerate(guard.require_fields):
                place = partial(guard.origin.at, "require_fields", number)
                yield from missing(RULE, subject, workflow, name, place)
