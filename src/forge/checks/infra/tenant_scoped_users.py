"""The users who log in are tenant-scoped.

## Why

A login comes before anybody knows a tenant: the service finds a user by the identity alone,
which occurs once in every tenant.

## Example

```yaml
# in entity/shop/user, which the auth contract names
tenant_scoped: true
```

## Instead

```yaml
# in entity/shop/user: a field like any other
tenant_id: {type: uuid, references: {entity: entity/shop/tenant}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.users import users_of
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "infra/tenant-scoped-users",
    Severity.ERROR,
    "the users of `{entity}` log in, and belong to one tenant each",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The user entity."""
    users = users_of(subject)
    entity = None if users is None else subject.app.entity(users.entity)
    if users is None or entity is None or entity.tenant is None:
        return
    yield RULE.at(
        users.auth.origin.at("config", "user_entity"),
        label="tenant-scoped",
        related=(Related(subject.place(entity.fqn), "the entity"),),
        help="take `tenant_scoped` away there, and keep the tenant in a field",
        entity=entity.fqn,
    )
