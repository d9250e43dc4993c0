"""The language has one version, `specora.dev/v1`.

## Why

The language has one version, `specora.dev/v1`.

## Example

```yaml
apiVersion: v1
```

## Instead

```yaml
apiVersion: specora.dev/v1
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/unknown-version", Severity.ERROR, "unknown apiVersion `{value}`")
