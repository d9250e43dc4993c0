"""A workflow has steps of its own for types of records that have no type.

## Why

`type_overrides` chooses the transitions by the value of the record's field `type`. An
entity without such a field, or whose `type` never has the value, never uses them.

## Example

```yaml
type_overrides:
  urgent: {transitions: {new: [closed]}}
# the entity has no field `type`
```

## Instead

```yaml
# in the entity
fields:
  type: {type: string, required: true, enum: [normal, urgent], default: normal}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "workflow/override-without-type",
    Severity.ERROR,
    "the steps of `{value}` are never used: {problem}",
)

TYPE = "type"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The types that workflows name, in each entity."""
    for workflow in subject.own_workflows:
        for value in workflow.type_overrides:
            for entity in subject.bound.get(workflow.fqn, ()):
                field = (subject.fields_of(entity.fqn) or {}).get(TYPE)
                if field is None:
                    problem = f"`{entity.fqn}` has no field `type`"
                elif field.enum and value not in field.enum:
                    problem = f"the `type` of `{entity.fqn}` never has this value"
                else:
                    continue
                legal = f"its values are {listed(field.enum)}" if field else ""
                yield RULE.at(
                    workflow.origin.key_at("type_overrides", value),
                    label="no such type",
                    related=(Related(subject.place(entity.fqn), "has this workflow"),),
                    help=legal or "give the entity a field `type` with an `enum`",
                    value=value,
                    problem=problem,
                )
                break
