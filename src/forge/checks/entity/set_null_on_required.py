"""A required reference is to become null when its record is deleted.

## Why

`on_delete: set_null` takes the value away, and `required` says that there is one. Every
delete would fail.

## Example

```yaml
customer_id:
  type: uuid
  required: true
  references: {entity: entity/shop/customer, on_delete: set_null}
```

## Instead

```yaml
customer_id:
  type: uuid
  required: true
  references: {entity: entity/shop/customer, on_delete: restrict}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Fix, Related, Rule, Severity
from forge.ir.types import OnDelete

RULE = Rule(
    "entity/set-null-on-required",
    Severity.ERROR,
    "{fields} of `{entity}` is required, so deleting cannot set it to null",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every reference that sets to null."""
    for entity in subject.entities:
        for key in entity.all_foreign_keys():
            if key.on_delete is not OnDelete.SET_NULL:
                continue
            fields = [f for name in key.fields if (f := entity.field(name))]
            required = [field for field in fields if field.required]
            if not required:
                continue
            span = key.origin.at("on_delete")
            if len(key.fields) == 1 and span == key.origin.span:
                span = key.origin.at("references", "on_delete")
            yield RULE.at(
                span,
                label="nothing can be set to null",
                related=tuple(
                    Related(f.origin.key_at("required"), f"`{f.name}` is required")
                    for f in required
                ),
                help="choose `restrict` or `cascade`, or take `required` away",
                fixes=(Fix.replace(span, OnDelete.RESTRICT),),
                fields=listed(f.name for f in required),
                entity=entity.fqn,
            )
