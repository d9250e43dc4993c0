"""A contract names a function that no file in `behaviors/` defines.

## Why

What a handler answers, what a side effect calls and what an expression calls beside the
functions of its language is a function of the domain's own: in `behaviors/<entity>.py`, or
else in any module below `behaviors/`. Without it the endpoint has no answer. `spc forge
behaviors` writes a stub for every function that is missing.

## Example

```yaml
# behaviors/ticket.py defines `boost`
- {method: POST, path: "/{id}/boost", handler: bost}
```

## Instead

```yaml
- {method: POST, path: "/{id}/boost", handler: boost}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.behaviors import uses
from forge.checks.reporting import guesses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity, nearest
from forge.expressions import spellings

RULE = Rule(
    "behavior/missing-function",
    Severity.ERROR,
    "`behaviors/` has no function `{name}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every function that a contract names."""
    behaviors = subject.app.behaviors
    if behaviors is None or any(module.fault for module in behaviors.modules):
        # A file that cannot be read may hold it.
        return
    names = sorted({f.name for m in behaviors.modules for f in m.functions})
    for use in uses(subject):
        if not use.found:
            known = names if use.signature.is_async else [*names, *spellings()]
            guess = nearest(use.name, known)
            hint = f"did you mean `{guess}`? " if guess else ""
            yield RULE.at(
                use.place,
                label="nothing has this name",
                help=f"{hint}`spc forge behaviors` writes "
                f"`{use.signature.declaration(use.name)}` in `behaviors/{use.entity}.py`",
                fixes=guesses(use.place, use.name, known),
                name=use.name,
            )
