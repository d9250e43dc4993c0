"""Authentication reads a field that the user entity does not have.

## Why

A login looks a user up by `identity_field`, compares `password_field`, and takes the
role from `role_field`. They are fields of the `user_entity`: `email`, `password_hash`
and `role` where the contract names no others.

## Example

```yaml
config: {user_entity: entity/helpdesk/agent, identity_field: mail}
```

## Instead

```yaml
config: {user_entity: entity/helpdesk/agent, identity_field: email}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import unknown_field
from forge.checks.subject import Subject
from forge.checks.users import DEFAULTS, Users, first_users, users_of
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.source import Span

RULE = Rule(
    "infra/unknown-user-field",
    Severity.ERROR,
    "`{entity}`, whose records log in, has no field `{field}`",
)

_SECRETS = frozenset({"password", "password_env"})
"""Keys of a first user that are no fields."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that authentication reads and fills."""
    users = users_of(subject)
    if users is not None:
        for name, span in _named(users):
            if name not in users.fields:
                yield unknown_field(RULE, subject, users.entity, span, name)


def _named(users: Users) -> Iterator[tuple[str, Span]]:
    origin = users.auth.origin
    external = users.auth.config.get("provider") == "external"
    for key in DEFAULTS:
        given = users.auth.config.get(key)
        name = users.name_of(key)
        if given is None and (external or not name):
            continue
        place = "user_entity" if given is None else key
        yield name, origin.at("config", place)
    for number, user in first_users(users.auth):
        for name in user.keys() - _SECRETS:
            yield name, origin.key_at("bootstrap", "users", number, name)
