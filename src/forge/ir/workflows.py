"""Workflows: states, transitions, guards and effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, TypeAlias

from forge.expressions import Expression
from forge.ir.origin import BUILT_IN, Origin
from forge.ir.types import Category

ANY_STATE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    name: str
    label: str
    category: Category = Category.OPEN
    terminal: bool = False
    color: str | None = None
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A step that is possible."""

    source: str
    target: str
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition in CEL: the tree, and the text it was parsed from."""

    text: str
    expression: Expression | None
    """`None` where the text does not parse; a rule reports why."""
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must hold before a transition. `source` may be `*`."""

    source: str
    target: str
    require_fields: tuple[str, ...] = ()
    condition: Condition | None = None
    roles: tuple[str, ...] = ()
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """Store a value: a literal, `now`, `today`, `current_user`, `uuid`, or CEL after `=`."""

    field: str
    value: Any = None
    keyword: str | None = None
    """`now`, `today`, `current_user` or `uuid` where the value is one of these words."""
    expression: Expression | None = None
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmitEvent:
    """Write an event to the outbox."""

    name: str
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Run a function of the domain's behaviors."""

    function: str
    module: str | None = None
    """The module below `behaviors/` that holds it, where that is found."""
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


Effect: TypeAlias = SetField | EmitEvent | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffects:
    """What happens with a transition. `source` and `target` may be `*`."""

    source: str
    target: str
    effects: tuple[Effect, ...]
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """A state machine."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    guards: tuple[Guard, ...] = ()
    side_effects: tuple[SideEffects, ...] = ()
    type_overrides: Mapping[str, tuple[Transition, ...]] = attribute(
        default_factory=dict
    )
    """Value of the entity's `type` field -> the transitions that hold instead, by source state."""
    origin: Origin = attribute(default=BUILT_IN, compare=False, repr=False)

    def state(self, name: str) -> State | None:
        """The state called `name`."""
        return next((s for s in self.states if s.name == name), None)

    def targets(self, source: str) -> tuple[str, ...]:
        """The states that `source` may go to, in the contract's order."""
        return tuple(t.target for t in self.transitions if t.source == source)

    def effects(self, source: str, target: str) -> tuple[Effect, ...]:
        """What happens on `source -> target`, in the contract's order."""
        found: list[Effect] = []
        for entry in self.side_effects:
            if entry.source in (source, ANY_STATE) and entry.target in (
                target,
                ANY_STATE,
            ):
                found += entry.effects
        return tuple(found)

    def guards_of(self, source: str, target: str) -> tuple[Guard, ...]:
        """What must hold for `source -> target`."""
        return tuple(
            g
            for g in self.guards
            if g.source in (source, ANY_STATE) and g.target in (target, ANY_STATE)
        )
