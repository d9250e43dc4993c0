"""A route has one endpoint twice.

## Why

A method on a path has one answer. The second of two would never be reached.

## Example

```yaml
endpoints:
  - {method: GET, path: "/{id}"}
  - {method: GET, path: "/{ticket_id}"}
```

## Instead

```yaml
endpoints:
  - {method: GET, path: "/{id}"}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Endpoint

RULE = Rule(
    "route/duplicate-endpoint",
    Severity.ERROR,
    "`{method} {path}` is listed twice in `{route}`",
)

_PARAMETER = re.compile(r"\{[^{}]*\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The endpoints of every route."""
    for route in subject.written.routes:
        seen: dict[tuple[str, str], Endpoint] = {}
        for endpoint in route.endpoints:
            path = _PARAMETER.sub("{}", endpoint.path.rstrip("/"))
            first = seen.setdefault((endpoint.method, path), endpoint)
            if first is not endpoint:
                yield RULE.at(
                    endpoint.origin.at("path"),
                    label="again",
                    related=(Related(first.origin.at("path"), "first listed here"),),
                    help="take one of the two away",
                    method=endpoint.method,
                    path=endpoint.path,
                    route=route.fqn,
                )
