"""The steps of workflows, as rules look at them."""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import inside
from forge.ir.origin import Origin
from forge.ir.workflows import ANY_STATE, Guard, SideEffects, Transition, Workflow
from forge.source import Span

Step = tuple[str, str]


def every_transition(workflow: Workflow) -> Iterator[Transition]:
    """The transitions of all records, then those of each type."""
    yield from workflow.transitions
    for transitions in workflow.type_overrides.values():
        yield from transitions


def possible(workflow: Workflow) -> frozenset[Step]:
    """Every step that some record may take."""
    return frozenset((t.source, t.target) for t in every_transition(workflow))


def matches(entry: Guard | SideEffects, steps: frozenset[Step]) -> bool:
    """Whether what an entry says applies to any step."""
    return any(
        entry.source in (source, ANY_STATE) and entry.target in (target, ANY_STATE)
        for source, target in steps
    )


def names_known_states(entry: Guard | SideEffects, workflow: Workflow) -> bool:
    """Whether the states that an entry names exist."""
    return all(
        name == ANY_STATE or workflow.state(name)
        for name in (entry.source, entry.target)
    )


def named_states(origin: Origin) -> Iterator[tuple[str, Span]]:
    """The states in a key such as `new -> closed`, each with its place; `*` is none."""
    key = origin.key
    if key is None:
        return
    source, arrow, target = key.text.partition("->")
    if not arrow:
        return
    for part, start in ((source, 0), (target, len(source) + len(arrow))):
        name = part.strip()
        first = start + len(part) - len(part.lstrip())
        span = inside(key, first, first + len(name))
        if name != ANY_STATE and span is not None:
            yield name, span
