"""A function in `behaviors/` does not look as its contract needs it.

## Why

Handlers, hooks and functions that side effects call are `async` and are given their
arguments by position: the context first, then what the contract declares. A function that
an expression calls is plain, and is given values alone: its annotations say of which type.
Anything else would fail on every request, so it is found here, from the source, without
running it.

## Example

```yaml
# def boost(ctx): ...
- {method: POST, path: "/{id}/boost", handler: boost}
```

## Instead

```yaml
# async def boost(ctx: Context, record: Record) -> Record: ...
- {method: POST, path: "/{id}/boost", handler: boost}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.behaviors import problem_of, uses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.handlers import hook_signature

RULE = Rule(
    "behavior/wrong-signature",
    Severity.ERROR,
    "`{name}` in `behaviors/` does not fit: {problem}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every function that a contract names, and every hook."""
    for use in uses(subject):
        if len(use.found) == 1:
            function = use.found[0]
            problem = problem_of(function, use.signature)
            if problem:
                yield RULE.at(
                    use.place,
                    label="does not fit",
                    related=(Related(function.span, "the function"),),
                    help=f"write `{use.signature.declaration(use.name)}`",
                    name=use.name,
                    problem=problem,
                )
    yield from _hooks(subject)


def _hooks(subject: Subject) -> Iterator[Diagnostic]:
    behaviors = subject.app.behaviors
    for entity in subject.app.entities:
        module = behaviors.module(entity.name) if behaviors and entity.hooks else None
        for name in entity.hooks:
            function = module.function(name) if module else None
            signature = hook_signature(name)
            problem = problem_of(function, signature) if function else ""
            if function and problem:
                yield RULE.at(
                    function.span,
                    label="does not fit",
                    related=(Related(subject.place(entity.fqn), "the entity"),),
                    help=f"write `{signature.declaration(name)}`",
                    name=name,
                    problem=problem,
                )
