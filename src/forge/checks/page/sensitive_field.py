"""A page shows a sensitive field.

## Why

A sensitive field never leaves the service, so a page has nothing to show. It cannot be
sorted or filtered by either: the order alone would tell what it holds.

## Example

```yaml
views: [{type: table, columns: [email, password_hash]}]
```

## Instead

```yaml
views: [{type: table, columns: [email, role]}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.page_fields import shown_fields
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "page/sensitive-field",
    Severity.ERROR,
    "the page shows `{field}` of `{entity}`, which is sensitive",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that every page names."""
    for page in subject.app.pages:
        fields = subject.fields_of(page.entity)
        if fields is None or not any(f.sensitive for f in fields.values()):
            continue
        for node in shown_fields(subject, page):
            field = fields.get(node.text.removeprefix("-"))
            if field is not None and field.sensitive:
                sensitive = field.origin.key_at("sensitive")
                yield RULE.at(
                    node.span,
                    label="never sent",
                    related=(Related(sensitive, "sensitive"),),
                    help="take it off the page",
                    field=field.name,
                    entity=page.entity,
                )
