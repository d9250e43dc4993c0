"""A field is filled with something that is not of its type.

## Why

Each way to compute a field gives values of one kind: `now` a time, `identity` a whole
number. In a field of another type they could not be stored.

## Example

```yaml
created_at: {type: string, computed: now}
```

## Instead

```yaml
created_at: {type: datetime, computed: now}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import ComputedKind, FieldType

RULE = Rule(
    "entity/computed-does-not-fit",
    Severity.ERROR,
    "`computed: {computed}` cannot fill `{field}`, which is of type `{type}`",
)

_TIMES = (FieldType.DATETIME, FieldType.DATE, FieldType.TIME)
_TEXTS = (FieldType.STRING, FieldType.TEXT)
FITS: dict[ComputedKind, tuple[FieldType, ...]] = {
    ComputedKind.NOW: _TIMES,
    ComputedKind.NOW_ON_UPDATE: _TIMES,
    ComputedKind.UUID: (FieldType.UUID, *_TEXTS),
    ComputedKind.IDENTITY: (FieldType.INTEGER,),
    ComputedKind.CURRENT_USER: (*_TEXTS, FieldType.UUID, FieldType.EMAIL),
    ComputedKind.SEQUENCE: _TEXTS,
}
"""The types that each way to compute fills; an expression is checked on its own."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every computed field that is not an expression."""
    for field in subject.fields:
        computed = field.computed
        legal = FITS.get(computed.kind) if computed is not None else None
        if computed is None or legal is None or field.type in legal:
            continue
        yield RULE.at(
            field.origin.at("computed"),
            label=f"no value for `{field.type}`",
            help=f"it fills {listed(legal)}",
            computed=computed.kind,
            field=field.name,
            type=field.type,
        )
