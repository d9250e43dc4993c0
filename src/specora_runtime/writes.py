"""From what a client sends to the record that is stored: defaults and computed fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from .entity import Caller, Computed, Entity, Field, Record, Type
from .errors import FieldError, Invalid, TenantRequired
from .uuid7 import uuid7
from .values import native
from .visibility import tenant_value

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
    values = natives(entity, data)
    reserved = managed(entity)
    errors: list[FieldError] = []
    record: Record = {}
    for field in entity.fields:
        name = field.name
        if name == entity.tenant:
            record[name] = _tenant(entity, caller)
            if values.get(name) not in (None, record[name]):
                errors.append(_read_only(name))
        elif field.computed is not None or name in reserved:
            record[name] = _initial(entity, field, caller, at)
            if values.get(name) is not None and values[name] != record[name]:
                errors.append(_read_only(name))
        elif name in values:
            record[name] = values[name]
        else:
            record[name] = native(field, field.default)
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
    errors = tuple(
        FieldError(field.name, "required", f"`{field.name}` must hold a value")
        for field in entity.fields
        if field.required
        and record[field.name] is None
        and field.computed is not Computed.IDENTITY
    )
    if errors:
        raise Invalid(errors)


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


def stored(field: Field, value: Any) -> Any:
    """The canonical value of `field`. Raises `Invalid` for one that cannot be stored."""
    try:
        return native(field, value)
    except ValueError as fault:
        raise Invalid((_bad_value(field.name, fault),)) from fault


def natives(entity: Entity, data: Mapping[str, Any]) -> Record:
    """The values of `data` in native form. Raises `Invalid` for unknown and unstorable ones."""
    values: Record = {}
    errors: list[FieldError] = []
    for name, value in data.items():
        field = entity.by_name.get(name)
        if field is None:
            errors.append(FieldError(name, "unknown-field", f"there is no `{name}`"))
            continue
        try:
            values[name] = native(field, value)
        except ValueError as fault:
            errors.append(_bad_value(name, fault))
    if errors:
        raise Invalid(tuple(errors))
    return values


def managed(entity: Entity) -> frozenset[str]:
    """Fields that only transitions and deletes write, and the tenant."""
    return frozenset(_managed_by(entity))


def _managed_by(entity: Entity) -> Iterator[str]:
    if entity.workflow is not None:
        yield entity.workflow.field
    if entity.soft_delete:
        yield entity.soft_delete
    if entity.tenant:
        yield entity.tenant


def _tenant(entity: Entity, caller: Caller) -> Any:
    tenant = tenant_value(entity, caller.tenant)
    if tenant is None:
        raise TenantRequired
    return tenant


def _initial(entity: Entity, field: Field, caller: Caller, at: datetime) -> Any:
    if entity.workflow is not None and field.name == entity.workflow.field:
        return native(field, entity.workflow.initial)
    match field.computed:
        case Computed.NOW | Computed.NOW_ON_UPDATE:
            return of_time(field, at)
        case Computed.UUID:
            return str(uuid7())
        case Computed.CURRENT_USER:
            return stored(field, caller.id)
        case _:
            return None


def of_time(field: Field, at: datetime) -> Any:
    """`at` as a value of `field`: a date and time, a date or a time."""
    match field.type:
        case Type.DATE:
            return at.date()
        case Type.TIME:
            return at.time()
        case Type.DATETIME:
            return at
        case _:
            return native(field, at.isoformat().replace("+00:00", "Z"))


def _read_only(name: str) -> FieldError:
    return FieldError(name, "read-only", f"`{name}` is set by the service")


def _bad_value(name: str, fault: ValueError) -> FieldError:
    return FieldError(name, "bad-value", f"`{name}` cannot hold this: {fault}")
