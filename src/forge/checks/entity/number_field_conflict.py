"""A field `number` contradicts the prefix that fills it.

## Why

An entity with a `number_prefix` has a field `number` that reads `TKT-000001`. An entity
may declare the field to describe it; declaring it differently would have no effect.

## Example

```yaml
number_prefix: TKT
fields:
  number: {type: integer}
```

## Instead

```yaml
number_prefix: TKT
fields:
  number: {type: string, description: What people call the ticket}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Field
from forge.ir.types import TEXTUAL

RULE = Rule(
    "entity/number-field-conflict",
    Severity.ERROR,
    "`{key}` of the field `number` contradicts `number_prefix`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The declared number of every entity with a prefix."""
    for entity in subject.written.entities:
        field = entity.field("number") if entity.number_prefix else None
        for key in _conflicts(field) if field is not None else ():
            prefix = entity.origin.key_at("number_prefix")
            yield RULE.at(
                field.origin.at(key) if field else entity.origin.span,
                label="has no effect",
                related=(Related(prefix, "gives the field its values"),),
                help="leave it out, or take `number_prefix` away",
                key=key,
            )


def _conflicts(field: Field) -> Iterator[str]:
    if field.type not in TEXTUAL:
        yield "type"
    for key, value in (
        ("enum", field.enum),
        ("default", field.default),
        ("computed", field.computed),
        ("references", field.reference),
    ):
        if value:
            yield key
