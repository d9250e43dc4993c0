"""`repositories/`: one interface per entity and its three adapters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import name
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan_names import EntityNames
from forge.targets.fastapi_prod.printing import import_order


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPlan:
    """One entity's repository and its adapters."""

    constant: Code
    interface: Code
    accessor: Code
    memory: Code
    sqlite: Code
    postgres: Code


@dataclass(frozen=True, slots=True)
class RepositoriesPlan:
    """The package `repositories`."""

    constants: tuple[Code, ...]
    """What the interfaces import from `entities`."""
    repositories: tuple[RepositoryPlan, ...]


def plan_repositories(
    ir: Application, names: Mapping[str, EntityNames]
) -> RepositoriesPlan:
    """The repositories of every entity, in the order of their FQNs."""
    every = [names[entity.fqn] for entity in ir.entities]
    return RepositoriesPlan(
        tuple(name(n) for n in sorted((e.constant for e in every), key=import_order)),
        tuple(
            RepositoryPlan(
                constant=name(entity.constant),
                interface=name(entity.repository),
                accessor=name(entity.accessor),
                memory=name(f"Memory{entity.repository}"),
                sqlite=name(f"Sqlite{entity.repository}"),
                postgres=name(f"Postgres{entity.repository}"),
            )
            for entity in every
        ),
    )
