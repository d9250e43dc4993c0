"""A route names a field that its entity does not have.

## Why

What a request must or may hold, what the service fills in and what lists are filtered
by are fields of the entity that the route serves.

## Example

```yaml
- {method: POST, path: /, request_body: {required_fields: [titel]}}
```

## Instead

```yaml
- {method: POST, path: /, request_body: {required_fields: [title]}}
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from forge.checks.reporting import unknown_field
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.application import Endpoint
from forge.ir.types import Operation
from forge.source import Span

RULE = Rule("route/unknown-field", Severity.ERROR, "`{entity}` has no field `{field}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that every endpoint names."""
    for route in subject.app.routes:
        fields = subject.fields_of(route.entity)
        if fields is None or route.fqn in subject.malformed:
            continue
        for endpoint in route.endpoints:
            own = _own_body(endpoint)
            for name, place in named(endpoint):
                if name not in fields and name not in own:
                    yield unknown_field(RULE, subject, route.entity, place(), name)


def _own_body(endpoint: Endpoint) -> frozenset[str]:
    """The fields of a custom endpoint's own body."""
    body = endpoint.request_body
    if endpoint.operation is not Operation.CUSTOM or body is None:
        return frozenset()
    return frozenset(field.name for field in body.fields or ())


def named(endpoint: Endpoint) -> Iterator[tuple[str, Callable[[], Span]]]:
    """Every field that an endpoint names, with what finds its place."""

    def at(*path: str | int) -> Callable[[], Span]:
        return partial(endpoint.origin.at, *path)

    def key_at(*path: str | int) -> Callable[[], Span]:
        return partial(endpoint.origin.key_at, *path)

    body = endpoint.request_body
    if body is not None:
        for number, name in enumerate(body.required_fields):
            yield name, at("request_body", "required_fields", number)
        for number, name in enumerate(body.optional_fields or ()):
            yield name, at("request_body", "optional_fields", number)
    for name in endpoint.auto_fields:
        yield name, key_at("auto_fields", name)
    for number, name in enumerate(endpoint.filters or ()):
        yield name, at("filters", number)
    for rule in endpoint.validation:
        if rule.field is not None:
            yield rule.field, partial(rule.origin.at, "field")
    for number, effect in enumerate(endpoint.side_effects):
        for name in effect.get("set_field") or ():
            yield name, key_at("side_effects", number, "set_field", name)
