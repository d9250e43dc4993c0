"""Entities: fields, references either way, keys, life, endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from factory.explanation.page import Row, Section, listed, sentences
from factory.explanation.routes import endpoints_table
from factory.explanation.workflows import workflow_sections
from forge.ir.application import Application
from forge.ir.entities import Constraints, Entity, Field
from forge.ir.types import ComputedKind, OnDelete

_COMPUTED = {
    ComputedKind.NOW: "set to the time of creation",
    ComputedKind.NOW_ON_UPDATE: "set to the time of each change",
    ComputedKind.UUID: "made by the service",
    ComputedKind.IDENTITY: "numbered by the database",
    ComputedKind.CURRENT_USER: "set to who is signed in",
}

_ON_DELETE = {
    OnDelete.RESTRICT: "a record that is referred to cannot be deleted",
    OnDelete.CASCADE: "deleted along with it",
    OnDelete.SET_NULL: "emptied when it is deleted",
}


def entity_sections(
    app: Application, entity: Entity, value: Mapping[str, object]
) -> Iterator[Section]:
    """Everything about one entity."""
    yield Section("Records", _records(entity))
    yield fields_table(entity.fields, _written(value), entity.own_fields)
    yield _outgoing(entity)
    yield _incoming(app, entity)
    if entity.state_machine is not None:
        life = f"`{entity.workflow_fqn}` in the field `{entity.state_field}`."
        yield Section("Life", life)
        yield from workflow_sections(entity.state_machine)
    yield endpoints_table(app, entity.fqn)


def fields_table(
    fields: Iterable[Field], written: Mapping[str, object], own: Iterable[str] = ()
) -> Section:
    """Fields with what holds for their values."""
    names = frozenset(own)
    rows = tuple(
        (
            f"`{field.name}`",
            _type(field),
            "; ".join(_rules(field, written.get(field.name))),
            field.description
            or (
                ""
                if not names or field.name in names
                else "(from a mixin or the workflow)"
            ),
        )
        for field in fields
    )
    return Section("Fields", "", ("field", "type", "what holds", "meaning"), rows)


def _records(entity: Entity) -> str:
    key = listed(entity.primary_key)
    return sentences(
        f"Kept in the table `{entity.table}`, known by {key}." if key else "",
        f"Numbered `{entity.number_prefix}-…`." if entity.number_prefix else "",
        f"Mixins: {listed(entity.mixins)}." if entity.mixins else "",
        *(f"Unique together: {listed(names)}." for names in entity.unique),
        *(f"Indexed: {listed(names)}." for names in entity.indexes),
        f"Searched by `q`: {listed(entity.search)}." if entity.search else "",
        f"Belongs to the tenant in `{entity.tenant}`." if entity.tenant else "",
        f"Deleting sets `{entity.soft_delete}`; it can be restored."
        if entity.soft_delete
        else "",
        f"Code of its own runs at {listed(entity.hooks)}." if entity.hooks else "",
    )


def _written(value: Mapping[str, object]) -> Mapping[str, object]:
    """What the contract itself says of its computed fields, by name."""
    spec = value.get("spec")
    fields = spec.get("fields") if isinstance(spec, Mapping) else None
    if not isinstance(fields, Mapping):
        return {}
    return {
        str(name): field.get("computed")
        for name, field in fields.items()
        if isinstance(field, Mapping)
    }


def _type(field: Field) -> str:
    if field.items_type is not None:
        return f"{field.type} of {field.items_type}"
    return f"{field.type} ({field.format})" if field.format else str(field.type)


def _rules(field: Field, written: object) -> Iterator[str]:
    if field.required:
        yield "required"
    if field.unique:
        yield "unique"
    if field.immutable:
        yield "never changed"
    if field.sensitive:
        yield "never shown"
    if field.managed:
        yield "set by the service alone"
    if field.enum:
        yield f"one of {listed(field.enum)}"
    yield from _bounds(field.constraints)
    if field.default is not None:
        yield f"`{field.default}` unless told"
    if field.computed is not None:
        sequence = field.computed.sequence
        yield (
            f"numbered `{sequence.prefix}{'0' * sequence.width}{sequence.suffix}`"
            if sequence
            else _COMPUTED.get(field.computed.kind, f"computed: `{written}`")
        )
    if field.reference is not None:
        yield f"refers to `{field.reference.entity}`"


def _bounds(bounds: Constraints) -> Iterator[str]:
    pairs = (
        (bounds.min, bounds.max, ""),
        (bounds.min_length, bounds.max_length, " characters"),
        (bounds.min_items, bounds.max_items, " items"),
    )
    for least, most, what in pairs:
        if least is not None and most is not None:
            yield f"{least} to {most}{what}"
        elif least is not None:
            yield f"at least {least}{what}"
        elif most is not None:
            yield f"at most {most}{what}"
    if bounds.pattern is not None:
        yield f"matches `{bounds.pattern}`"
    if bounds.precision is not None:
        yield f"{bounds.precision} digits"
    if bounds.scale is not None:
        yield f"{bounds.scale} decimals"


def _outgoing(entity: Entity) -> Section:
    rows: list[Row] = [
        (
            listed(key.fields),
            f"`{key.entity}`",
            listed(key.references),
            _ON_DELETE[key.on_delete],
            key.graph_edge or "",
        )
        for key in entity.all_foreign_keys()
    ]
    head = ("field", "refers to", "by", "on deletion", "edge")
    return Section("References out", "", head, tuple(rows))


def _incoming(app: Application, entity: Entity) -> Section:
    rows: list[Row] = [
        (f"`{other.fqn}`", listed(key.fields), _ON_DELETE[key.on_delete])
        for other in app.entities
        for key in other.all_foreign_keys()
        if key.entity == entity.fqn
    ]
    return Section("References in", "", ("from", "field", "on deletion"), tuple(rows))
