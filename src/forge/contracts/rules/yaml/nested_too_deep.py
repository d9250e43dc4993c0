"""No contract nests this deep; the file is damaged or hostile.

## Why

No contract nests this deep; the file is damaged or hostile.

## Example

```yaml
[[[[[[...]]]]]]
```

## Instead

```yaml
[a, b]
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "yaml/nested-too-deep", Severity.ERROR, "nested more than {detail} levels deep"
)
