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
from forge.source import Span

RULE = Rule(
    "route/duplicate-endpoint",
    Severity.ERROR,
    "`{method} {path}` is listed twice in `{route}`",
)

_PARAMETER = re.compile(r"\{[^{}]*\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The endpoints of every route."""
    for route in subject.written.routes:
        seen: dict[tuple[str, str], Span] = {}
        for endpoint in route.endpoints:
            path = _PARAMETER.sub("{}", endpoint.path.rstrip("/"))
            span = endpoint.origin.at("path")
            first = seen.setdefault((endpoint.method, path), span)
            if first is not span:
                yield RULE.at(
                    span,
                    label="again",
                    related=(Related(first, "first listed here"),),
                    help="take one of the two away",
                    method=endpoint.method,
                    path=endpoint.path,
                    route=route.fqn,
                )
