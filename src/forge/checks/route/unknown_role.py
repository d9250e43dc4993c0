"""An endpoint asks for a role that nobody has.

## Why

The roles of a domain stand in its `infra` contract of category `auth`. A role that is
not among them lets nobody in.

## Example

```yaml
# roles: [admin, agent]
- {method: GET, path: /, roles: [agnet]}
```

## Instead

```yaml
- {method: GET, path: /, roles: [agent]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.roles import unknown
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("route/unknown-role", Severity.ERROR, "unknown role `{role}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The roles of every endpoint."""
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            yield from unknown(RULE, subject, endpoint.origin, endpoint.roles)
