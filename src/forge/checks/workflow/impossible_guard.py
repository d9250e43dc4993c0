"""A guard watches a step that no record can take.

## Why

Guards protect transitions. One that fits no transition protects nothing, while its
author believes it does.

## Example

```yaml
transitions: {new: [assigned], assigned: [closed]}
guards:
  "new -> closed": {require_fields: [resolution]}
```

## Instead

```yaml
transitions: {new: [assigned], assigned: [closed]}
guards:
  "assigned -> closed": {require_fields: [resolution]}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forge.checks.reporting import listed
from forge.checks.steps import Step, matches, names_known_states, possible
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.workflows import Guard, SideEffects, Workflow

RULE = Rule(
    "workflow/impossible-guard",
    Severity.ERROR,
    "no record can take the step `{step}` that this guards",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The guards of every workflow."""
    for workflow in subject.own_workflows:
        yield from impossible(RULE, workflow, workflow.guards)


def impossible(
    rule: Rule, workflow: Workflow, entries: Iterable[Guard | SideEffects]
) -> Iterator[Diagnostic]:
    """The entries that apply to no step."""
    steps = possible(workflow)
    for entry in entries:
        if names_known_states(entry, workflow) and not matches(entry, steps):
            step = f"{entry.source} -> {entry.target}"
            near = [f"{a} -> {b}" for a, b in sorted(_near(entry, steps))]
            yield rule.at(
                entry.origin.span,
                label="no such transition",
                help=f"there are {listed(near)}" if near else "",
                step=step,
            )


def _near(entry: Guard | SideEffects, steps: frozenset[Step]) -> set[Step]:
    """The steps from the same source or to the same target; all where there is none."""
    near = {s for s in steps if s[0] == entry.source or s[1] == entry.target}
    return near or set(steps)
