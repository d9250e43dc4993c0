"""A field is computed and has a default.

## Why

A computed field always has the value that the service computes. A default would never be used.

## Example

```yaml
created_at: {type: datetime, computed: now, default: 2025-01-01T00:00:00Z}
```

## Instead

```yaml
created_at: {type: datetime, computed: now}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "entity/computed-with-default",
    Severity.ERROR,
    "`{field}` is computed, so its default is never used",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every computed field."""
    for field in subject.fields:
        if field.computed is not None and field.default is not None:
            yield RULE.at(
                field.origin.key_at("default"),
                label="never used",
                related=(Related(field.origin.key_at("computed"), "computed here"),),
                help="take one of the two away",
                field=field.name,
            )
