"""A fully qualified name reads `kind/domain/name`, lower case: `entity/helpdesk/ticket`.

## Why

A fully qualified name reads `kind/domain/name`, lower case: `entity/helpdesk/ticket`.

## Example

```yaml
entity: helpdesk.Ticket
```

## Instead

```yaml
entity: entity/helpdesk/ticket
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "contract/bad-fqn",
    Severity.ERROR,
    "`{value}` is not a fully qualified name of {what}",
)
