"""A guard asks for a role that nobody has.

## Why

The roles of a domain stand in its `infra` contract of category `auth`. A step that asks
for another one could never be taken.

## Example

```yaml
# roles: [admin, agent]
guards:
  "new -> closed": {roles: [agnet]}
```

## Instead

```yaml
guards:
  "new -> closed": {roles: [agent]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.roles import unknown
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("workflow/guard-role-unknown", Severity.ERROR, "unknown role `{role}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The roles of every guard."""
    for workflow in subject.own_workflows:
        for guard in workflow.guards:
            yield from unknown(RULE, subject, guard.origin, guard.roles)
