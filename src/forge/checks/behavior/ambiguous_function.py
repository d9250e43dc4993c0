"""A contract names a function that several modules define.

## Why

A name stands for the function of `behaviors/<entity>.py`, or else for the only function
of that name below `behaviors/`. Of two in other modules neither comes first.

## Example

```yaml
# behaviors/mail.py and behaviors/chat.py both define `notify`
- {emit_event: closed, call: notify}
```

## Instead

```yaml
# behaviors/mail.py defines `notify_by_mail`
- {emit_event: closed, call: notify_by_mail}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.behaviors import uses
from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "behavior/ambiguous-function",
    Severity.ERROR,
    "`{name}` is a function of several modules: {modules}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every function that a contract names."""
    for use in uses(subject):
        if len(use.found) > 1:
            yield RULE.at(
                use.place,
                label="which one?",
                related=tuple(Related(f.span, "one of them") for f in use.found),
                help=f"rename one, or move it to `behaviors/{use.entity}.py`",
                name=use.name,
                modules=listed(f.module for f in use.found),
            )
