"""The language has no such key here.

## Why

The language has no such key here. Nothing that is written in a contract is ever
ignored, so a key that would have no effect is refused.

## Example

```yaml
requried: true
```

## Instead

```yaml
required: true
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/unknown-key", Severity.ERROR, "unknown key `{key}` in {where}")
