"""A reference has more or fewer fields than the key it refers to.

## Why

Each field of a reference stands for one field of the key. The entity of a key of
several fields is referred to by as many, in `foreign_keys`.

## Example

```yaml
slot_id: {type: string, references: {entity: entity/shop/slot}}
```

## Instead

```yaml
foreign_keys:
  - {fields: [shelf, position], entity: entity/shop/slot}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.references import Referring, referring
from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "entity/key-arity",
    Severity.ERROR,
    "{fields} cannot refer to `{entity}` by {others}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The number of fields on both ends of every reference."""
    for reference in referring(subject):
        if reference.field is None:
            if len(reference.key.fields) != len(reference.key.references):
                yield _fault(subject, reference, reference.key.references)
        elif len(reference.target.primary_key) > 1 and not reference.names_fields:
            yield _fault(subject, reference, reference.target.primary_key)


def _fault(
    subject: Subject, reference: Referring, others: tuple[str, ...]
) -> Diagnostic:
    span = reference.at("entity")
    if reference.names_fields:
        span = reference.key.origin.at("references")
    target = reference.target.fqn
    return RULE.at(
        span,
        label=f"{len(others)} fields",
        related=(Related(subject.place(target), "the entity referred to"),),
        help=f"list fields for {listed(others)} under `foreign_keys`",
        fields=listed(reference.key.fields),
        entity=target,
        others=listed(others),
    )
