"""A search looks at a field that holds no text.

## Why

Full-text search looks for words. A number, a date or an object has none, so that the field
would never be found by.

## Example

```yaml
fields:
  count: {type: integer}
search: [count]
```

## Instead

```yaml
fields:
  title: {type: string}
search: [title]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.types import TEXTUAL

RULE = Rule(
    "entity/search-without-text",
    Severity.ERROR,
    "the search of `{entity}` looks at `{field}`, which holds no text",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields of every search."""
    for entity in subject.entities:
        fields = subject.fields_of(entity.fqn) or {}
        for number, name in enumerate(entity.search):
            field = fields.get(name)
            if field is not None and field.type not in TEXTUAL:
                yield RULE.at(
                    entity.origin.at("search", number),
                    label=f"is of type `{field.type}`",
                    help="search looks at fields of type `string`, `text` and `email`",
                    entity=entity.fqn,
                    field=name,
                )
