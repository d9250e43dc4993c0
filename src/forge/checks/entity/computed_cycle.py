"""Computed fields need each other in a circle.

## Why

A computed field is worked out when the fields that its expression reads are known. In a
circle each waits for another one, and a field that reads itself has no value to begin
with.

## Example

```yaml
net: {type: decimal, computed: gross - tax}
tax: {type: decimal, computed: gross - net}
```

## Instead

```yaml
net: {type: decimal, required: true}
tax: {type: decimal, computed: gross - net}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.cycles import cycles
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import reads

RULE = Rule(
    "entity/computed-cycle",
    Severity.ERROR,
    "the computed fields need each other in a circle: {cycle}",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The computed fields of every entity."""
    for entity in subject.entities:
        fields = {f.name: f for f in entity.expressions}
        graph = {name: reads(field) for name, field in fields.items()}
        for cycle in cycles(graph):
            first, *others = (fields[name] for name in cycle[:-1])
            yield RULE.at(
                first.origin.at("computed"),
                label="needs itself, at last",
                related=tuple(
                    Related(other.origin.at("computed"), "part of the circle")
                    for other in others
                ),
                help="let one of them be sent by the client, or compute it from other fields",
                cycle=" -> ".join(f"`{name}`" for name in cycle),
            )
