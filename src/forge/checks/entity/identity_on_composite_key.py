"""A field that the database counts is one of several in the key.

## Why

`identity` leaves the counting to the database. SQLite counts only in a key of one
integer, and an application has to mean the same on every store.

## Example

```yaml
primary_key: [order_id, line]
fields:
  order_id: {type: uuid, required: true}
  line: {type: integer, computed: identity}
```

## Instead

```yaml
primary_key: [order_id, line]
fields:
  order_id: {type: uuid, required: true}
  line: {type: integer, required: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.types import ComputedKind

RULE = Rule(
    "entity/identity-on-composite-key",
    Severity.ERROR,
    "`{field}` is counted by the database, but is one of several fields in the key of `{entity}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields of every key of several fields."""
    for entity in subject.entities:
        if len(entity.primary_key) < 2:
            continue
        for name in entity.primary_key:
            field = (subject.fields_of(entity.fqn) or {}).get(name)
            computed = field.computed if field else None
            if field and computed and computed.kind is ComputedKind.IDENTITY:
                key = entity.origin.key_at("primary_key")
                yield RULE.at(
                    field.origin.at("computed"),
                    label="counted",
                    related=(Related(key, listed(entity.primary_key)),),
                    help=f"make `{name}` the whole key, or let the client send it",
                    field=name,
                    entity=entity.fqn,
                )
