"""A default is none of the values that its field may have.

## Why

`enum` lists every legal value. A default outside of it would be stored and then refused
on the next change.

## Example

```yaml
priority: {type: string, enum: [high, low], default: medium}
```

## Instead

```yaml
priority: {type: string, enum: [high, medium, low], default: medium}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.entity.default_of_wrong_type import fault
from forge.checks.reporting import choices, guesses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Field

RULE = Rule(
    "entity/default-not-in-enum",
    Severity.ERROR,
    "the default of `{field}`, `{value}`, is not in its `enum`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The default of every field with an enum."""
    for field in subject.fields:
        if not field.enum or field.default is None or fault(field):
            continue
        for value, path in _values(field):
            if value not in field.enum:
                span = field.origin.at(*path)
                legal = [str(item) for item in field.enum]
                text = isinstance(value, str)
                yield RULE.at(
                    span,
                    label="not a legal value",
                    related=(Related(field.origin.key_at("enum"), "the legal values"),),
                    help=choices(str(value), legal, "legal:"),
                    fixes=guesses(span, str(value), legal) if text else (),
                    field=field.name,
                    value=value,
                )


def _values(field: Field) -> Iterator[tuple[object, tuple[str | int, ...]]]:
    """The default, or the elements of one that is a list, each with the way to its place."""
    if isinstance(field.default, list):
        for number, item in enumerate(field.default):
            yield item, ("default", number)
    else:
        yield field.default, ("default",)
