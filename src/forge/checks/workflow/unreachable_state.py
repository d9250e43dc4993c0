"""No record ever comes to a state.

## Why

A record begins in the initial state and moves along the transitions. A state that no
way leads to is forgotten, or a transition to it is.

## Example

```yaml
initial: new
transitions: {new: [closed], held: [new]}
```

## Instead

```yaml
initial: new
transitions: {new: [held, closed], held: [new]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.steps import possible
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.workflows import Workflow

RULE = Rule(
    "workflow/unreachable-state",
    Severity.WARNING,
    "no way leads from `{initial}` to the state `{state}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The states of every workflow whose beginning is known."""
    for workflow in subject.own_workflows:
        if workflow.state(workflow.initial) is None:
            continue
        reached = _reached(workflow)
        for state in workflow.states:
            if state.name not in reached:
                yield RULE.at(
                    state.origin.span,
                    label="never reached",
                    help=f"add a transition to `{state.name}`, or take the state away",
                    initial=workflow.initial,
                    state=state.name,
                )


def _reached(workflow: Workflow) -> set[str]:
    ahead: dict[str, list[str]] = {}
    for source, target in possible(workflow):
        ahead.setdefault(source, []).append(target)
    found, waiting = {workflow.initial}, [workflow.initial]
    while waiting:
        for target in ahead.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found
