"""There are seven kinds of contract: Entity, Workflow, Route, Page, Agent, Mixin and Infra.

## Why

There are seven kinds of contract: Entity, Workflow, Route, Page, Agent, Mixin and
Infra.

## Example

```yaml
kind: Entitiy
```

## Instead

```yaml
kind: Entity
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/unknown-kind", Severity.ERROR, "unknown kind `{value}`")
