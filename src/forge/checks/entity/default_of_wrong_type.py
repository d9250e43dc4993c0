"""A default is not a value of its field.

## Why

A default is stored when a create leaves the field out. It has to be what a client could
have sent: of the field's type, in the form in which JSON writes it, within the field's
constraints.

## Example

```yaml
quantity: {type: integer, default: "1"}
due_on: {type: date, default: 31.01.2025}
```

## Instead

```yaml
quantity: {type: integer, default: 1}
due_on: {type: date, default: 2025-01-31}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forge.checks.subject import Subject, written_at
from forge.checks.values import EXAMPLES, constraint_fault, type_fault
from forge.diagnostics import Diagnostic, Fix, Rule, Severity
from forge.ir.entities import Field
from forge.ir.types import TEXTUAL, FieldType
from forge.source import Scalar, Span

RULE = Rule(
    "entity/default-of-wrong-type",
    Severity.ERROR,
    "the default of `{field}` is {problem}",
)

_TRUE = frozenset({"yes", "on", "y", "1"})
_FALSE = frozenset({"no", "off", "n", "0"})
_COMPUTED = frozenset({"now", "today", "uuid", "current_user"})
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]+)?\Z")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every default."""
    for field in subject.fields:
        if field.default is None or field.computed is not None:
            continue
        problem = fault(field)
        if problem:
            yield _fault(field, problem)


def fault(field: Field) -> str:
    """What is wrong with the default of a field; empty where nothing is."""
    found = type_fault(field.default, field.type, field.format)
    if found:
        return found
    if field.type is FieldType.ARRAY and field.items_type is not None:
        for item in field.default:
            found = type_fault(item, field.items_type)
            if found:
                return f"a list with an element that is {found}"
    return constraint_fault(field.default, field)


def _fault(field: Field, problem: str) -> Diagnostic:
    span = field.origin.at("default")
    fix = _repaired(field, written_at(field.origin, "default"), span)
    return RULE.at(
        span,
        label=f"no legal `{field.type}` here",
        help=_help(field),
        fixes=(fix,) if fix else (),
        field=field.name,
        problem=problem,
    )


def _help(field: Field) -> str:
    if isinstance(field.default, str) and field.default in _COMPUTED:
        return (
            f"what the service fills in is `computed: {field.default}`, not a default"
        )
    example = EXAMPLES.get(field.type)
    return f"a `{field.type}` is written like `{example}`" if example else ""


def _repaired(field: Field, node: object, span: Span) -> Fix | None:
    if not isinstance(node, Scalar):
        return None
    text, value = node.text, node.value
    if field.type is FieldType.BOOLEAN:
        lowered = text.lower()
        word = "true" if lowered in _TRUE else "false" if lowered in _FALSE else ""
        return Fix.replace(span, word) if word else None
    if field.type in TEXTUAL and not isinstance(value, str):
        return Fix.replace(span, f'"{text}"')
    number = isinstance(value, str) and _PLAIN_NUMBER.match(text)
    if number and not type_fault(_number(text), field.type, field.format):
        return Fix.replace(span, text)
    return None


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
