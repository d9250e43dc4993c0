"""Which rows a caller sees: the one source of the condition that every statement carries.

A statement asks here for the predicate of each entity whose rows it reads or writes, and
for the values of that predicate's parameters. Where an entity belongs to no tenant and is
really deleted, both are empty, and the statement is what it would be without them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NamedTuple

from .dialect import Dialect
from .entity import Caller, Entity
from .values import comparand, parse


class Deleted(StrEnum):
    """What a reader sees of softly deleted records."""

    EXCLUDE = "exclude"
    ONLY = "only"
    INCLUDE = "include"


class Sight(NamedTuple):
    """What of a service's records a statement reaches."""

    tenant: str | None = None
    """The tenant whose records are reached, as the request writes it; without one, no
    record is that belongs to a tenant."""
    deleted: Deleted = Deleted.EXCLUDE
    every_tenant: bool = False
    """Reaches the records of all tenants: for keeping references whole, as the database's
    own constraints do, and never for what a client reads."""


LIVE: Final = Sight(every_tenant=True)
"""Every record that is not deleted."""
EVERYTHING: Final = Sight(deleted=Deleted.INCLUDE, every_tenant=True)
"""Every row, as the database's constraints see them."""

_NO_TENANT: Final = {kind: Sight(deleted=kind) for kind in Deleted}


def sight_of(caller: Caller, deleted: Deleted = Deleted.EXCLUDE) -> Sight:
    """What `caller` reaches."""
    if caller.tenant is None and not caller.every_tenant:
        return _NO_TENANT[deleted]
    return Sight(caller.tenant, deleted, caller.every_tenant)


def row_predicate(
    entity: Entity, dialect: Dialect, sight: Sight, first: int, alias: str = ""
) -> str:
    """The condition of the rows of `entity` that `sight` reaches; empty where it is all.

    Its parameters are numbered from `first`, and hold `row_parameters`. Entities of one
    statement whose sight is the same may share them.
    """
    conditions = []
    if entity.tenant and not sight.every_tenant:
        field = entity.by_name[entity.tenant]
        wanted = dialect.parameter(field, first)
        conditions.append(f"{dialect.compared(field, alias)} = {wanted}")
    if entity.soft_delete and sight.deleted is not Deleted.INCLUDE:
        column = dialect.column(entity.by_name[entity.soft_delete], alias)
        null = "IS NULL" if sight.deleted is Deleted.EXCLUDE else "IS NOT NULL"
        conditions.append(f"{column} {null}")
    return " AND ".join(conditions)


def row_parameters(entity: Entity, dialect: Dialect, sight: Sight) -> list[Any]:
    """The values of the parameters of `row_predicate`, in order."""
    if not entity.tenant or sight.every_tenant:
        return []
    # A comparison with NULL holds for no row: without a tenant, there are none.
    field = entity.by_name[entity.tenant]
    return [comparand(field, dialect)(tenant_value(entity, sight.tenant))]


def tenant_value(entity: Entity, tenant: str | None) -> Any:
    """`tenant` as the value of the entity's field; `None` for what can be none."""
    if tenant is None:
        return None
    try:
        return parse(entity.by_name[entity.tenant], tenant)
    except ValueError:
        return None
