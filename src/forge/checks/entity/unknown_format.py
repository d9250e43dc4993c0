"""A format is none that the language knows.

## Why

`format` narrows a type. One that nobody knows narrows nothing. Integers have `int16`,
`int32` and `int64`; texts have, among others, `uri`, `hostname`, `slug`, `phone` and
`markdown`; other types have none.

## Example

```yaml
quantity: {type: integer, format: int23}
```

## Instead

```yaml
quantity: {type: integer, format: int32}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.formats import formats_of
from forge.checks.reporting import choices, guesses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "entity/unknown-format",
    Severity.WARNING,
    "`{format}` is no format of type `{type}`, so it narrows nothing",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every format."""
    for field in subject.fields:
        if field.format is None:
            continue
        legal = sorted(formats_of(field.type))
        if field.format not in legal:
            span = field.origin.at("format")
            yield RULE.at(
                span,
                label="no such format",
                help=choices(field.format, legal, "the formats are")
                or "the type has no formats",
                fixes=guesses(span, field.format, legal),
                format=field.format,
                type=field.type,
            )
