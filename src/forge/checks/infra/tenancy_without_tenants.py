"""A contract says how requests name their tenant, but no record has one.

## Why

Nothing is separated that does not say so: without an entity that is tenant-scoped the
contract has no effect, and every caller sees every record.

## Example

```yaml
spec: {category: tenancy, config: {source: header}}
```

## Instead

```yaml
# in each entity whose records belong to a tenant
tenant_scoped: true
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import InfraCategory

RULE = Rule(
    "infra/tenancy-without-tenants",
    Severity.WARNING,
    "no entity is tenant-scoped, so that `{fqn}` has no effect",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The tenancy of the domain."""
    tenancy = subject.app.infra_of(InfraCategory.TENANCY)
    if tenancy is None or any(e.tenant_scoped for e in subject.app.entities):
        return
    yield RULE.at(
        tenancy.origin.at("category"),
        label="separates nothing",
        help="say `tenant_scoped: true` in the entities whose records belong to a tenant",
        fqn=tenancy.fqn,
    )
