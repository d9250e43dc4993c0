"""The file is not YAML.

## Why

The file is not YAML. Nothing in it can be read until the place is mended.

## Example

```yaml
name: [a, b
```

## Instead

```yaml
name: [a, b]
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/syntax", Severity.ERROR, "not valid YAML: {detail}")
