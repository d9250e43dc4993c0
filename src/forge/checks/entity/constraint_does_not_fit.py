"""A constraint has no meaning for the type of its field.

## Why

What a contract says is enforced. A length of a number, or digits of a text, could only
be ignored.

## Example

```yaml
quantity: {type: integer, constraints: {maxLength: 3}}
```

## Instead

```yaml
quantity: {type: integer, constraints: {max: 999}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.entity.enum_of_wrong_type import ENUMERABLE
from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Fix, Rule, Severity
from forge.ir.entities import UNCONSTRAINED, Constraints, Field
from forge.ir.types import NUMERIC, TEXTUAL, FieldType
from forge.source import Span

RULE = Rule(
    "entity/constraint-does-not-fit",
    Severity.ERROR,
    "`{key}` has no meaning for `{field}`, which is of type `{type}`",
)

_ORDERED = NUMERIC | {FieldType.DATE, FieldType.DATETIME, FieldType.TIME}
_SIZED = TEXTUAL | {FieldType.BINARY}
_ARRAY = frozenset({FieldType.ARRAY})
_DECIMAL = frozenset({FieldType.DECIMAL})

_FITS: tuple[tuple[str, str, frozenset[FieldType]], ...] = (
    ("min", "min", _ORDERED),
    ("max", "max", _ORDERED),
    ("min_length", "minLength", _SIZED),
    ("max_length", "maxLength", _SIZED),
    ("pattern", "pattern", TEXTUAL),
    ("min_items", "minItems", _ARRAY),
    ("max_items", "maxItems", _ARRAY),
    ("precision", "precision", _DECIMAL),
    ("scale", "scale", _DECIMAL),
)
"""Attribute of `Constraints`, key of the contract, types it fits."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every constraint against the type of its field."""
    for field in subject.fields:
        if field.constraints is not UNCONSTRAINED:
            yield from _constraints(field, field.constraints)
        if field.items_type is not None and field.type is not FieldType.ARRAY:
            span = field.origin.key_at("items_type")
            yield _fault(field, "items_type", span, _ARRAY)
        if field.enum and not _enumerable(field):
            types = ENUMERABLE | _ARRAY
            yield _fault(field, "enum", field.origin.key_at("enum"), types)


def _enumerable(field: Field) -> bool:
    if field.type is FieldType.ARRAY:
        return field.items_type is None or field.items_type in ENUMERABLE
    return field.type in ENUMERABLE


def _constraints(field: Field, constraints: Constraints) -> Iterator[Diagnostic]:
    for attribute, key, types in _FITS:
        if getattr(constraints, attribute) is not None and field.type not in types:
            yield _fault(field, key, field.origin.key_at("constraints", key), types)


_PEERS = {
    "minLength": "min", "maxLength": "max", "minItems": "min", "maxItems": "max",
    "min": "minLength", "max": "maxLength",
}  # fmt: skip


def _fault(
    field: Field, key: str, span: Span, types: frozenset[FieldType]
) -> Diagnostic:
    peer = _PEERS.get(key, "")
    fits = any(k == peer and field.type in legal for _, k, legal in _FITS)
    named = [known for known in FieldType if known in types]
    return RULE.at(
        span,
        label=f"not for `{field.type}`",
        help=f"did you mean `{peer}`? " * fits + f"`{key}` is for {listed(named)}",
        fixes=(Fix.replace(span, peer),) if fits else (),
        key=key,
        field=field.name,
        type=field.type,
    )
