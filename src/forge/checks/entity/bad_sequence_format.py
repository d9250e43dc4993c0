"""The format of a sequence has no meaning.

## Why

A format is text around one number: `INV-{n:06}` gives `INV-000001`. `{year}`, `{month}`
and `{day}` stand for the date of creation, and numbers begin again with them. Other
braces, a second number, or a width beyond 30 digits mean nothing.

## Example

```yaml
invoice_no: {type: string, computed: "sequence(INV-{count})"}
```

## Instead

```yaml
invoice_no: {type: string, computed: "sequence(INV-{year}-{n:06})"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import ComputedKind

RULE = Rule(
    "entity/bad-sequence-format",
    Severity.ERROR,
    "the format of the sequence `{field}` has no meaning",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every sequence."""
    for field in subject.fields:
        computed = field.computed
        if computed is None or computed.kind is not ComputedKind.SEQUENCE:
            continue
        if computed.sequence is None:
            yield RULE.at(
                field.origin.at("computed"),
                label="no format",
                help="write text around `{n:06}`; `{year}`, `{month}` and `{day}` are known too",
                field=field.name,
            )
