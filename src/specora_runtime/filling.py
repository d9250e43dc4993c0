"""What fills the fields of a new record, decided once for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, TypeAlias

from .entity import Caller, Computed, Entity, Field, Record, Type
from .errors import FieldError, Invalid, TenantRequired
from .uuid7 import uuid7
from .values import Codec, canonical, native
from .visibility import tenant_value

Fill: TypeAlias = Callable[[Caller, datetime], Any]
"""The value that the service gives a field of a record made by a caller at a moment."""

_COUNTED: Final = (Computed.SEQUENCE, Computed.IDENTITY)


class Filling:
    """How a record of one entity comes to its values."""

    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        fields = entity.fields
        self.codecs: dict[str, Codec] = {one.name: canonical(one) for one in fields}
        self.managed = frozenset(_managed_by(entity))
        """Fields that only transitions and deletes write, and the tenant."""
        self.required = tuple(
            one.name
            for one in fields
            if one.required and one.computed is not Computed.IDENTITY
        )
        """Fields that hold a value when a record is stored."""
        self.is_counted = any(one.computed in _COUNTED for one in fields)
        """Whether the database counts one of the fields."""
        self.filled: tuple[tuple[str, Fill], ...] = tuple(
            (one.name, self._fill(one)) for one in fields if self._is_filled(one)
        )
        """Fields that clients may not set."""
        defaults = {
            one.name: None if self._is_filled(one) else native(one, one.default)
            for one in fields
        }
        self._varying = tuple(
            entity.by_name[name]
            for name, value in defaults.items()
            if isinstance(value, list | dict)
        )
        self._defaults = defaults

    def blank(self) -> Record:
        """The defaults of all fields, in order; a list or an object anew each time."""
        record = self._defaults.copy()
        for field in self._varying:
            record[field.name] = native(field, field.default)
        return record

    def _is_filled(self, field: Field) -> bool:
        return field.computed is not None or field.name in self.managed

    def _fill(self, field: Field) -> Fill:
        entity = self._entity
        if field.name == entity.tenant:
            return lambda caller, at: _tenant(entity, caller)
        if entity.workflow is not None and field.name == entity.workflow.field:
            initial = native(field, entity.workflow.initial)
            return lambda caller, at: initial
        match field.computed:
            case Computed.NOW | Computed.NOW_ON_UPDATE:
                return lambda caller, at: of_time(field, at)
            case Computed.UUID:
                return lambda caller, at: uuid7()
            case Computed.CURRENT_USER:
                return lambda caller, at: stored(field, caller.id)
            case _:
                return lambda caller, at: None


_fillings: Final[dict[int, Filling]] = {}


def filling_of(entity: Entity) -> Filling:
    """The one `Filling` of an entity."""
    # Entities hold mappings and cannot be hashed; a kept filling keeps its entity's id
    # taken.
    found = _fillings.get(id(entity))
    if found is None:
        found = _fillings[id(entity)] = Filling(entity)
    return found


def managed(entity: Entity) -> frozenset[str]:
    """Fields that only transitions and deletes write, and the tenant."""
    return filling_of(entity).managed


def stored(field: Field, value: Any) -> Any:
    """The canonical value of `field`. Raises `Invalid` for one that cannot be stored."""
    try:
        return native(field, value)
    except ValueError as fault:
        raise Invalid((bad_value(field.name, fault),)) from fault


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


def bad_value(name: str, fault: ValueError) -> FieldError:
    """The error of a value that a field cannot hold."""
    return FieldError(name, "bad-value", f"`{name}` cannot hold this: {fault}")


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
