"""No value can meet all that a field demands.

## Why

Constraints that exclude each other refuse every value, so that no record with the field
can be stored. A bound outside of what an integer's `format` holds is never reached.

## Example

```yaml
rating: {type: integer, constraints: {min: 5, max: 1}}
```

## Instead

```yaml
rating: {type: integer, constraints: {min: 1, max: 5}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.values import (
    INTEGER_RANGES,
    comparable,
    constraint_fault,
    type_fault,
)
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import UNCONSTRAINED, Field
from forge.ir.types import FieldType

RULE = Rule(
    "entity/contradicting-constraints",
    Severity.ERROR,
    "{first} of `{field}` contradicts {second}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The constraints of every field against each other."""
    for field in subject.fields:
        if field.constraints is not UNCONSTRAINED:
            yield from _bounds(field)
            yield from _enum(field)
            if field.type is FieldType.INTEGER and field.format in INTEGER_RANGES:
                yield from _format(field, *INTEGER_RANGES[field.format])


def _bounds(field: Field) -> Iterator[Diagnostic]:
    limits = field.constraints
    low, high = comparable(limits.min, field.type), comparable(limits.max, field.type)
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        yield _pair(field, "min", "max", limits.min, limits.max)
    for least, most, low_key, high_key in (
        (limits.min_length, limits.max_length, "minLength", "maxLength"),
        (limits.min_items, limits.max_items, "minItems", "maxItems"),
        (limits.scale, limits.precision, "scale", "precision"),
    ):
        if least is not None and most is not None and least > most:
            yield _pair(field, low_key, high_key, least, most)


def _pair(field: Field, low: str, high: str, least: object, most: object) -> Diagnostic:
    return RULE.at(
        field.origin.at("constraints", low),
        label=f"more than `{high}`",
        related=(Related(field.origin.at("constraints", high), f"`{high}`"),),
        help=f"`{low}` may be at most `{high}`",
        first=f"`{low}: {least}`",
        field=field.name,
        second=f"`{high}: {most}`",
    )


def _enum(field: Field) -> Iterator[Diagnostic]:
    if field.type is FieldType.ARRAY:
        return
    for number, value in enumerate(field.enum):
        if type_fault(value, field.type):
            continue
        problem = constraint_fault(value, field)
        if problem:
            constraints = field.origin.key_at("constraints")
            yield RULE.at(
                field.origin.at("enum", number),
                label=problem,
                related=(Related(constraints, "the constraints"),),
                help="take the value out of `enum`, or relax the constraint",
                first=f"the value `{value}` in the `enum`",
                field=field.name,
                second="its constraints",
            )


def _format(field: Field, low: int, high: int) -> Iterator[Diagnostic]:
    limits = field.constraints
    for key, bound in (("min", limits.min), ("max", limits.max)):
        if isinstance(bound, int | float) and not low <= bound <= high:
            yield RULE.at(
                field.origin.at("constraints", key),
                label="out of the format's range",
                related=(Related(field.origin.at("format"), "the format"),),
                help=f"`{field.format}` holds {low} to {high}",
                first=f"`{key}: {bound}`",
                field=field.name,
                second=f"its format `{field.format}`",
            )
