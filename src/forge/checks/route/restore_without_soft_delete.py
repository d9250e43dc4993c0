"""A route restores records of an entity that really deletes them.

## Why

`POST /{id}/restore` takes back the mark that a soft delete leaves. Without that mark the
record is gone.

## Example

```yaml
- {method: POST, path: "/{id}/restore"}
# the entity does not have the mixin
```

## Instead

```yaml
# in the entity
mixins: [mixin/stdlib/soft_deletable]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.types import Operation

RULE = Rule(
    "route/restore-without-soft-delete",
    Severity.ERROR,
    "`{entity}` really deletes its records, so there is nothing to restore",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The listed restore endpoints of every route."""
    for route in subject.written.routes:
        entity = subject.app.entity(route.entity)
        endpoint = route.endpoint(Operation.RESTORE)
        if endpoint is None or entity is None or entity.soft_delete is not None:
            continue
        if entity.fqn not in subject.malformed:
            yield RULE.at(
                endpoint.origin.at("path"),
                label="nothing to restore",
                related=(Related(subject.place(entity.fqn), "the entity"),),
                help="give the entity `mixin/stdlib/soft_deletable`, or take the endpoint away",
                entity=entity.fqn,
            )
