"""A key, an index or a search names a field that the entity does not have.

## Why

`unique`, `indexes`, `search`, `primary_key` and `foreign_keys` are made of fields of
the entity: its own, those of its mixins, and `state` and `number` where it has them.

## Example

```yaml
fields:
  shelf: {type: string}
unique: [[shelve]]
```

## Instead

```yaml
fields:
  shelf: {type: string}
unique: [[shelf]]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import unknown_field
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.entities import Entity
from forge.ir.origin import Origin

RULE = Rule("entity/unknown-field", Severity.ERROR, "`{entity}` has no field `{field}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every name of a field in the lists of an entity."""
    for entity in subject.entities:
        fields = subject.fields_of(entity.fqn) or {}
        for name, origin, path in _named(entity):
            if name not in fields:
                span = origin.at(*path)
                yield unknown_field(RULE, subject, entity.fqn, span, name)


def _named(entity: Entity) -> Iterator[tuple[str, Origin, tuple[str | int, ...]]]:
    """Each name with the way to its place, which is walked only where a name is wrong."""
    origin = entity.origin
    for number, name in enumerate(entity.primary_key):
        yield name, origin, ("primary_key", number)
    for key, lists in (("unique", entity.unique), ("indexes", entity.indexes)):
        for row, names in enumerate(lists):
            for column, name in enumerate(names):
                yield name, origin, (key, row, column)
    for number, name in enumerate(entity.search):
        yield name, origin, ("search", number)
    for foreign_key in entity.foreign_keys:
        for number, name in enumerate(foreign_key.fields):
            yield name, foreign_key.origin, ("fields", number)
