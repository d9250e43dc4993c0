"""A side effect sets a field to a value of another type.

## Why

What a side effect stores has to be what a client could have sent. `now`, `today`,
`current_user` and `uuid` stand for values; a text after `=` is an expression; anything
else is stored as it is.

## Example

```yaml
side_effects:
  "* -> closed": [{set_field: {closed_at: yesterday, retries: none}}]
```

## Instead

```yaml
side_effects:
  "* -> closed": [{set_field: {closed_at: now, retries: 0}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.bound_fields import set_fields, targets
from forge.checks.subject import Subject
from forge.checks.values import EXAMPLES, constraint_fault, type_fault
from forge.checks.workflow.set_managed_field import managed
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Field
from forge.ir.types import FieldType
from forge.ir.workflows import SetField

RULE = Rule(
    "workflow/set-field-of-wrong-type",
    Severity.ERROR,
    "`{field}` of `{entity}` cannot be set to {problem}",
)

_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
_FITS = {
    "now": frozenset({FieldType.DATETIME, FieldType.DATE, FieldType.TIME}),
    "today": frozenset({FieldType.DATE, FieldType.DATETIME}),
    "current_user": _TEXTS | {FieldType.UUID, FieldType.EMAIL},
    "uuid": _TEXTS | {FieldType.UUID},
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The values that side effects set."""
    for workflow in subject.own_workflows:
        for effect in set_fields(workflow):
            for entity, field in targets(subject, workflow, effect):
                problem = "" if managed(entity, field) else problem_of(effect, field)
                if problem:
                    example = EXAMPLES.get(field.type)
                    node = effect.origin.node
                    yield RULE.at(
                        node.span if node else effect.origin.span,
                        label=f"no legal `{field.type}` here",
                        related=(
                            Related(field.origin.span, f"of type `{field.type}`"),
                        ),
                        help=f"a `{field.type}` is written like `{example}`"
                        if example
                        else "",
                        field=field.name,
                        entity=entity.fqn,
                        problem=problem,
                    )
                    break


def problem_of(effect: SetField, field: Field) -> str:
    """What is wrong with a value for a field; empty where nothing is, as with formulas."""
    if effect.keyword is not None:
        fits = field.type in _FITS[effect.keyword]
        return "" if fits else f"`{effect.keyword}`, as its type is `{field.type}`"
    value = effect.value
    if effect.expression is not None or _is_formula(value):
        return ""
    if value is None:
        return "null, as it is required" if field.required else ""
    problem = type_fault(value, field.type, field.format)
    if not problem and field.enum and not isinstance(value, list):
        problem = "" if value in field.enum else "none of its `enum`"
    problem = problem or constraint_fault(value, field)
    return f"`{value}`, which is {problem}" if problem else ""


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")
