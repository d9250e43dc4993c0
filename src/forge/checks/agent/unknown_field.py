"""An agent sees or changes a field that its entity does not have.

## Why

What an agent is shown and what it may change are fields of the entity it looks at.

## Example

```yaml
input: {entity: entity/helpdesk/ticket, fields: [subject, descripton]}
output: {updates: {priority: high}}
```

## Instead

```yaml
input: {entity: entity/helpdesk/ticket, fields: [subject, description]}
output: {updates: {priority: high}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import unknown_field
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.application import Agent
from forge.source import Span

RULE = Rule("agent/unknown-field", Severity.ERROR, "`{entity}` has no field `{field}`")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The fields that every agent names."""
    for agent in subject.app.agents:
        if agent.fqn in subject.malformed:
            continue
        entity = agent.spec["input"]["entity"]
        fields = subject.fields_of(entity)
        for name, span in _named(agent):
            if fields is not None and name not in fields:
                yield unknown_field(RULE, subject, entity, span, name)


def _named(agent: Agent) -> Iterator[tuple[str, Span]]:
    for number, name in enumerate(agent.spec["input"].get("fields") or ()):
        yield name, agent.origin.at("input", "fields", number)
    for name in agent.spec["output"]["updates"]:
        yield name, agent.origin.key_at("output", "updates", name)
