"""An expression does not type-check.

## Why

An expression reads fields of a record and gives a value: a condition true or false, a
computed field a value of its type. A name that is no field, or an operator that does
not take what stands beside it, would fail on every record.

## Example

```yaml
condition: priorty == 1
# there is no field `priorty`, and `priority` is a text
```

## Instead

```yaml
condition: priority == "high"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.conditions import uses
from forge.checks.subject import Subject
from forge.checks.value_types import value_types
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.expressions import ValueType
from forge.expressions import check as check_types
from forge.ir.origin import NOWHERE

RULE = Rule("expression/type", Severity.ERROR, "{problem}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every expression, over every entity that it is about."""
    known: dict[str, dict[str, ValueType] | None] = {}
    for use in uses(subject):
        if use.entity not in known:
            known[use.entity] = value_types(subject, use.entity)
        types, tree = known[use.entity], use.written.tree
        if types is None or tree is None:
            continue
        for problem in check_types(tree, types, result=use.result):
            place = subject.place(use.entity)
            yield RULE.at(
                use.written.at(problem.start, problem.end) or NOWHERE,
                label="here",
                related=(Related(place, f"over records of `{use.entity}`"),),
                help=problem.help,
                problem=problem.message,
            )
