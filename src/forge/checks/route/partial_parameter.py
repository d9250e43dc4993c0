"""A parameter is only a part of a step of a path.

## Why

What stands between two slashes is either a word or the value of a parameter. Of
`{id}.json` and `{id}:cancel` no path tells where the value ends.

## Example

```yaml
endpoints:
  - {method: POST, path: "/{id}:cancel", handler: cancel}
```

## Instead

```yaml
endpoints:
  - {method: POST, path: "/{id}/cancel", handler: cancel}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule(
    "route/partial-parameter",
    Severity.ERROR,
    "the step `{step}` of `{path}` is neither a word nor one parameter",
)

_WHOLE = re.compile(r"[^{}]*|\{[^{}]+\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The steps of every endpoint."""
    for route in subject.written.routes:
        for endpoint in route.endpoints:
            for step in endpoint.path.split("/"):
                if not _WHOLE.fullmatch(step):
                    yield RULE.at(
                        endpoint.origin.at("path"),
                        label="a part of a step",
                        help="give the parameter a step of its own",
                        step=step,
                        path=endpoint.path,
                    )
                    break
