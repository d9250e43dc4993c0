"""A reference names a field that the other entity does not have.

## Why

`field` and `display` of a reference, and `references` of a foreign key, are fields of
the entity referred to, not of this one.

## Example

```yaml
customer_id:
  type: uuid
  references: {entity: entity/shop/customer, display: full_name}
```

## Instead

```yaml
customer_id:
  type: uuid
  references: {entity: entity/shop/customer, display: name}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.references import referring
from forge.checks.reporting import unknown_field
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "entity/unknown-target-field",
    Severity.ERROR,
    "`{entity}`, which is referred to, has no field `{field}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every field that is named of another entity."""
    for reference in referring(subject):
        target = reference.target.fqn
        known = subject.fields_of(target) or {}
        for number, name in enumerate(reference.key.references):
            if name not in known and reference.names_fields:
                span = reference.target_at(number)
                yield unknown_field(RULE, subject, target, span, name)
        field = reference.field
        shown = field.reference.display if field and field.reference else None
        if shown is not None and shown not in known:
            span = reference.at("display")
            yield unknown_field(RULE, subject, target, span, shown)
