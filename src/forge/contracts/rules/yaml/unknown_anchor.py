"""An alias needs an anchor above it, and may not stand inside its own value.

## Why

An alias needs an anchor with the same name above it, and may not stand inside that
anchor's own value.

## Example

```yaml
b: *missing
```

## Instead

```yaml
a: &found [x]
b: *found
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "yaml/unknown-anchor", Severity.ERROR, "alias `*{detail}` points to nothing"
)
