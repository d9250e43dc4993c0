"""What an operation does besides what it is asked to: fields it fills, events it emits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .entity import (
    Call,
    Caller,
    Effect,
    EmitEvent,
    Entity,
    Field,
    Record,
    SetField,
    Type,
)
from .filling import of_time, stored

_TIMES: Final = frozenset({Type.DATETIME, Type.DATE, Type.TIME})
_OF_THE_WRITE: Final = frozenset({"now", "today"})


@dataclass(frozen=True, slots=True)
class Extra:
    """What belongs to one operation, in the transaction of its write."""

    fills: tuple[SetField, ...] = ()
    """Set as if the client had sent them: before guards, and stored where nothing else is."""
    effects: tuple[Effect, ...] = ()
    """Follow a write that changes something."""

    @property
    def is_plain(self) -> bool:
        """Whether it only sets values that need no other statement."""
        return not any(
            isinstance(effect, EmitEvent | Call) or effect.sequence is not None
            for effect in (*self.fills, *self.effects)
        )


NOTHING: Final = Extra()
"""What a plain operation does besides; there is no other `Extra` without content."""


def set_plain(
    entity: Entity,
    record: Record,
    effects: Iterable[Effect],
    caller: Caller,
    at: datetime,
) -> None:
    """Set, in place and in order, what needs no number of a sequence."""
    for effect in effects:
        if isinstance(effect, SetField) and effect.sequence is None:
            field = entity.by_name[effect.field]
            record[field.name] = value_of(field, effect, record, caller, at)


def value_of(
    field: Field, effect: SetField, record: Record, caller: Caller, at: datetime
) -> Any:
    """What `effect` stores. Raises `Invalid` for what the field cannot hold."""
    if effect.function is not None:
        return stored(field, effect.function(record, caller))
    if field.type in _TIMES and effect.value in _OF_THE_WRITE:
        return of_time(field, at)
    return stored(field, effect.value)
