"""Aliases repeat what they point to.

## Why

Aliases repeat what they point to. A few lines can expand to billions of values; the
reader stops early.

## Example

```yaml
b: [*a, *a, *a]
```

## Instead

```yaml
b: [x]
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "yaml/too-many-nodes",
    Severity.ERROR,
    "the file expands to more than {detail} values",
)
