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

from collections.abc import Collection, Iterator
from dataclasses import replace

from forge.checks.conditions import Use, uses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity, nearest
from forge.expressions import Name, ValueType
from forge.expressions import check as check_types
from forge.ir.functions import OwnFunctions
from forge.ir.origin import NOWHERE
from forge.ir.types import ComputedKind

KEYWORDS = tuple(
    str(kind) for kind in ComputedKind if kind is not ComputedKind.EXPRESSION
)

RULE = Rule("expression/type", Severity.ERROR, "{problem}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every expression, over every entity that it is about."""
    behaviors = subject.app.behaviors
    functions = None if behaviors is None else OwnFunctions(behaviors)
    known: dict[str, dict[str, ValueType] | None] = {}
    for use in uses(subject):
        if use.entity not in known:
            known[use.entity] = replace(use, beside=()).types(subject)
        types = use.types(subject) if use.beside else known[use.entity]
        tree = use.written.tree
        if types is None or tree is None:
            continue
        if functions is not None:
            tree = functions.bound(tree, use.entity.rpartition("/")[2])
        for problem in check_types(tree, types, result=use.result):
            place = subject.place(use.entity)
            yield RULE.at(
                use.written.at(problem.start, problem.end) or NOWHERE,
                label="here",
                related=(Related(place, f"over records of `{use.entity}`"),),
                help=_keyword(use, types) or problem.help,
                problem=problem.message,
            )


def _keyword(use: Use, types: Collection[str]) -> str:
    """Help for a mistyped word in place of an expression, such as `computed: uuidd`."""
    tree = use.written.tree
    if not use.is_computed or not isinstance(tree, Name) or tree.name in types:
        return ""
    guess = nearest(tree.name, KEYWORDS)
    return f"did you mean `{guess}`?" if guess else ""
