"""A function in `behaviors/` looks like a hook, but nothing ever calls it.

## Why

Hooks are `before_` and `after_` `create`, `update`, `delete`, `restore` and `transition`,
in the module named after their entity. Under any other name, or in a module that is named after
no entity, nothing calls them, and what they were to check goes unchecked.

## Example

```yaml
# behaviors/ticket.py: `async def befor_create(ctx, data)`
metadata: {name: ticket, domain: helpdesk}
```

## Instead

```yaml
# behaviors/ticket.py: `async def before_create(ctx, data)`
metadata: {name: ticket, domain: helpdesk}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from forge.checks.behaviors import uses
from forge.checks.reporting import choices, listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity, nearest
from forge.ir.behaviors import HOOKS, Function, Module
from forge.ir.entities import Entity

RULE = Rule(
    "behavior/unknown-hook", Severity.ERROR, "nothing calls `{name}`: {problem}"
)

_MOMENTS = ("before_", "after_")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every function below `behaviors/` that no contract names."""
    behaviors = subject.app.behaviors
    if behaviors is None or not behaviors.modules:
        return
    entities = {entity.name: entity for entity in subject.app.entities}
    named = {(f.module, f.name) for use in uses(subject) for f in use.found}
    for module in behaviors.modules:
        for function in module.functions:
            if (module.name, function.name) not in named:
                yield from _fault(function, module, entities)


def _fault(
    function: Function, module: Module, entities: dict[str, Entity]
) -> Iterator[Diagnostic]:
    found = _problem(function.name, module.name, entities)
    if found is not None:
        problem, advice = found
        yield RULE.at(
            function.span,
            label="never called",
            help=advice,
            name=function.name,
            problem=problem,
        )


def _problem(
    name: str, module: str, entities: dict[str, Entity]
) -> tuple[str, str] | None:
    """Why nothing calls a function, and what to do; `None` for one that is no hook."""
    if name not in HOOKS:
        advice = choices(name, HOOKS, "the hooks are")
        return ("it is no hook", advice) if _looks_like_one(name) else None
    entity = entities.get(module)
    if entity is None:
        guess = nearest(module, entities)
        hint = f"did you mean `behaviors/{guess}.py`? " if guess else ""
        advice = f"{hint}the entities are {listed(entities)}"
        return f"no entity is called `{module}`", advice
    if name.endswith("_transition") and entity.workflow_fqn is None:
        advice = "its hooks are those of create, update and delete"
        return f"`{module}` has no state machine", advice
    if name.endswith("_restore") and entity.soft_delete is None:
        advice = "give it the mixin `mixin/stdlib/soft_deletable`"
        return f"`{module}` is really deleted", advice
    return None


def _looks_like_one(name: str) -> bool:
    near = get_close_matches(name, HOOKS, n=1, cutoff=0.85)
    return name.startswith(_MOMENTS) or bool(near)
