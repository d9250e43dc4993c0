"""A text is not an expression of the condition language.

## Why

Guards, validation rules and computed fields are written in a small part of CEL, the
Common Expression Language. What does not parse has no meaning in any target. `spc
explain expression/type` is about expressions that parse and mean nothing.

## Example

```yaml
condition: resolution != null and priority = "high"
```

## Instead

```yaml
condition: resolution != null && priority == "high"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.conditions import written_expressions
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.expressions import ExpressionFault, parse
from forge.ir.origin import NOWHERE

RULE = Rule("expression/syntax", Severity.ERROR, "not an expression: {problem}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every expression that does not parse."""
    for written in written_expressions(subject):
        if written.tree is not None:
            continue
        try:
            parse(written.text)
        except ExpressionFault as fault:
            yield RULE.at(
                written.at(fault.start, fault.end) or NOWHERE,
                label="here",
                help=fault.help,
                problem=fault.message,
            )
