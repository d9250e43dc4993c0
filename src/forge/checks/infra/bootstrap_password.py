"""The password of a first user stands in the contract.

## Why

Contracts are read by many and kept for ever. The service takes the passwords of its first
users from the environment, where nobody else reads them, and hashes them itself: what a
contract says of them is never used.

## Example

```yaml
bootstrap:
  users: [{email: admin@example.com, role: admin, password: hunter2}]
```

## Instead

```yaml
bootstrap:
  users: [{email: admin@example.com, role: admin}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.users import DEFAULTS, first_users, users_of
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "infra/bootstrap-password",
    Severity.WARNING,
    "a contract is no place for a password, and this one is never used",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every first user."""
    auth = subject.auth
    if auth is None or auth.fqn in subject.malformed:
        return
    users = users_of(subject)
    stored = users.name_of("password_field") if users else DEFAULTS["password_field"]
    for number, user in first_users(auth):
        for key in user:
            if key in ("password", stored):
                yield RULE.at(
                    auth.origin.at("bootstrap", "users", number, key),
                    label="everybody can read it",
                    help="take it away, and set the environment variable"
                    " `AUTH_BOOTSTRAP_PASSWORD` where the service starts",
                )
