"""A pattern is not a regular expression, or one that can be made to take for ever.

## Why

Patterns check what strangers send. One that repeats a repetition, such as `(a+)+`,
takes exponential time on a short text that almost matches, which stops the service.

## Example

```yaml
code: {type: string, constraints: {pattern: '^([a-z]+)+$'}}
```

## Instead

```yaml
code: {type: string, constraints: {pattern: '^[a-z]+$'}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.patterns import pattern_fault
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import TEXTUAL

RULE = Rule(
    "entity/bad-pattern",
    Severity.ERROR,
    "the pattern of `{field}` cannot be used: {problem}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every pattern."""
    for field in subject.fields:
        pattern = field.constraints.pattern
        if pattern is None or field.type not in TEXTUAL:
            continue
        problem = pattern_fault(pattern)
        if problem:
            yield RULE.at(
                field.origin.at("constraints", "pattern"),
                label="not usable",
                help="a pattern is a Python regular expression, found anywhere in the text",
                field=field.name,
                problem=problem,
            )
