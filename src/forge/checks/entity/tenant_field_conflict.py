"""A field `tenant_id` contradicts the tenant that fills it.

## Why

The records of a tenant-scoped entity have a field `tenant_id`, which holds the tenant that
the request names. An entity may declare the field to describe it, or to let it refer to
the tenants; declaring other values for it would have no effect.

## Example

```yaml
tenant_scoped: true
fields:
  tenant_id: {type: boolean, default: true}
```

## Instead

```yaml
tenant_scoped: true
fields:
  tenant_id: {type: uuid, references: {entity: entity/shop/tenant}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.entities import Field
from forge.ir.tenants import TENANT_ID
from forge.ir.types import FieldType

RULE = Rule(
    "entity/tenant-field-conflict",
    Severity.ERROR,
    "`{key}` of the field `tenant_id` contradicts `tenant_scoped`",
)

_TYPES = frozenset({FieldType.STRING, FieldType.UUID, FieldType.INTEGER})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The declared tenant of every tenant-scoped entity."""
    scoped = {entity.fqn for entity in subject.app.entities if entity.tenant_scoped}
    for entity in subject.written.entities:
        field = entity.field(TENANT_ID) if entity.fqn in scoped else None
        for key in _conflicts(field) if field is not None else ():
            yield RULE.at(
                field.origin.at(key) if field else entity.origin.span,
                label="has no effect",
                help="the request names the tenant: a `string`, `uuid` or `integer`",
                key=key,
            )


def _conflicts(field: Field) -> Iterator[str]:
    if field.type not in _TYPES:
        yield "type"
    for key, value in (
        ("enum", field.enum),
        ("default", field.default),
        ("computed", field.computed),
        ("unique", field.unique),
    ):
        if value not in (None, (), False):
            yield key
