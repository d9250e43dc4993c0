"""A file in `behaviors/` is no Python.

## Why

The files below `behaviors/` are copied into the service as they are. One that does not
parse would keep the whole service from starting.

## Example

```yaml
# behaviors/ticket.py: `async def boost(ctx, record:`
- {method: POST, path: "/{id}/boost", handler: boost}
```

## Instead

```yaml
# behaviors/ticket.py: `async def boost(ctx, record): ...`
- {method: POST, path: "/{id}/boost", handler: boost}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("behavior/syntax", Severity.ERROR, "this is no Python: {problem}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every file below `behaviors/`."""
    behaviors = subject.app.behaviors
    for module in behaviors.modules if behaviors else ():
        if module.fault:
            yield RULE.at(module.place, label="here", problem=module.fault)
