"""A request has to hold, or may hold, a field that no client can set.

## Why

The service fills computed fields, and refuses a request that names one. An endpoint
that asks for it could never be called.

## Example

```yaml
- {method: POST, path: /, request_body: {required_fields: [title, created_at]}}
```

## Instead

```yaml
- {method: POST, path: /, request_body: {required_fields: [title]}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Endpoint
from forge.ir.entities import Field
from forge.ir.types import Operation

RULE = Rule(
    "route/computed-required-field",
    Severity.ERROR,
    "`{field}` of `{entity}` is filled by the service, so no request can hold it",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The bodies of every standard endpoint."""
    for route in subject.written.routes:
        fields = subject.fields_of(route.entity)
        if fields is None:
            continue
        for endpoint in route.endpoints:
            for name, path in _asked(endpoint):
                field = fields.get(name)
                if field is not None and not _may_be_sent(field, endpoint):
                    place = subject.place_of_field(route.entity, field)
                    yield RULE.at(
                        endpoint.origin.at(*path),
                        label="not for clients to send",
                        related=(Related(place, f"`{name}`"),),
                        help="take it out of the list",
                        field=name,
                        entity=route.entity,
                    )


def _asked(endpoint: Endpoint) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The fields of the body, each with the way to its place."""
    body = endpoint.request_body
    if body is None or endpoint.operation is Operation.CUSTOM:
        return
    for key, names in (
        ("required_fields", body.required_fields),
        ("optional_fields", body.optional_fields or ()),
    ):
        for number, name in enumerate(names):
            yield name, ("request_body", key, number)


def _may_be_sent(field: Field, endpoint: Endpoint) -> bool:
    if endpoint.operation is Operation.TRANSITION:
        return field.computed is None
    return field.settable
