"""A search looks at a sensitive field.

## Why

A sensitive field never leaves the service. A search that looks at it tells, word by
word, what it holds.

## Example

```yaml
fields:
  notes: {type: text, sensitive: true}
search: [notes]
```

## Instead

```yaml
fields:
  notes: {type: text, sensitive: true}
  summary: {type: text}
search: [summary]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "entity/sensitive-search",
    Severity.ERROR,
    "the search of `{entity}` looks at `{field}`, which is sensitive",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields of every search."""
    for entity in subject.entities:
        fields = subject.fields_of(entity.fqn) or {}
        for number, name in enumerate(entity.search):
            field = fields.get(name)
            if field is not None and field.sensitive:
                sensitive = field.origin.key_at("sensitive")
                yield RULE.at(
                    entity.origin.at("search", number),
                    label="would give it away",
                    related=(Related(sensitive, "sensitive"),),
                    help="take it out of `search`",
                    entity=entity.fqn,
                    field=name,
                )
