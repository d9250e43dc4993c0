"""The key has to be there; without it the contract has no meaning.

## Why

The key has to be there; without it the contract has no meaning.

## Example

```yaml
kind: Entity
metadata: {name: ticket}
```

## Instead

```yaml
kind: Entity
metadata: {name: ticket, domain: helpdesk}
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/missing-key", Severity.ERROR, "{where} lacks `{key}`")
