"""A state has no way out and is not terminal.

## Why

A record that comes there stays for ever. Where that is meant, `terminal: true` or the
category `closed` says so: pages and clients then show the record as finished. Where it
is not, a transition is missing.

## Example

```yaml
states: {new: {}, closed: {}}
transitions: {new: [closed]}
```

## Instead

```yaml
states: {new: {}, closed: {terminal: true}}
transitions: {new: [closed]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.steps import possible
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Edit, Fix, Rule, Severity
from forge.ir.types import Category
from forge.ir.workflows import State
from forge.source import Mapping, Span

RULE = Rule(
    "workflow/dead-end-state",
    Severity.WARNING,
    "no way leads out of the state `{state}`, which is not terminal",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The states of every workflow."""
    for workflow in subject.own_workflows:
        left = {source for source, _ in possible(workflow)}
        for state in workflow.states:
            if state.name not in left and not _is_end(state):
                yield RULE.at(
                    state.origin.span,
                    label="records stay here",
                    help="add a transition, or say `terminal: true`",
                    fixes=_terminal(state),
                    state=state.name,
                )


def _is_end(state: State) -> bool:
    """Whether the contract says that records stay there."""
    return state.terminal or state.category is Category.CLOSED


def _terminal(state: State) -> tuple[Fix, ...]:
    node = state.origin.node
    if not isinstance(node, Mapping) or not node.keys or "terminal" in node:
        return ()
    start = next(iter(node.keys.values())).span.start
    flow = node.span.start != start
    text = "terminal: true, " if flow else f"terminal: true\n{' ' * (start.column - 1)}"
    edit = Edit(Span(node.file, start, start), text)
    return (Fix(f"say that `{state.name}` is terminal", (edit,)),)
