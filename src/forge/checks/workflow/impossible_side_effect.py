"""A side effect belongs to a step that no record can take.

## Why

Side effects happen with a transition. `* -> closed` means every transition that leads
to `closed`; where there is none, nothing ever happens.

## Example

```yaml
transitions: {new: [closed]}
side_effects:
  "* -> new": [{set_field: {reopened_at: now}}]
```

## Instead

```yaml
transitions: {new: [closed], closed: [new]}
side_effects:
  "* -> new": [{set_field: {reopened_at: now}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.workflow.impossible_guard import impossible
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "workflow/impossible-side-effect",
    Severity.ERROR,
    "no record can take the step `{step}` that this happens with",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The side effects of every workflow."""
    for workflow in subject.own_workflows:
        yield from impossible(RULE, workflow, workflow.side_effects)
