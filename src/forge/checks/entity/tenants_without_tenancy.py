"""An entity is tenant-scoped, but no contract says how requests name their tenant.

## Why

Every request to such records names a tenant. Without a contract of the category `tenancy`
the service reads it from the header `X-Tenant-Id`, which everybody who calls the service
has to know, and nobody has written down.

## Example

```yaml
tenant_scoped: true
```

## Instead

```yaml
kind: Infra
metadata: {name: tenancy, domain: shop}
spec:
  category: tenancy
  config: {source: header, header: X-Tenant-Id}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.entities import Entity
from forge.ir.tenants import HEADER, TENANT_SCOPED
from forge.ir.types import InfraCategory
from forge.source import Span

RULE = Rule(
    "entity/tenants-without-tenancy",
    Severity.WARNING,
    "no contract says how requests name the tenant of `{entity}`: "
    "the service reads the header `{header}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every tenant-scoped entity, where there is no contract of the category."""
    if subject.app.infra_of(InfraCategory.TENANCY) is not None:
        return
    for entity in subject.app.entities:
        if entity.tenant is not None and entity.fqn not in subject.malformed:
            yield RULE.at(
                _place(entity),
                label="whose?",
                help="add an infra contract of the category `tenancy`",
                entity=entity.fqn,
                header=HEADER,
            )


def _place(entity: Entity) -> Span:
    written = entity.origin.key_at("tenant_scoped")
    if written != entity.origin.span or TENANT_SCOPED not in entity.mixins:
        return written
    return entity.origin.at("mixins")
