"""A value of an enum is not of its field's type.

## Why

The values of an enum are values of the field. YAML reads `1` as a number and `true` as
a boolean, so a text that looks like one has to be quoted.

## Example

```yaml
size: {type: string, enum: [1, 2, xl]}
```

## Instead

```yaml
size: {type: string, enum: ["1", "2", xl]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject, written_at
from forge.checks.values import type_fault
from forge.diagnostics import Diagnostic, Fix, Rule, Severity
from forge.ir.entities import Field
from forge.ir.types import TEXTUAL, FieldType
from forge.source import Scalar, Sequence
from forge.source.yaml_reader import scalar_value

RULE = Rule(
    "entity/enum-of-wrong-type",
    Severity.ERROR,
    "the value `{value}` in the `enum` of `{field}` is {problem}",
)

ENUMERABLE = TEXTUAL | {FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every value of every enum."""
    for field in subject.fields:
        if field.enum:
            kind = field.items_type if field.type is FieldType.ARRAY else field.type
            if kind in ENUMERABLE and not all(
                _fits(v, kind, field) for v in field.enum
            ):
                yield from _faults(field, kind)


def _fits(value: str | int | float, kind: FieldType, field: Field) -> bool:
    """Whether a value is right however it was written, quoted or not."""
    if isinstance(value, str) and not isinstance(scalar_value(value), str):
        return False
    return not type_fault(value, kind, field.format)


def _faults(field: Field, kind: FieldType) -> Iterator[Diagnostic]:
    node = written_at(field.origin, "enum")
    if not isinstance(node, Sequence):
        return
    for item in node.items:
        if not isinstance(item, Scalar):
            continue
        problem = type_fault(item.value, kind, field.format)
        if problem:
            quoted = kind in TEXTUAL and not isinstance(item.value, str)
            yield RULE.at(
                item.span,
                label=f"no `{kind}`",
                help=f'quote it: `"{item.text}"`' if quoted else "",
                fixes=(Fix.replace(item.span, f'"{item.text}"'),) if quoted else (),
                value=item.text,
                field=field.name,
                problem=problem,
            )
