"""An endpoint is listed twice, in one route or in two.

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
from forge.ir.application import Endpoint, Route

RULE = Rule(
    "route/duplicate-endpoint",
    Severity.ERROR,
    "`{method} {path}` is listed {where}",
)

_PARAMETER = re.compile(r"\{[^{}]*\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The endpoints of every route."""
    seen: dict[tuple[str, str], tuple[Route, Endpoint]] = {}
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            whole = f"{route.base_path.rstrip('/')}{endpoint.path}".rstrip("/")
            path = _PARAMETER.sub("{}", whole)
            known = seen.setdefault((endpoint.method, path), (route, endpoint))
            owner, first = known
            if first is not endpoint:
                yield RULE.at(
                    endpoint.origin.at("path"),
                    label="again",
                    related=(Related(first.origin.at("path"), "first listed here"),),
                    help="take one of the two away",
                    method=endpoint.method,
                    path=endpoint.path if owner is route else whole,
                    where=f"twice in `{route.fqn}`"
                    if owner is route
                    else f"in `{owner.fqn}` already",
                )
