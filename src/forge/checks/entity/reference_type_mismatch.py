"""A field refers to a field of another type.

## Why

A reference holds the very value of the field it refers to. Databases refuse a foreign
key between columns of different types, and no value of one would ever equal a value of
the other.

## Example

```yaml
customer_id: {type: integer, references: {entity: entity/shop/customer}}
```

## Instead

```yaml
customer_id: {type: uuid, references: {entity: entity/shop/customer}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.references import Referring, referring
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Fix, Related, Rule, Severity
from forge.ir.entities import Field
from forge.ir.types import TEXTUAL
from forge.source import Span

RULE = Rule(
    "entity/reference-type-mismatch",
    Severity.ERROR,
    "`{field}` is of type `{type}`, but `{other}` of `{entity}` is of type `{wanted}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The types of both ends of every reference."""
    for reference in referring(subject):
        own = subject.fields_of(reference.entity.fqn) or {}
        there = subject.fields_of(reference.target.fqn) or {}
        key = reference.key
        if len(key.fields) != len(key.references):
            continue
        for name, other in zip(key.fields, key.references, strict=True):
            field, target = own.get(name), there.get(other)
            if field and target and not _same(field, target):
                place = subject.place_of_field(reference.target.fqn, target)
                yield _fault(reference, field, target, place)


def _same(field: Field, target: Field) -> bool:
    return field.type == target.type or {field.type, target.type} <= TEXTUAL


def _fault(
    reference: Referring, field: Field, target: Field, place: Span
) -> Diagnostic:
    span = field.origin.at("type")
    return RULE.at(
        span,
        label="another type than what it refers to",
        related=(Related(place, f"`{target.name}`"),),
        help=f"give it the type `{target.type}`",
        fixes=(Fix.replace(span, target.type),),
        field=field.name,
        type=field.type,
        other=target.name,
        entity=reference.target.fqn,
        wanted=target.type,
    )
