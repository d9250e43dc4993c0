"""Two pages have one path.

## Why

A path leads to one page. Which of two it would be depends on the order of files.

## Example

```yaml
# page/helpdesk/tickets and page/helpdesk/board
route: /tickets
```

## Instead

```yaml
# page/helpdesk/board
route: /board
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Page

RULE = Rule(
    "page/path-collision",
    Severity.ERROR,
    "the path `{path}` is already that of `{other}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The path of every page."""
    taken: dict[str, Page] = {}
    for page in subject.app.pages:
        path = page.route.rstrip("/")
        first = taken.setdefault(path, page)
        if first is not page:
            yield RULE.at(
                page.origin.at("route"),
                label="taken",
                related=(Related(first.origin.at("route"), "first taken here"),),
                help="choose another `route`",
                path=page.route,
                other=first.fqn,
            )
