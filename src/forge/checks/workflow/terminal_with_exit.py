"""A terminal state has a way out.

## Why

`terminal` says that a record is finished: pages and clients show it so. A transition
out of the state says the opposite.

## Example

```yaml
states: {new: {}, closed: {terminal: true}}
transitions: {new: [closed], closed: [new]}
```

## Instead

```yaml
states: {new: {}, closed: {category: closed}}
transitions: {new: [closed], closed: [new]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.steps import every_transition
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "workflow/terminal-with-exit",
    Severity.WARNING,
    "the state `{state}` is terminal, but records can leave it",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The terminal states of every workflow."""
    for workflow in subject.own_workflows:
        exits = {t.source: t for t in every_transition(workflow)}
        for state in workflow.states:
            if state.terminal and state.name in exits:
                way = exits[state.name].origin.span
                yield RULE.at(
                    state.origin.key_at("terminal"),
                    label="an end",
                    related=(Related(way, "a way out"),),
                    help="take `terminal` or the transition away",
                    state=state.name,
                )
