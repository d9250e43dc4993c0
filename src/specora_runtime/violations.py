"""What a broken constraint means in the terms of the domain."""

from __future__ import annotations

from typing import Final

from .entity import Computed, Entity
from .errors import (
    CheckViolation,
    Fault,
    FieldError,
    ForeignKeyViolation,
    Invalid,
    NotNullViolation,
    UniqueConflict,
    UniqueViolation,
)
from .references import Blocked, Fetch, Relations, Versions
from .visibility import Sight

_MADE: Final = {Computed.SEQUENCE, Computed.IDENTITY, Computed.UUID}
"""What the service makes up, so that no client repeats it.

A number of a write that failed is given to another record, which does not make it the cause.
"""


async def explain(
    relations: Relations,
    fetch: Fetch,
    entity: Entity,
    versions: Versions,
    sight: Sight,
    fault: Fault,
) -> Fault:
    """The domain's fault for a constraint that a write broke.

    Where several constraints are broken, databases report different ones: the first in
    the contract's order is sought, and the report is used where none is found.
    """
    match fault:
        case UniqueViolation():
            repeated = await _repeated(relations, fetch, entity, versions, sight)
            return UniqueConflict(repeated or _reported(entity, fault))
        case Blocked():
            return await relations.explain_delete(fetch, sight, fault)
        case ForeignKeyViolation():
            return await relations.explain_write(fetch, entity, versions, sight, fault)
        case NotNullViolation():
            name = _field(entity, fault.column)
            return Invalid((FieldError(name, "required", "a value is required"),))
        case CheckViolation():
            return Invalid((_broken(entity, fault.constraint),))
    return fault


async def _repeated(
    relations: Relations,
    fetch: Fetch,
    entity: Entity,
    versions: Versions,
    sight: Sight,
) -> tuple[str, ...]:
    """The first unique fields whose values another record holds, of those that are sent."""
    before, after = versions
    table = relations.table(entity)
    mine = None if before is None else [before[name] for name in entity.key]
    for names in (entity.key, *(unique.fields for unique in entity.unique)):
        if any(entity.by_name[name].computed in _MADE for name in names):
            continue
        values = {name: (after or {}).get(name) for name in names}
        if None in values.values():
            continue
        text, parameters = table.rows_with(values, sight)
        rows = await fetch(text, *parameters)
        # Reading changes the row itself, so that each one is read once.
        others = [table.read(row) for row in rows]
        keys = [[other[name] for name in entity.key] for other in others]
        if any(key != mine for key in keys):
            # No client sets the tenant, so that nothing in a body names it.
            return tuple(name for name in names if name != entity.tenant)
    return ()


def _reported(entity: Entity, fault: UniqueViolation) -> tuple[str, ...]:
    for unique in entity.unique:
        if unique.constraint == fault.constraint:
            return unique.fields
    if fault.columns:
        names = (_field(entity, column) for column in fault.columns)
        return tuple(name for name in names if name != entity.tenant)
    return entity.key if (fault.constraint or "").endswith("_pkey") else ()


def _field(entity: Entity, column: str) -> str:
    found = (field.name for field in entity.fields if field.stored_as == column)
    return next(found, "")


def _broken(entity: Entity, constraint: str | None) -> FieldError:
    rule = (constraint or "").removeprefix(f"{entity.table}_")
    columns = {field.stored_as: field.name for field in entity.fields}
    # `<table>_<column>_<rule>` is how constraints of one column are called.
    fitting = [column for column in columns if rule.startswith(f"{column}_")]
    name = columns[max(fitting, key=len)] if fitting else ""
    which = f" `{constraint}`" if constraint else ""
    return FieldError(name, "check", f"the values break the rule{which}")
