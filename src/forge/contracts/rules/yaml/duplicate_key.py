"""A mapping has one key twice.

## Why

A mapping has one key twice. YAML readers keep one of the two and drop the other
silently, so one of the two meanings would be lost.

## Example

```yaml
type: string
type: text
```

## Instead

```yaml
type: text
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/duplicate-key", Severity.ERROR, "key `{key}` occurs twice")
