"""One step of a workflow: who may take it, whether it is legal, what it changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from .entity import (
    Caller,
    EmitEvent,
    Entity,
    Field,
    Guard,
    Record,
    SetField,
    Type,
    Workflow,
)
from .errors import GuardUnmet, IllegalTransition, RoleRequired
from .writes import of_time, stored

_TIMES: Final = frozenset({Type.DATETIME, Type.DATE, Type.TIME})
_OF_THE_WRITE: Final = frozenset({"now", "today"})


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


def apply(
    entity: Entity,
    workflow: Workflow,
    record: Record,
    wanted: str,
    caller: Caller,
    at: datetime,
) -> tuple[Record, tuple[str, ...]]:
    """The record in the state `wanted` and the names of the events of this step."""
    effects = workflow.effects.get((record[workflow.field], wanted), ())
    after = record | {workflow.field: wanted}
    events: list[str] = []
    for effect in effects:
        match effect:
            case SetField():
                field = entity.by_name[effect.field]
                after[field.name] = _value(field, effect, after, caller, at)
            case EmitEvent():
                events.append(effect.name)
    return after, tuple(events)


def _value(
    field: Field, effect: SetField, record: Record, caller: Caller, at: datetime
) -> Any:
    if effect.function is not None:
        return stored(field, effect.function(record, caller))
    if field.type in _TIMES and effect.value in _OF_THE_WRITE:
        return of_time(field, at)
    return stored(field, effect.value)
