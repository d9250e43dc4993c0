"""A guard asks for roles in a domain where nobody logs in.

## Why

Roles come from users, and users from an `infra` contract of category `auth`. Without
one every caller passes.

## Example

```yaml
guards:
  "new -> closed": {roles: [agent]}
# no infra contract of category `auth`
```

## Instead

```yaml
kind: Infra
metadata: {name: auth, domain: helpdesk}
spec:
  category: auth
  config: {provider: jwt, roles: [admin, agent]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "workflow/roles-without-auth",
    Severity.WARNING,
    "the roles of this guard are not enforced: the domain has no authentication",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The guards of every workflow, where the domain has no users."""
    if subject.auth is not None:
        return
    for workflow in subject.own_workflows:
        for guard in workflow.guards:
            if guard.roles:
                yield RULE.at(
                    guard.origin.key_at("roles"),
                    label="everybody passes",
                    help="add an infra contract of category `auth`",
                )
