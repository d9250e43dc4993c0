"""An empty list or mapping here has no meaning.

## Why

An empty list or mapping here has no meaning.

## Example

```yaml
fields: {}
```

## Instead

```yaml
fields: {name: {type: string}}
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("contract/too-few", Severity.ERROR, "{where} needs at least {count}")
