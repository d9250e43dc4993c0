"""Two entities would give generated code one name.

## Why

An entity `ticket` gives the classes `Ticket`, `TicketCreate`, `TicketUpdate` and more.
An entity `ticket_create` would give `TicketCreate` again, and one of the two would get
a name that nobody expects.

## Example

```yaml
metadata: {name: ticket_update, domain: helpdesk}
```

## Instead

```yaml
metadata: {name: ticket_change, domain: helpdesk}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "entity/name-collision",
    Severity.ERROR,
    "`{entity}` gives the name `{name}`, which `{other}` gives too",
)

SUFFIXES = ("", "Create", "Update", "Replace", "Response", "State", "Repository")
"""What generated names add to that of an entity."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The names that entities give."""
    own: dict[str, str] = {}
    entities = sorted(subject.app.entities, key=lambda e: (len(e.name), e.fqn))
    for entity in entities:
        name = pascal(entity.name)
        other = own.get(name)
        if other is not None:
            yield RULE.at(
                subject.place(entity.fqn),
                label=f"also `{name}`",
                related=(Related(subject.place(other), "the other entity"),),
                help="rename one of the two; `table` can keep the name of its table",
                entity=entity.fqn,
                name=name,
                other=other,
            )
            continue
        for suffix in SUFFIXES:
            own.setdefault(name + suffix, entity.fqn)


def pascal(name: str) -> str:
    """The class that generated code names after an entity."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
