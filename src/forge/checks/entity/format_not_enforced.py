"""A format is known, but no target enforces it yet.

## Why

What a contract says is enforced or reported. Of the formats of texts, services check
`uri`, `hostname`, `ipv4`, `ipv6` and `slug`; others, such as `phone`, are documented and
passed on, but a value that does not have the form is accepted. A pattern is enforced
everywhere.

## Example

```yaml
mobile: {type: string, format: phone}
```

## Instead

```yaml
mobile: {type: string, constraints: {pattern: '^[+][0-9]{6,15}$'}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.formats import CHECKED
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import TEXTUAL

RULE = Rule(
    "entity/format-not-enforced",
    Severity.WARNING,
    "no target enforces the format `{format}` of `{field}` yet",
)

_TYPES = {
    "uuid": "uuid", "date": "date", "date-time": "datetime", "time": "time",
}  # fmt: skip


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every format of a text."""
    for field in subject.fields:
        if field.type not in TEXTUAL or field.format not in CHECKED:
            continue
        better = _TYPES.get(field.format)
        yield RULE.at(
            field.origin.at("format"),
            label="accepted, but not enforced",
            help=f"write `type: {better}`" if better else "say it with a `pattern`",
            format=field.format,
            field=field.name,
        )
