"""One entity gets two different fields of one name.

## Why

A mixin's fields join those of the entity. Two fields of one name and different meaning
cannot both stand, and dropping one of them would drop what its author relies on. An
entity may declare a mixin's field again, to describe or tighten it, as long as the type
is the same.

## Example

```yaml
mixins: [mixin/stdlib/taggable]
fields:
  tags: {type: string}
```

## Instead

```yaml
mixins: [mixin/stdlib/taggable]
fields:
  tags: {type: array, items_type: string, constraints: {maxItems: 20}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Mixin
from forge.ir.entities import Entity, Field
from forge.source import Span

RULE = Rule(
    "mixin/conflicting-field",
    Severity.ERROR,
    "the field `{field}` of `{entity}` comes from {first} and from {second}, which differ",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that each entity gets from more than one place."""
    written = {e.fqn: e for e in subject.written.entities}
    for entity in subject.app.entities:
        if entity.mixins and subject.is_complete(entity):
            applied = [subject.mixins[name] for name in entity.mixins]
            yield from _conflicts(subject, written[entity.fqn], applied)


def _conflicts(
    subject: Subject, entity: Entity, applied: list[Mixin]
) -> Iterator[Diagnostic]:
    own = {field.name: field for field in entity.fields}
    taken: dict[str, tuple[Mixin, Field]] = {}
    for mixin in applied:
        for field in mixin.fields:
            mine = own.get(field.name)
            first, known = taken.setdefault(field.name, (mixin, field))
            if mine is not None and not _agree(mine, field):
                yield _fault(
                    entity,
                    field,
                    mine.origin.at("type"),
                    ("the entity itself", f"`{mixin.fqn}`"),
                    (Related(field.origin.at("type"), f"in `{mixin.fqn}`"),),
                )
            elif mine is None and known is not field and not _same(known, field):
                yield _fault(
                    entity,
                    field,
                    _applied_at(subject, entity, mixin),
                    (f"`{first.fqn}`", f"`{mixin.fqn}`"),
                    (
                        Related(known.origin.span, f"in `{first.fqn}`"),
                        Related(field.origin.span, f"in `{mixin.fqn}`"),
                    ),
                )


def _fault(
    entity: Entity,
    field: Field,
    span: Span,
    sources: tuple[str, str],
    related: tuple[Related, ...],
) -> Diagnostic:
    return RULE.at(
        span,
        label="a different field of this name",
        related=related,
        help=f"rename one, or give both the type `{field.type}`",
        field=field.name,
        entity=entity.fqn,
        first=sources[0],
        second=sources[1],
    )


def _applied_at(subject: Subject, entity: Entity, mixin: Mixin) -> Span:
    """Where the entity names the mixin; its list of mixins where another mixin requires it."""
    names = entity.mixins
    if mixin.fqn in names:
        return entity.origin.at("mixins", names.index(mixin.fqn))
    return entity.origin.key_at("mixins")


def _agree(mine: Field, field: Field) -> bool:
    """Whether the entity's own field may stand for the mixin's."""
    here, there = mine.reference, field.reference
    if here is not None and there is not None and here.entity != there.entity:
        return False
    return (mine.type, mine.items_type) == (field.type, field.items_type)


def _same(known: Field, field: Field) -> bool:
    """Whether two fields mean the same, however they are described."""
    return known == replace(field, description=known.description)
