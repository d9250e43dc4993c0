"""The number is outside of what the key allows.

## Why

The number is outside of what the key allows.

## Example

```yaml
maxLength: -1
```

## Instead

```yaml
maxLength: 80
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "contract/out-of-range", Severity.ERROR, "{where} is {value}, which is {problem}"
)
