"""Entities and mixins."""

from __future__ import annotations

from forge.contracts.envelope import Contract
from forge.ir.application import Mixin
from forge.ir.entities import Entity, Fields, ForeignKey, Policy
from forge.ir.lowering import reading
from forge.ir.lowering.fields import lower_fields
from forge.ir.naming import plural
from forge.ir.types import GraphDirection, OnDelete
from forge.source import Mapping, Sequence, plain


def lower_entity(contract: Contract) -> Entity:
    """An entity with its own fields only."""
    spec = contract.spec
    fields = lower_fields(contract, spec, "fields")
    return Entity(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        icon=reading.text(spec, "icon"),
        table=reading.text(spec, "table") or plural(contract.name),
        fields=fields,
        own_fields=tuple(fields.names()),
        mixins=reading.texts(spec, "mixins"),
        primary_key=_primary_key(spec),
        foreign_keys=_foreign_keys(contract, spec),
        unique=_field_lists(spec, "unique"),
        indexes=_field_lists(spec, "indexes"),
        search=reading.texts(spec, "search"),
        tenant_scoped=reading.flag(spec, "tenant_scoped"),
        policies=_policies(contract, spec),
        renamed_from=reading.text_or_texts(spec, "renamed_from"),
        number_prefix=reading.text(spec, "number_prefix"),
        workflow_fqn=reading.text(spec, "state_machine"),
        origin=reading.origin(contract),
    )


def lower_mixin(contract: Contract) -> Mixin:
    """A mixin."""
    return Mixin(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        fields=Fields(lower_fields(contract, contract.spec, "fields")),
        requires=tuple(fqn for fqn, _ in contract.requires),
        origin=reading.origin(contract),
    )


def _primary_key(spec: Mapping) -> tuple[str, ...]:
    single = reading.text(spec, "primary_key")
    return (single,) if single is not None else reading.texts(spec, "primary_key")


def _field_lists(spec: Mapping, key: str) -> tuple[tuple[str, ...], ...]:
    node = spec.get(key)
    if not isinstance(node, Sequence):
        return ()
    return tuple(
        tuple(reading.texts_of(item)) for item in node.items if item is not None
    )


def _foreign_keys(contract: Contract, spec: Mapping) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey(
            fields=reading.texts(node, "fields"),
            entity=reading.text(node, "entity") or "",
            references=reading.texts(node, "references"),
            on_delete=reading.word(node, "on_delete", OnDelete, OnDelete.RESTRICT),
            graph_edge=reading.text(node, "graph_edge"),
            graph_direction=reading.word(
                node, "graph_direction", GraphDirection, GraphDirection.FORWARD
            ),
            origin=reading.origin(contract, node),
        )
        for node in reading.mappings(spec, "foreign_keys")
    )


def _policies(contract: Contract, spec: Mapping) -> tuple[Policy, ...]:
    node = spec.get("policies")
    if isinstance(node, Sequence):
        return tuple(
            Policy(spec=plain(item), origin=reading.origin(contract, item))
            for item in node.items
        )
    if isinstance(node, Mapping):
        return (Policy(spec=plain(node), origin=reading.origin(contract, node)),)
    return ()
