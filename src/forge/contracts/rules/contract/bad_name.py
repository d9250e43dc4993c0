"""Names are lower case, words joined by underscores, starting with a letter.

## Why

Names are lower case, words joined by underscores, starting with a letter. They become
tables, classes and paths, which have no room for anything else.

## Example

```yaml
name: Sla Policy
```

## Instead

```yaml
name: sla_policy
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/bad-name", Severity.ERROR, "`{value}` is not {what}")
