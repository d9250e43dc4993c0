"""An endpoint asks for roles in a domain where nobody logs in.

## Why

Roles come from users, and users from an `infra` contract of category `auth`. Without
one every caller is let in.

## Example

```yaml
- {method: DELETE, path: "/{id}", roles: [admin]}
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
    "route/roles-without-auth",
    Severity.WARNING,
    "the roles of `{method} {path}` are not enforced: the domain has no authentication",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The endpoints of every route, where the domain has no users."""
    if subject.auth is not None:
        return
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            if endpoint.roles:
                yield RULE.at(
                    endpoint.origin.key_at("roles"),
                    label="everybody is let in",
                    help="add an infra contract of category `auth`",
                    method=endpoint.method,
                    path=endpoint.path,
                )
