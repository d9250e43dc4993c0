"""`repositories/`: one interface per entity and its three adapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import name
from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.targets.fastapi_prod.plan_auth import password_field, user_entity
from forge.targets.fastapi_prod.plan_names import EntityNames
from forge.targets.fastapi_prod.printing import Import, Imports


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPlan:
    """One entity's repository and its adapters."""

    constant: Code
    interface: Code
    accessor: Code
    memory: Code
    sqlite: Code
    postgres: Code
    password: str | None
    """The field that holds a password, of which only the hash is stored."""


@dataclass(frozen=True, slots=True)
class RepositoriesPlan:
    """The package `repositories`."""

    imports: tuple[Import, ...]
    """What the interfaces import from `entities`."""
    repositories: tuple[RepositoryPlan, ...]
    behaves: bool = False
    """Whether functions of `behaviors/` run around writes."""

    @property
    def hashes_passwords(self) -> bool:
        """Whether any of them stores passwords."""
        return any(r.password for r in self.repositories)


def plan_repositories(
    ir: Application, names: Mapping[str, EntityNames]
) -> RepositoriesPlan:
    """The repositories of every entity, in the order of their FQNs."""
    every = [(entity, names[entity.fqn]) for entity in ir.entities]
    imports = Imports()
    for _, own in every:
        imports.use("backend.entities", own.constant)
    return RepositoriesPlan(
        imports.of("backend.entities"),
        tuple(_repository(own, _password(ir, entity)) for entity, own in every),
        behaves=ir.behaviors is not None and bool(ir.behaviors.modules),
    )


def _repository(own: EntityNames, password: str | None) -> RepositoryPlan:
    return RepositoryPlan(
        constant=name(own.constant),
        interface=name(own.repository),
        accessor=name(own.accessor),
        memory=name(f"Memory{own.repository}"),
        sqlite=name(f"Sqlite{own.repository}"),
        postgres=name(f"Postgres{own.repository}"),
        password=password,
    )


def _password(ir: Application, entity: Entity) -> str | None:
    field = password_field(ir)
    if field is None or entity is not user_entity(ir):
        return None
    return field if entity.field(field) is not None else None
