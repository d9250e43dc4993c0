"""The value is of another kind than the key asks for.

## Why

The value is of another kind than the key asks for. YAML 1.2 rules hold: `no`, `on` and
`22:22` are text, only `true` and `false` are booleans.

## Example

```yaml
required: no
```

## Instead

```yaml
required: false
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "contract/wrong-type", Severity.ERROR, "{where} must be {expected}, not {found}"
)
