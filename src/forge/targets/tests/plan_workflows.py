"""State machines as the tests declare them: guards with values that meet and break them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from forge.expressions import Binary, Expression
from forge.ir.application import Fill
from forge.ir.entities import Entity
from forge.ir.workflows import Effect, SetField
from forge.ir.workflows import Guard as IrGuard
from forge.ir.workflows import Workflow as IrWorkflow
from forge.targets.tests.conditions import solve
from forge.targets.tests.kit import declarations as kit

Step = tuple[str, str]
VARIANT_FIELD = "type"
_TIMES = ("now", "today")


def plan_workflow(
    entity: Entity, fields: Mapping[str, kit.Field]
) -> kit.Workflow | None:
    """The state machine of an entity."""
    workflow = entity.state_machine
    if workflow is None:
        return None
    steps = {s.name: workflow.targets(s.name) for s in workflow.states}
    variants = _variants(workflow) if VARIANT_FIELD in fields else {}
    every = [(s, t) for s, targets in steps.items() for t in targets]
    every += [
        (s, t)
        for tables in variants.values()
        for s, targets in tables.items()
        for t in targets
    ]
    guards = {
        step: _guard(guards, fields)
        for step in dict.fromkeys(every)
        if (guards := workflow.guards_of(*step))
    }
    effects = {
        step: effects_of(workflow.effects(*step)) for step in dict.fromkeys(every)
    }
    usual, possible = _usual(variants, fields)
    return kit.Workflow(
        field=entity.state_field,
        initial=workflow.initial,
        steps=steps,
        paths=_paths(workflow.initial, steps, guards) if possible else {},
        guards=guards,
        effects={step: found for step, found in effects.items() if found},
        variant_field=VARIANT_FIELD if variants else "",
        variants=variants,
        usual=usual,
    )


def _variants(workflow: IrWorkflow) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for value, transitions in workflow.type_overrides.items():
        table = found.setdefault(value, {})
        for one in transitions:
            table[one.source] = (*table.get(one.source, ()), one.target)
    return found


def _usual(
    variants: Mapping[str, Any], fields: Mapping[str, kit.Field]
) -> tuple[Any, bool]:
    """A value without steps of its own, and whether there is one."""
    if not variants:
        return None, True
    field = fields[VARIANT_FIELD]
    free = [value for value in field.enum if str(value) not in variants]
    if free:
        return free[0], True
    return None, not field.required and field.default is None


def _guard(guards: tuple[IrGuard, ...], fields: Mapping[str, kit.Field]) -> kit.Guard:
    """The guards of one step as one."""
    requires = tuple(dict.fromkeys(name for g in guards for name in g.require_fields))
    demands = [g.roles for g in guards if g.roles]
    roles = tuple(
        r for r in (demands[0] if demands else ()) if all(r in d for d in demands)
    )
    conditions = [g.condition for g in guards if g.condition is not None]
    trees = [c.expression for c in conditions if c.expression is not None]
    settable = {name: field for name, field in fields.items() if field.settable}
    holds: dict[str, Any] | None = {}
    fails: dict[str, Any] | None = None
    if trees:
        holds = solve(_conjunction(trees), True, settable)
        fails = solve(_conjunction(trees), False, settable)
    untestable = ""
    if holds is None:
        texts = " && ".join(c.text for c in conditions)
        untestable = f"no values were found that meet `{texts}`"
    elif any(holds.get(name, name) is None for name in requires):
        untestable = "the guard's condition and its fields exclude each other"
    elif demands and not roles:
        untestable = "no role is admitted"
    else:
        untestable = _unsettable(requires, fields)
    return kit.Guard(
        requires=requires,
        holds=holds or {},
        fails=fails,
        roles=roles,
        untestable=untestable,
    )


def _unsettable(requires: tuple[str, ...], fields: Mapping[str, kit.Field]) -> str:
    for name in requires:
        field = fields.get(name)
        if field is None:
            return f"there is no `{name}`"
        if field.untestable:
            return field.untestable
        if not field.settable and not field.required:
            return f"`{name}`, which the guard requires, is not set by clients"
    return ""


def _conjunction(trees: list[Expression]) -> Expression:
    first, *rest = trees
    for tree in rest:
        first = Binary("&&", first, tree)
    return first


def effects_of(effects: Iterable[Effect]) -> tuple[tuple[str, Any], ...]:
    """The fields that effects set, and to what."""
    return tuple(
        (effect.field, _stored(effect))
        for effect in effects
        if isinstance(effect, SetField)
    )


def _stored(effect: SetField) -> Any:
    """The literal or time that is stored; `ANY` for what the tests do not know."""
    if effect.keyword in _TIMES:
        return effect.keyword
    numbered = isinstance(effect, Fill) and effect.sequence is not None
    if effect.keyword is not None or effect.expression is not None or numbered:
        return kit.ANY
    return effect.value


def _paths(
    initial: str, steps: Mapping[str, tuple[str, ...]], guards: Mapping[Step, kit.Guard]
) -> dict[str, tuple[str, ...]]:
    """The shortest way to each state over steps whose guards the tests can meet."""
    found: dict[str, tuple[str, ...]] = {initial: ()}
    waiting = deque([initial])
    while waiting:
        source = waiting.popleft()
        for target in steps.get(source, ()):
            guard = guards.get((source, target))
            if target not in found and (guard is None or not guard.untestable):
                found[target] = (*found[source], target)
                waiting.append(target)
    return found
