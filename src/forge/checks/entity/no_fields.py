"""An entity has no fields.

## Why

A record without fields says nothing. An entity has fields of its own, or takes over
those of a mixin.

## Example

```yaml
kind: Entity
spec:
  icon: box
```

## Instead

```yaml
kind: Entity
spec:
  icon: box
  fields:
    name: {type: string, required: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("entity/no-fields", Severity.ERROR, "`{entity}` has no fields")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every entity."""
    for entity in subject.written.entities:
        if (
            not entity.fields
            and not entity.mixins
            and entity.fqn not in subject.malformed
        ):
            yield RULE.at(
                subject.place(entity.fqn),
                label="nothing to store",
                help="add `fields` or `mixins`",
                entity=entity.fqn,
            )
