"""Complete references that leave the field referred to to the target's key."""

from __future__ import annotations

from dataclasses import replace

from forge.ir.application import Application
from forge.ir.entities import Entity, Field, Fields, ForeignKey


def resolve_references(app: Application) -> Application:
    """A reference that names no field means the key of its target."""
    keys = {e.fqn: e.primary_key for e in app.entities}
    return replace(app, entities=tuple(_resolve(e, keys) for e in app.entities))


def _resolve(entity: Entity, keys: dict[str, tuple[str, ...]]) -> Entity:
    if all(f.reference is None for f in entity.fields) and not entity.foreign_keys:
        return entity
    return replace(
        entity,
        fields=Fields(_field(f, keys) for f in entity.fields),
        foreign_keys=tuple(_foreign_key(k, keys) for k in entity.foreign_keys),
    )


def _field(field: Field, keys: dict[str, tuple[str, ...]]) -> Field:
    reference = field.reference
    if reference is None or reference.field:
        return field
    key = keys.get(reference.entity, ())
    target = key[0] if len(key) == 1 else "id"
    return replace(field, reference=replace(reference, field=target))


def _foreign_key(key: ForeignKey, keys: dict[str, tuple[str, ...]]) -> ForeignKey:
    if key.references:
        return key
    return replace(key, references=keys.get(key.entity, ()))
