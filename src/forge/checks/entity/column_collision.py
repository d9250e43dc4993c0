"""Two fields of one entity share a column.

## Why

Each field has a column of its own. Databases differ in whether case counts in names, so
that it may not make the difference.

## Example

```yaml
name: {type: string}
full_name: {type: string, column: NAME}
```

## Instead

```yaml
name: {type: string}
full_name: {type: string}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Field

RULE = Rule(
    "entity/column-collision",
    Severity.ERROR,
    "the column `{column}` of `{field}` is already that of `{other}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The columns of every entity."""
    for entity in subject.entities:
        taken: dict[str, Field] = {}
        for field in entity.fields:
            first = taken.setdefault(field.column.lower(), field)
            if first is field:
                continue
            # The field that renames its column is the one to point at.
            field, first = sorted((field, first), key=lambda f: f.column == f.name)
            place = subject.place_of_field(entity.fqn, first)
            yield RULE.at(
                field.origin.at("column"),
                label="taken",
                related=(Related(place, f"`{first.name}`"),),
                help="choose another name under `column`",
                column=field.column,
                field=field.name,
                other=first.name,
            )
