"""Give entities with a `number_prefix` their field `number`."""

from __future__ import annotations

from dataclasses import replace

from forge.ir.application import Application
from forge.ir.entities import Computed, Entity, Field, Fields, SequenceFormat
from forge.ir.types import ComputedKind, FieldType

NUMBER = "number"
WIDTH = 6


def add_number_fields(app: Application) -> Application:
    """`TKT` gives `number`, reading `TKT-000001`."""
    return replace(app, entities=tuple(_add(e) for e in app.entities))


def _add(entity: Entity) -> Entity:
    if entity.number_prefix is None:
        return entity
    declared = entity.field(NUMBER)
    number = Field(
        name=NUMBER,
        type=FieldType.STRING,
        column=declared.column if declared else NUMBER,
        description=declared.description if declared else "",
        required=True,
        immutable=True,
        unique=True,
        computed=Computed(
            ComputedKind.SEQUENCE, SequenceFormat(f"{entity.number_prefix}-", WIDTH)
        ),
        renamed_from=declared.renamed_from if declared else (),
        origin=declared.origin if declared else entity.origin,
    )
    if declared:
        fields = Fields(number if f.name == NUMBER else f for f in entity.fields)
    else:
        at = 1 if entity.fields and entity.fields[0].name == "id" else 0
        fields = Fields((*entity.fields[:at], number, *entity.fields[at:]))
    return replace(entity, fields=fields)
