"""Workflows: states and the steps between them, with what they need and do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from factory.explanation.page import Section, listed
from forge.ir.workflows import Call, Effect, EmitEvent, Guard, SetField, Workflow


def workflow_sections(workflow: Workflow) -> Iterator[Section]:
    """States, steps and what holds instead for some types."""
    states = tuple(
        (
            f"`{state.name}`",
            state.label,
            str(state.category),
            "yes" if state.terminal else "",
        )
        for state in workflow.states
    )
    text = f"A record begins as `{workflow.initial}`."
    yield Section("States", text, ("state", "label", "category", "end"), states)
    steps = tuple(
        (
            f"`{step.source}` → `{step.target}`",
            "; ".join(needs(workflow.guards_of(step.source, step.target))),
            "; ".join(effects(workflow.effects(step.source, step.target))),
        )
        for step in workflow.transitions
    )
    yield Section("Steps", "", ("step", "needs", "does"), steps)
    instead = tuple(
        (f"`{name}`", listed(f"{t.source} -> {t.target}" for t in transitions))
        for name, transitions in workflow.type_overrides.items()
    )
    yield Section("Steps of other types", "", ("type", "steps"), instead)


def needs(guards: Iterable[Guard]) -> Iterator[str]:
    """What must hold before a step."""
    for guard in guards:
        if guard.require_fields:
            yield f"{listed(guard.require_fields)} filled"
        if guard.condition is not None:
            yield f"`{guard.condition.text}`"
        if guard.roles:
            yield f"role {listed(guard.roles)}"


def effects(found: Iterable[Effect]) -> Iterator[str]:
    """What happens, in words."""
    for effect in found:
        match effect:
            case SetField():
                value = effect.keyword or effect.value
                yield f"sets `{effect.field}` to `{'null' if value is None else value}`"
            case EmitEvent():
                yield f"emits `{effect.name}`"
            case Call():
                yield f"calls `{effect.function}`"
