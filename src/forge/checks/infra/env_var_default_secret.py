"""A secret has a default.

## Why

Contracts are read by many and kept for ever. A secret that stands in one is no secret,
and every installation that sets no other uses the same.

## Example

```yaml
env_vars:
  MAIL_PASSWORD: {description: For the mail server, secret: true, default: hunter2}
```

## Instead

```yaml
env_vars:
  MAIL_PASSWORD: {description: For the mail server, secret: true, required: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "infra/env-var-default-secret",
    Severity.WARNING,
    "the secret `{name}` has a default that everybody can read",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every environment variable."""
    for infra in subject.app.infra:
        for variable in infra.env_vars:
            if variable.secret and variable.default:
                yield RULE.at(
                    infra.origin.at("env_vars", variable.name, "default"),
                    label="no secret",
                    help="take the default away, and say `required: true`",
                    name=variable.name,
                )
