"""A standard endpoint declares an answer that it does not give.

## Why

What a standard endpoint answers is fixed: a list a page of records, a delete nothing. A
status or a shape that says otherwise would mislead every client that is generated from
it.

## Example

```yaml
- {method: GET, path: /, response: {status: 204}}
```

## Instead

```yaml
- {method: GET, path: /, response: {status: 200, shape: list}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Fix, Rule, Severity
from forge.ir.application import Endpoint
from forge.ir.types import Operation

RULE = Rule(
    "route/response-status-conflict",
    Severity.ERROR,
    "`{method} {path}` does not answer with the {key} `{value}`",
)

_STATUSES: dict[Operation, tuple[int, ...]] = {
    Operation.LIST: (200,),
    Operation.READ: (200,),
    Operation.GRAPH: (200,),
    Operation.CREATE: (201, 200, 202, 204),
    Operation.UPDATE: (200, 202, 204),
    Operation.REPLACE: (200, 202, 204),
    Operation.TRANSITION: (200, 202, 204),
    Operation.DELETE: (204, 200, 202),
    Operation.BULK: (200,),
    Operation.RESTORE: (200, 202, 204),
}
_SHAPES: dict[Operation, tuple[str, ...]] = {
    Operation.LIST: ("list",),
    Operation.DELETE: ("empty", "message"),
    Operation.BULK: ("list",),
    Operation.GRAPH: ("list",),
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The declared answer of every standard endpoint."""
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            status, shape = endpoint.response.status, endpoint.response.shape
            statuses = _STATUSES.get(endpoint.operation)
            if statuses is None:
                continue
            if status is not None and status not in statuses:
                yield _fault(endpoint, "status", status, [str(s) for s in statuses])
            shapes = _SHAPES.get(endpoint.operation, ("entity",))
            if shape is not None and shape not in shapes:
                yield _fault(endpoint, "shape", shape, list(shapes))


def _fault(endpoint: Endpoint, key: str, value: object, legal: list[str]) -> Diagnostic:
    span = endpoint.origin.at("response", key)
    return RULE.at(
        span,
        label="not what it answers",
        help=f"legal: {listed(legal)}",
        fixes=(Fix.replace(span, legal[0]),),
        method=endpoint.method,
        path=endpoint.path,
        key=key,
        value=value,
    )
