"""A field or a table has a name that Python or PostgreSQL keeps for itself.

## Why

Generated code quotes every name, so nothing breaks. Whoever writes SQL or Python
against the data by hand has to quote it as well, each time, and sees odd errors where
it is forgotten.

## Example

```yaml
order: {type: integer}
```

## Instead

```yaml
position: {type: integer}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.words import POSTGRESQL, PYTHON
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.entities import Fields
from forge.source import Span

RULE = Rule(
    "entity/reserved-name",
    Severity.WARNING,
    "`{name}` is a reserved word of {language}, so people have to quote it",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The names of columns and tables that the contracts choose."""
    for entity in subject.written.entities:
        if entity.table in POSTGRESQL:
            yield _fault(entity.table, "PostgreSQL", entity.origin.at("table"))
    for fields in _fields(subject):
        for field in fields:
            name, column = field.name, field.column
            if name in PYTHON or (column == name and name in POSTGRESQL):
                languages = [
                    language
                    for language, words in (
                        ("Python", PYTHON),
                        ("PostgreSQL", POSTGRESQL),
                    )
                    if name in words
                ]
                yield _fault(name, " and ".join(languages), field.origin.span)
            elif column in POSTGRESQL:
                yield _fault(column, "PostgreSQL", field.origin.at("column"))


def _fields(subject: Subject) -> Iterator[Fields]:
    for entity in subject.written.entities:
        yield entity.fields
    for mixin in subject.written.mixins:
        yield mixin.fields


def _fault(name: str, language: str, span: Span) -> Diagnostic:
    return RULE.at(
        span,
        label="reserved",
        help="choose another name, or another `column` or `table`, if people read the data by hand",
        name=name,
        language=language,
    )
