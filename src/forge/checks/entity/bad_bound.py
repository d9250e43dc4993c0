"""A bound is not a value of its field's type.

## Why

`min` and `max` are compared with values of the field: a number for numbers, a date in
ISO 8601 for dates. A bound that cannot be read would never refuse anything.

## Example

```yaml
starts_on: {type: date, constraints: {min: 01.01.2025}}
```

## Instead

```yaml
starts_on: {type: date, constraints: {min: 2025-01-01}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.values import EXAMPLES, comparable
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.entities import UNCONSTRAINED
from forge.ir.types import NUMERIC, FieldType

RULE = Rule(
    "entity/bad-bound",
    Severity.ERROR,
    "`{key}` of `{field}` is `{value}`, which is no `{type}`",
)

_ORDERED = NUMERIC | {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every bound."""
    for field in subject.fields:
        limits = field.constraints
        if limits is UNCONSTRAINED or field.type not in _ORDERED:
            continue
        for key, bound in (("min", limits.min), ("max", limits.max)):
            if bound is not None and comparable(bound, field.type) is None:
                example = EXAMPLES.get(field.type, "10")
                yield RULE.at(
                    field.origin.at("constraints", key),
                    label=f"no `{field.type}`",
                    help=f"write it like `{example}`",
                    key=key,
                    field=field.name,
                    value=bound,
                    type=field.type,
                )
