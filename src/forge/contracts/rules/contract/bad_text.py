"""The text does not have the form that its place needs.

## Why

The text does not have the form that its place needs.

## Example

```yaml
base_path: tickets
```

## Instead

```yaml
base_path: /tickets
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/bad-text", Severity.ERROR, "`{value}` is not {what}")
