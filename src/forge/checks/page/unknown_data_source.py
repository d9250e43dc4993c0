"""A page fetches a path that no route serves.

## Why

A page shows what the service answers. A path that nothing answers shows an error.

## Example

```yaml
data_sources: [{endpoint: /ticket, alias: tickets}]
```

## Instead

```yaml
data_sources: [{endpoint: /tickets, alias: tickets}]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forge.checks.reporting import choices, guesses
from forge.checks.route.path_collision import is_reserved
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("page/unknown-data-source", Severity.WARNING, "no route serves `{path}`")

_PARAMETER = re.compile(r"\{[^{}]*\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The data sources of every page."""
    served, collections = _served(subject)
    for page in subject.app.pages:
        if page.fqn in subject.malformed:
            continue
        for number, source in enumerate(page.spec.get("data_sources") or ()):
            path = _same(source["endpoint"])
            if path in served or is_reserved(path):
                continue
            span = page.origin.at("data_sources", number, "endpoint")
            yield RULE.at(
                span,
                label="nothing answers here",
                help=choices(path, collections, "the collections are"),
                fixes=guesses(span, path, collections),
                path=source["endpoint"],
            )


def _served(subject: Subject) -> tuple[set[str], list[str]]:
    """Every path that is served, and those of collections."""
    served = {
        _same(route.base_path + endpoint.path)
        for route in subject.app.routes
        for endpoint in route.endpoints
    }
    return served, sorted({route.base_path for route in subject.app.routes})


def _same(path: str) -> str:
    return _PARAMETER.sub("{}", path).rstrip("/") or "/"
