"""The key takes one of a few words, and this is none of them.

## Why

The key takes one of a few words, and this is none of them. The help lists them.

## Example

```yaml
on_delete: drop
```

## Instead

```yaml
on_delete: cascade
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "contract/unknown-value", Severity.ERROR, "{where} has the unknown value `{value}`"
)
