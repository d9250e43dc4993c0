"""What the calls in expressions mean: functions of `behaviors/`, found by the entity."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from forge.expressions import Expression
from forge.ir.application import Endpoint, Validation
from forge.ir.entities import Entity, Field, Fields
from forge.ir.functions import OwnFunctions
from forge.ir.workflows import Guard, SetField, SideEffects, Workflow

Part = TypeVar("Part")
Set = TypeVar("Set", bound=SetField)


class Expressions:
    """Binds the expressions about one entity. What calls nothing of ours stays what it is."""

    def __init__(self, functions: OwnFunctions, entity: str) -> None:
        self._functions = functions
        self._entity = entity

    def of_entity(self, entity: Entity) -> Entity:
        """An entity with its computed fields and its state machine."""
        fields = _each(entity.fields, self._field)
        machine = entity.state_machine
        bound = machine and self._workflow(machine)
        if fields is entity.fields and bound is machine:
            return entity
        return replace(entity, fields=Fields(fields), state_machine=bound)

    def of_endpoint(self, endpoint: Endpoint) -> Endpoint:
        """An endpoint with its rules, its fills and its effects."""
        rules = _each(endpoint.validation, self._rule)
        fills = _each(endpoint.fills, self._set)
        effects = _each(endpoint.effects, self._effect)
        same = rules is endpoint.validation and fills is endpoint.fills
        if same and effects is endpoint.effects:
            return endpoint
        return replace(
            endpoint,
            validation=tuple(rules),
            fills=tuple(fills),
            effects=tuple(effects),
        )

    def _bound(self, expression: Expression) -> Expression:
        return self._functions.bound(expression, self._entity)

    def _field(self, field: Field) -> Field:
        computed = field.computed
        if computed is None or computed.expression is None:
            return field
        bound = self._bound(computed.expression)
        if bound is computed.expression:
            return field
        return replace(field, computed=replace(computed, expression=bound))

    def _workflow(self, workflow: Workflow) -> Workflow:
        guards = _each(workflow.guards, self._guard)
        entries = _each(workflow.side_effects, self._entry)
        if guards is workflow.guards and entries is workflow.side_effects:
            return workflow
        return replace(workflow, guards=tuple(guards), side_effects=tuple(entries))

    def _guard(self, guard: Guard) -> Guard:
        condition = guard.condition
        if condition is None or condition.expression is None:
            return guard
        bound = self._bound(condition.expression)
        if bound is condition.expression:
            return guard
        return replace(guard, condition=replace(condition, expression=bound))

    def _entry(self, entry: SideEffects) -> SideEffects:
        effects = _each(entry.effects, self._effect)
        if effects is entry.effects:
            return entry
        return replace(entry, effects=tuple(effects))

    def _effect(self, effect: Part) -> Part:
        return self._set(effect) if isinstance(effect, SetField) else effect

    def _set(self, effect: Set) -> Set:
        if effect.expression is None:
            return effect
        bound = self._bound(effect.expression)
        if bound is effect.expression:
            return effect
        return replace(effect, expression=bound)

    def _rule(self, rule: Validation) -> Validation:
        condition = rule.condition
        if condition.expression is None:
            return rule
        bound = self._bound(condition.expression)
        if bound is condition.expression:
            return rule
        return replace(rule, condition=replace(condition, expression=bound))


def _each(parts: Iterable[Part], change: Callable[[Part], Part]) -> Iterable[Part]:
    """Every part as `change` makes it; the very same parts where it changes none."""
    old = tuple(parts)
    new = tuple(map(change, old))
    same = all(one is other for one, other in zip(new, old, strict=True))
    return parts if same else new
