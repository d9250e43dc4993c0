"""The names under which generated modules know the entities, without collisions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from forge.emit import names
from forge.ir.application import Application
from forge.ir.entities import Entity

_WORDS = re.compile(r"[A-Za-z0-9]+")


@dataclass(slots=True)
class Taken:
    """Names of one scope, so that no two things get the same one."""

    _names: set[str] = field(default_factory=set)

    def claim(self, *wanted: str) -> str:
        """The first of `wanted` that is free, else the last of them with a number."""
        free = next((n for n in wanted if n not in self._names), None)
        number = 2
        while free is None:
            numbered = f"{wanted[-1]}_{number}"
            free = None if numbered in self._names else numbered
            number += 1
        self._names.add(free)
        return free


@dataclass(frozen=True, slots=True)
class EntityNames:
    """What one entity is called in Python."""

    snake: str
    """In function names: `sla_policy`."""
    constant: str
    """Its declaration: `SLA_POLICY`."""
    pascal: str
    """In class names: `SlaPolicy`."""

    @property
    def create(self) -> str:
        """The body of a create."""
        return f"{self.pascal}Create"

    @property
    def update(self) -> str:
        """The body of an update."""
        return f"{self.pascal}Update"

    @property
    def replace(self) -> str:
        """The body of a replacement."""
        return f"{self.pascal}Replace"

    @property
    def response(self) -> str:
        """The read model."""
        return f"{self.pascal}Response"

    @property
    def repository(self) -> str:
        """The abstract repository."""
        return f"{self.pascal}Repository"

    @property
    def accessor(self) -> str:
        """The function that gives the repository in use."""
        return f"get_{self.snake}_repo"


def snake(text: str) -> str:
    """A lower-case identifier made of the words in `text`."""
    return "_".join(_WORDS.findall(text)).lower() or "unnamed"


def plan_names(ir: Application) -> dict[str, EntityNames]:
    """The names of every entity, by FQN."""
    constants, pascals, snakes = Taken({"ENTITIES"}), Taken(), Taken()
    return {
        entity.fqn: EntityNames(
            snake=snakes.claim(snake(entity.name)),
            constant=constants.claim(_constant(entity)),
            pascal=pascals.claim(names.pascal(entity.name) or "Unnamed"),
        )
        for entity in ir.entities
    }


def constants_of(entity_names: Iterable[EntityNames]) -> Taken:
    """A scope in which the entities' constants are taken."""
    return Taken({"ENTITIES", *(n.constant for n in entity_names)})


def _constant(entity: Entity) -> str:
    return names.constant(entity.name) or "UNNAMED"
