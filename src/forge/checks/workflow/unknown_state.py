"""A workflow names a state that it does not have.

## Why

The beginning, transitions, guards and side effects speak of the states under `states`.
A step to a state that does not exist can never be taken.

## Example

```yaml
states: {new: {}, closed: {terminal: true}}
transitions: {new: [close]}
```

## Instead

```yaml
states: {new: {}, closed: {terminal: true}}
transitions: {new: [closed]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import choices, guesses
from forge.checks.steps import named_states
from forge.checks.subject import Subject
from forge.contracts.facts import remembered
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.workflows import Guard, SideEffects, Transition, Workflow
from forge.source import Mapping, Node, Span

RULE = Rule("workflow/unknown-state", Severity.ERROR, "unknown state `{state}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every state that a workflow names."""
    for workflow in subject.own_workflows:
        states = [state.name for state in workflow.states]
        if set(states).issuperset(_names(subject, workflow)):
            continue
        for name, span in _named(workflow):
            if name not in states:
                yield RULE.at(
                    span,
                    label="no such state",
                    help=choices(name, states, "the states are"),
                    fixes=guesses(span, name, states),
                    state=name,
                )


def _names(subject: Subject, workflow: Workflow) -> tuple[str, ...]:
    """Every state that the workflow names, without the places that take its nodes."""
    contract = subject.contracts[workflow.fqn]
    return remembered(
        contract, RULE.name, lambda: tuple(name for name, _ in _named(workflow))
    )


def _named(workflow: Workflow) -> Iterator[tuple[str, Span]]:
    spec = workflow.origin.node
    yield workflow.initial, workflow.origin.at("initial")
    yield from _transitions(spec, workflow.transitions)
    overrides = spec.get("type_overrides") if isinstance(spec, Mapping) else None
    for name, transitions in workflow.type_overrides.items():
        node = overrides.get(name) if isinstance(overrides, Mapping) else None
        yield from _transitions(node, transitions)
    entries: tuple[Guard | SideEffects, ...] = (
        *workflow.guards,
        *workflow.side_effects,
    )
    for entry in entries:
        yield from named_states(entry.origin)


def _transitions(
    node: Node | None, transitions: tuple[Transition, ...]
) -> Iterator[tuple[str, Span]]:
    table = node.get("transitions") if isinstance(node, Mapping) else None
    if isinstance(table, Mapping):
        for source, key in table.keys.items():
            yield source, key.span
    for transition in transitions:
        yield transition.target, transition.origin.span
