"""Contracts hold plain values.

## Why

Contracts hold plain values. A tag asks the reader to build something else, which is how
YAML files run code.

## Example

```yaml
default: !!python/none ''
```

## Instead

```yaml
default: null
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "yaml/unknown-tag", Severity.ERROR, "tag `{detail}` is not used in contracts"
)
