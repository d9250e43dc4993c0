"""Clients choose the key of a tenant-scoped entity.

## Why

A key occurs once in the whole table. Where clients choose it, one tenant cannot have what
another one has, and learns from the refusal that somebody has it.

## Example

```yaml
tenant_scoped: true
primary_key: [code]
fields:
  code: {type: string}
```

## Instead

```yaml
tenant_scoped: true
primary_key: [tenant_id, code]
fields:
  code: {type: string}
```

Or leave the key to the service, and say `unique: true` at the field.
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.entities import Entity

RULE = Rule(
    "entity/tenant-scoped-key",
    Severity.ERROR,
    "the tenants of `{entity}` would share the key {key}, which clients choose",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The key of every tenant-scoped entity."""
    for entity in subject.entities:
        if entity.tenant is None or entity.tenant in entity.primary_key:
            continue
        if _chosen(entity):
            yield RULE.at(
                entity.origin.at("primary_key"),
                label="one key for all tenants",
                help="put `tenant_id` in front, or leave the key to the service",
                entity=entity.fqn,
                key=listed(entity.primary_key),
            )


def _chosen(entity: Entity) -> bool:
    fields = [entity.field(name) for name in entity.primary_key]
    return any(field is not None and field.settable for field in fields)
