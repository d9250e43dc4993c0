"""A list or a mapping cannot be a key in a contract.

## Why

A list or a mapping cannot be a key in a contract.

## Example

```yaml
? [a, b]
: c
```

## Instead

```yaml
ab: c
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/key-not-text", Severity.ERROR, "a key must be a single word or text")
