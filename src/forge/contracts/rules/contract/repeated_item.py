"""A list of names holds each name once.

## Why

A list of names holds each name once.

## Example

```yaml
enum: [low, low]
```

## Instead

```yaml
enum: [low, high]
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/repeated-item", Severity.ERROR, "`{value}` is listed twice")
