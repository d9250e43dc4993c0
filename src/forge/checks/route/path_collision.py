"""Two routes share a path, or one takes a path of the service itself.

## Why

A path answers for one collection. `/health`, `/docs`, `/metrics`, `/auth` and a few
others are the service's own.

## Example

```yaml
# route/helpdesk/tickets and route/helpdesk/requests
base_path: /tickets
```

## Instead

```yaml
# route/helpdesk/requests
base_path: /requests
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Route
from forge.source import Span

RULE = Rule(
    "route/path-collision", Severity.ERROR, "the path `{path}` is already {other}"
)

RESERVED = frozenset(
    {
        "/auth", "/docs", "/health", "/livez", "/metrics", "/openapi.json", "/problems",
        "/readyz", "/redoc",
    }
)  # fmt: skip
"""What every service answers itself; below `/auth` and `/problems` too."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The path of every route."""
    taken: dict[str, Route] = {}
    for route in subject.app.routes:
        path = route.base_path
        first = taken.setdefault(path, route)
        if is_reserved(path):
            yield RULE.at(
                _place(subject, route),
                label="taken",
                help="choose another `base_path`",
                path=path,
                other="the service's own",
            )
        elif first is not route:
            yield RULE.at(
                _place(subject, route),
                label="taken",
                related=(Related(_place(subject, first), "first taken here"),),
                help="choose another `base_path`",
                path=path,
                other=f"that of `{first.fqn}`",
            )


def is_reserved(path: str) -> bool:
    """Whether the service answers a path itself."""
    return path in RESERVED or path.startswith(("/auth/", "/problems/"))


def _place(subject: Subject, route: Route) -> Span:
    """Where the path is named: by the entity where it is left out."""
    node = subject.contracts[route.fqn].spec.get("base_path")
    return route.origin.at("entity") if node is None else node.span
