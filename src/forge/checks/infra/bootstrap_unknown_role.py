"""A first user has a role that the domain does not have.

## Why

A user whose role is not among `roles` can log in and do nothing.

## Example

```yaml
config: {roles: [admin, agent]}
bootstrap: {users: [{email: ada@example.com, role: adminn}]}
```

## Instead

```yaml
config: {roles: [admin, agent]}
bootstrap: {users: [{email: ada@example.com, role: admin}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import choices, guesses
from forge.checks.subject import Subject
from forge.checks.users import DEFAULTS, first_users
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("infra/bootstrap-unknown-role", Severity.ERROR, "unknown role `{role}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The role of every first user."""
    auth, roles = subject.auth, subject.roles
    if auth is None or roles is None or auth.fqn in subject.malformed:
        return
    key = str(auth.config.get("role_field") or DEFAULTS["role_field"])
    for number, user in first_users(auth):
        role = user.get(key)
        if role is not None and str(role) not in roles:
            span = auth.origin.at("bootstrap", "users", number, key)
            yield RULE.at(
                span,
                label="no such role",
                help=choices(str(role), sorted(roles), "the roles are"),
                fixes=guesses(span, str(role), roles),
                role=role,
            )
