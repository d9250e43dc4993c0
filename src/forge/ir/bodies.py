"""What an endpoint fills itself, and what its body may and must hold as a consequence."""

from __future__ import annotations

from forge.ir.application import Endpoint, Fill
from forge.ir.entities import Entity, Field
from forge.ir.types import ComputedKind, Operation


def writable(entity: Entity) -> tuple[Field, ...]:
    """The fields that a client may send on create."""
    return entity.writable


def changeable(entity: Entity) -> tuple[Field, ...]:
    """The fields that a client may change."""
    return entity.changeable


def accepted(entity: Entity, endpoint: Endpoint) -> tuple[Field, ...]:
    """The fields that the endpoint's body may hold, besides `state` of a transition."""
    creates = endpoint.operation is Operation.CREATE
    request, moves = endpoint.request_body, endpoint.operation is Operation.TRANSITION
    taken = {fill.field for fill in endpoint.fills} | ({"state"} if moves else set())
    legal = writable(entity) if creates else changeable(entity)
    fields = tuple(f for f in legal if f.name not in taken)
    if request is None:
        return () if moves else fields
    if request.optional_fields is None and not moves:
        return fields
    named = {*request.required_fields, *(request.optional_fields or ())}
    # What follows from a narrowed update may hold no more than that update.
    if endpoint.operation in (Operation.CREATE, Operation.REPLACE) and not (
        endpoint.implied
    ):
        named |= {f.name for f in fields if f.required and f.default is None}
    return tuple(f for f in fields if f.name in named)


def demanded(entity: Entity, endpoint: Endpoint) -> frozenset[str]:
    """The fields that the endpoint's body must hold."""
    fields = accepted(entity, endpoint)
    request = endpoint.request_body
    names = set(request.required_fields) if request is not None else set()
    if endpoint.operation in (Operation.CREATE, Operation.REPLACE):
        names |= {f.name for f in fields if f.required and f.default is None}
    return frozenset(f.name for f in fields if f.name in names)


def fills(entity: Entity, endpoint: Endpoint) -> tuple[Fill, ...]:
    """What the endpoint fills; what the service fills anyway is left to it."""
    found = []
    for fill in endpoint.fills:
        field = entity.field(fill.field)
        if field is not None and field.settable and field.name not in entity.kept:
            found.append(fill)
    return tuple(found)


def goes_without_saying(entity: Entity, endpoint: Endpoint, fill: Fill) -> bool:
    """Whether the service fills the field with that in any case."""
    field = entity.field(fill.field)
    if field is None:
        return False
    creates = endpoint.operation is Operation.CREATE
    if entity.state_machine is not None and fill.field == entity.state_field:
        return creates and fill.value == entity.state_machine.initial
    if field.computed is None:
        return False
    match field.computed.kind:
        case ComputedKind.NOW:
            return creates and fill.keyword == "now"
        case ComputedKind.NOW_ON_UPDATE:
            return fill.keyword == "now"
        case ComputedKind.UUID:
            return creates and fill.keyword == "uuid"
        case ComputedKind.CURRENT_USER:
            kept = field.immutable and not creates
            return fill.keyword == "current_user" and not kept
        case ComputedKind.SEQUENCE:
            return creates and fill.sequence == field.computed.sequence
        case ComputedKind.EXPRESSION:
            own = field.computed.expression
            return own is not None and fill.expression == own
        case ComputedKind.IDENTITY:
            return False
