"""A reference points to fields that do not identify one record.

## Why

What is referred to has to be one record. A field that is neither the key nor unique may
hold one value in many records, and no database takes a foreign key to it.

## Example

```yaml
country: {type: string, references: {entity: entity/shop/country, field: name}}
```

## Instead

```yaml
# in entity/shop/country
name: {type: string, required: true, unique: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.references import referring
from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Entity

RULE = Rule(
    "entity/reference-not-unique",
    Severity.ERROR,
    "{fields} of `{entity}` is referred to, but is neither the key nor unique",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """What every reference points to."""
    for reference in referring(subject):
        target, names = reference.target, reference.key.references
        if frozenset(names) in _keys(target) or not reference.names_fields:
            continue
        known = subject.fields_of(target.fqn) or {}
        if all(name in known for name in names):
            place = subject.place(target.fqn)
            yield RULE.at(
                reference.target_at(0),
                label="not unique",
                related=(Related(place, "the entity referred to"),),
                help=_help(target),
                fields=listed(names),
                entity=target.fqn,
            )


def _help(target: Entity) -> str:
    key = f"the key of `{target.fqn}` is {listed(target.primary_key)}"
    return f"values are unique within a tenant; {key}" if target.tenant else key


def _keys(entity: Entity) -> set[frozenset[str]]:
    single = {frozenset((f.name,)) for f in entity.fields if f.unique}
    several = {frozenset(names) for names in entity.unique}
    # In the database, the tenant is part of what is unique within one.
    tenant = {entity.tenant} if entity.tenant else set()
    return {key | tenant for key in single | several} | {frozenset(entity.primary_key)}
