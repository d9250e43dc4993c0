"""An endpoint is none of the standard ones and names no handler.

## Why

`GET /`, `POST /`, `POST /bulk`, `GET`, `PATCH`, `PUT` and `DELETE /{id}`, `PUT /{id}/state`
and `POST /{id}/restore` mean the same for every entity. What any other endpoint does is for
a function in `behaviors/` to say.

## Example

```yaml
- {method: POST, path: "/{id}/escalate"}
```

## Instead

```yaml
- {method: POST, path: "/{id}/escalate", handler: escalate}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import Operation

RULE = Rule(
    "route/custom-endpoint-without-handler",
    Severity.ERROR,
    "`{method} {path}` is no standard endpoint and names no `handler`",
)

_STANDARD = (
    "the standard endpoints are `GET /`, `POST /`, `POST /bulk`, `GET /{id}`, `PATCH /{id}`, "
    "`PUT /{id}`, `DELETE /{id}`, `PUT /{id}/state` and `POST /{id}/restore`"
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every endpoint outside of the standard ones."""
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            custom = endpoint.operation is Operation.CUSTOM
            if custom and not endpoint.handler and subject.sound(endpoint.origin.node):
                yield RULE.at(
                    endpoint.origin.at("path"),
                    label="nothing answers this",
                    help=_STANDARD,
                    method=endpoint.method,
                    path=endpoint.path,
                )
