"""The file exists, but reading it fails.

## Why

The file exists, but reading it fails. Check its permissions.

## Example

```yaml
(no permission)
```

## Instead

```yaml
(readable)
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/unreadable", Severity.ERROR, "the file cannot be read")
