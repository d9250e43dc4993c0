"""YAML forbids tabs in indentation, because their width is a matter of taste.

## Why

YAML forbids tabs in indentation, because their width is a matter of taste. Indent with
spaces.

## Example

```yaml
fields:
<tab>name: {type: string}
```

## Instead

```yaml
fields:
  name: {type: string}
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/tab-indentation", Severity.ERROR, "a tab is used for indentation")
