"""A field has one of the types of the language.

## Why

A field has one of the types of the language. The help lists them.

## Example

```yaml
type: strng
```

## Instead

```yaml
type: string
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("entity/unknown-field-type", Severity.ERROR, "unknown type `{value}`")
