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
from forge.source import Span

RULE = Rule("entity/unknown-field", Severity.ERROR, "`{entity}` has no field `{field}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every name of a field in the lists of an entity."""
    for entity in subject.entities:
        fields = subject.fields_of(entity.fqn) or {}
        for name, span in _named(entity):
            if name not in fields:
                yield unknown_field(RULE, subject, entity.fqn, span, name)


def _named(entity: Entity) -> Iterator[tuple[str, Span]]:
    at = entity.origin.at
    for number, name in enumerate(entity.primary_key):
        yield name, at("primary_key", number)
    for key, lists in (("unique", entity.unique), ("indexes", entity.indexes)):
        for row, names in enumerate(lists):
            for column, name in enumerate(names):
                yield name, at(key, row, column)
    for number, name in enumerate(entity.search):
        yield name, at("search", number)
    for foreign_key in entity.foreign_keys:
        for number, name in enumerate(foreign_key.fields):
            yield name, foreign_key.origin.at("fields", number)
