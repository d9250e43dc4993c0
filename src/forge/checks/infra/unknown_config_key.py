"""A setting is none that its category has.

## Why

Nothing that is written in a contract is ever ignored. A setting that nobody reads is a
typing mistake.

## Example

```yaml
category: auth
config: {provider: jwt, role: [admin]}
```

## Instead

```yaml
category: auth
config: {provider: jwt, roles: [admin]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import choices, guesses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import InfraCategory

RULE = Rule(
    "infra/unknown-config-key",
    Severity.ERROR,
    "`{key}` is no setting of the category `{category}`",
)

KEYS: dict[InfraCategory, tuple[str, ...]] = {
    InfraCategory.AUTH: (
        "provider", "roles", "user_entity", "identity_field", "password_field", "role_field",
        "active_field",
    ),
    InfraCategory.TENANCY: ("source", "header"),
}  # fmt: skip
"""The settings of the categories that have a fixed set of them."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The settings of every infra contract."""
    for infra in subject.app.infra:
        legal = KEYS.get(infra.category)
        if legal is None or infra.fqn in subject.malformed:
            continue
        for key in infra.config:
            if key not in legal:
                span = infra.origin.key_at("config", key)
                yield RULE.at(
                    span,
                    label="no such setting",
                    help=choices(key, legal, "the settings are"),
                    fixes=guesses(
                        span, key, [k for k in legal if k not in infra.config]
                    ),
                    key=key,
                    category=infra.category,
                )
