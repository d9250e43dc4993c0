"""A file holds one contract.

## Why

A file holds one contract. What follows a second `---` would be ignored, so it is
refused. Move it to a file of its own.

## Example

```yaml
kind: Entity
---
kind: Route
```

## Instead

```yaml
kind: Entity
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "yaml/several-documents", Severity.ERROR, "the file holds more than one document"
)
