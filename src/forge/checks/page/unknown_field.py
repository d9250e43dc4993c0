"""A page shows a field that its entity does not have.

## Why

Columns, cards, sections, filters and the fields that stand for a record are fields of
the page's entity.

## Example

```yaml
views: [{type: table, columns: [subject, prioritty]}]
```

## Instead

```yaml
views: [{type: table, columns: [subject, priority]}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.page_fields import shown_fields
from forge.checks.reporting import inside, unknown_field
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity

RULE = Rule("page/unknown-field", Severity.ERROR, "`{entity}` has no field `{field}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that every page names."""
    for page in subject.app.pages:
        fields = subject.fields_of(page.entity)
        if fields is None or page.fqn in subject.malformed:
            continue
        for node in shown_fields(subject, page):
            name = node.text.removeprefix("-")
            if name not in fields:
                start = len(node.text) - len(name)
                span = inside(node, start, len(node.text)) or node.span
                yield unknown_field(RULE, subject, page.entity, span, name)
