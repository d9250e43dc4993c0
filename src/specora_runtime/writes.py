"""From what a client sends to the record that is stored: defaults and computed fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from .entity import Caller, Computed, Entity, Field, Record, Type
from .errors import FieldError, Invalid
from .filling import bad_value, filling_of, managed, of_time, stored

_JSON: Final = frozenset({Type.ARRAY, Type.OBJECT, Type.JSON})
# JSON, because MessagePack ends at 64 bits and free JSON may hold longer integers.
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


def moment() -> datetime:
    """The time of one write: every timestamp in it is the same."""
    return datetime.now(UTC)


def new_record(
    entity: Entity, data: Mapping[str, Any], caller: Caller, at: datetime
) -> Record:
    """The record that a create stores, but for numbers and expressions.

    Raises `Invalid` for unknown, unstorable and read-only values, `TenantRequired` where
    the caller acts for no tenant and the record needs one.
    """
    filling = filling_of(entity)
    record = filling.blank() | natives(entity, data)
    errors: list[FieldError] = []
    for name, fill in filling.filled:
        given, own = record[name], fill(caller, at)
        if given is not None and given != own:
            errors.append(_read_only(name))
        record[name] = own
    if errors:
        raise Invalid(tuple(errors))
    return record


def changed_record(entity: Entity, before: Record, data: Mapping[str, Any]) -> Record:
    """`before` with the values in `data`.

    Raises `Invalid` for unknown, unstorable and read-only values; a read-only field may
    be given the value that it holds.
    """
    values = natives(entity, data)
    reserved = managed(entity)
    errors = tuple(
        _read_only(name)
        for name, value in values.items()
        if (
            name in reserved
            or entity.by_name[name].immutable
            or entity.by_name[name].computed is not None
        )
        and not same(entity.by_name[name], value, before[name])
    )
    if errors:
        raise Invalid(errors)
    return before | values


def touch(entity: Entity, record: Record, caller: Caller, at: datetime) -> None:
    """Fill, in place, the fields that every later write fills anew."""
    for field in entity.fields:
        if field.computed is Computed.NOW_ON_UPDATE:
            record[field.name] = of_time(field, at)
        elif field.computed is Computed.CURRENT_USER and not field.immutable:
            record[field.name] = stored(field, caller.id)
    express(entity, record, caller)


def express(entity: Entity, record: Record, caller: Caller) -> None:
    """Compute the expressions of `record`, in place and in order."""
    for field, expression in entity.expressed:
        record[field.name] = stored(field, expression(record, caller))


def require(entity: Entity, record: Record) -> None:
    """Raise `Invalid` where a required field holds nothing."""
    missing = [name for name in filling_of(entity).required if record[name] is None]
    if missing:
        raise Invalid(
            tuple(
                FieldError(name, "required", f"`{name}` must hold a value")
                for name in missing
            )
        )


def changes(entity: Entity, before: Record, after: Record) -> tuple[str, ...]:
    """The fields in which two versions differ, in the entity's order."""
    return tuple(
        field.name
        for field in entity.fields
        if not same(field, before[field.name], after[field.name])
    )


def same(field: Field, one: Any, other: Any) -> bool:
    """Whether two native values are one value; JSON's `true` is not its `1`."""
    if field.type in _JSON:
        return _ENCODER.encode(one) == _ENCODER.encode(other)
    return bool(one == other)


def natives(entity: Entity, data: Mapping[str, Any]) -> Record:
    """The values of `data` in native form. Raises `Invalid` for unknown and unstorable ones."""
    codecs = filling_of(entity).codecs
    values: Record = {}
    errors: list[FieldError] = []
    for name, value in data.items():
        codec = codecs.get(name)
        if codec is None:
            errors.append(FieldError(name, "unknown-field", f"there is no `{name}`"))
            continue
        try:
            values[name] = None if value is None else codec(value)
        except ValueError as fault:
            errors.append(bad_value(name, fault))
    if errors:
        raise Invalid(tuple(errors))
    return values


def _read_only(name: str) -> FieldError:
    return FieldError(name, "read-only", f"`{name}` is set by the service")
