"""The values of the role field are not the roles of the domain.

## Why

A user's role comes from the role field, and what a role may do stands in `roles`. A
value that is no role locks its users out; a role that is no value has no users.

## Example

```yaml
# in the infra contract
config: {roles: [admin, agent], user_entity: entity/helpdesk/person}
# in entity/helpdesk/person
role: {type: string, enum: [admin, agent, guest]}
```

## Instead

```yaml
role: {type: string, enum: [admin, agent]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.checks.users import users_of
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "infra/role-field-mismatch",
    Severity.WARNING,
    "`{field}` of `{entity}` and the roles differ: {difference}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The role field of the user entity."""
    users, roles = users_of(subject), subject.roles
    field = users.field_of("role_field") if users is not None else None
    if users is None or roles is None or field is None or not field.enum:
        return
    values = {str(value) for value in field.enum}
    parts = []
    if values - roles:
        parts.append(f"{listed(sorted(values - roles))} only in the field")
    if roles - values:
        parts.append(f"{listed(sorted(roles - values))} only among the roles")
    if parts:
        yield RULE.at(
            users.auth.origin.at("config", "roles"),
            label="the roles",
            related=(Related(field.origin.at("enum"), "the values of the field"),),
            help="give both the same names",
            field=field.name,
            entity=users.entity,
            difference=", ".join(parts),
        )
