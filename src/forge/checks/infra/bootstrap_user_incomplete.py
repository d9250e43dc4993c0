"""A first user lacks what the user entity requires, so it cannot be created.

## Why

The users under `bootstrap` are created in an empty database. One without a value for a
required field is skipped with a line in the log, and nobody can log in.

## Example

```yaml
bootstrap:
  users:
    - {email: admin@example.com, role: admin}
# the user entity requires `full_name`
```

## Instead

```yaml
bootstrap:
  users:
    - {email: admin@example.com, role: admin, full_name: Ada Admin}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.checks.users import Users, first_users, users_of
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Field

RULE = Rule(
    "infra/bootstrap-user-incomplete",
    Severity.WARNING,
    "this user cannot be created: `{entity}` requires {fields}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every first user."""
    users = users_of(subject)
    if users is None:
        return
    for number, user in first_users(users.auth):
        missing = [f for f in _required(users) if user.get(f.name) is None]
        if missing:
            yield RULE.at(
                users.auth.origin.at("bootstrap", "users", number),
                label="not complete",
                related=tuple(
                    Related(f.origin.span, f"`{f.name}` is required") for f in missing
                ),
                help="give the values here, or give the fields a default",
                entity=users.entity,
                fields=listed(f.name for f in missing),
            )


def _required(users: Users) -> Iterator[Field]:
    """What a record needs and the service does not fill in."""
    password = users.name_of("password_field")
    for field in users.fields.values():
        needed = field.required and field.settable and field.default is None
        if needed and field.name != password:
            yield field
