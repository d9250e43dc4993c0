"""One step of a workflow: who may take it, whether it is legal, what it changes."""

from __future__ import annotations

from datetime import datetime

from .effects import value_of
from .entity import (
    Call,
    Caller,
    EmitEvent,
    Entity,
    Guard,
    Record,
    SetField,
    Workflow,
)
from .errors import GuardUnmet, IllegalTransition, RoleRequired


def admit(workflow: Workflow, record: Record, wanted: str, caller: Caller) -> None:
    """Raise what keeps `caller` from taking `record` to the state `wanted`.

    Raises `RoleRequired`, `IllegalTransition`, `GuardUnmet`, in this order.
    """
    state = record[workflow.field]
    guard = workflow.guards.get((state, wanted), Guard())
    if not caller.has_one_of(guard.roles):
        raise RoleRequired(guard.roles)
    allowed = workflow.allowed(record)
    if wanted not in allowed:
        raise IllegalTransition(str(state), wanted, allowed)
    missing = tuple(name for name in guard.require_fields if record[name] in (None, ""))
    holds = guard.condition is None or guard.condition(record, caller) is True
    if missing or not holds:
        raise GuardUnmet(missing, "" if holds else guard.condition_text or "condition")


def is_open(workflow: Workflow, record: Record, wanted: str, caller: Caller) -> bool:
    """Whether `caller` may take the step, whatever its guard asks of the record."""
    guard = workflow.guards.get((record[workflow.field], wanted), Guard())
    return caller.has_one_of(guard.roles) and wanted in workflow.allowed(record)


def apply(
    entity: Entity,
    workflow: Workflow,
    record: Record,
    wanted: str,
    caller: Caller,
    at: datetime,
) -> tuple[Record, tuple[EmitEvent | Call, ...]]:
    """The record in the state `wanted` and what follows this step once it is stored."""
    effects = workflow.effects.get((record[workflow.field], wanted), ())
    after = record | {workflow.field: wanted}
    events: list[EmitEvent | Call] = []
    for effect in effects:
        match effect:
            case SetField():
                field = entity.by_name[effect.field]
                after[field.name] = value_of(field, effect, after, caller, at)
            case EmitEvent() | Call():
                events.append(effect)
    return after, tuple(events)
