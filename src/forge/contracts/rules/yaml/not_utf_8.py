"""Contracts are UTF-8.

## Why

Contracts are UTF-8. Save the file in that encoding.

## Example

```yaml
(a file in UTF-16)
```

## Instead

```yaml
(the same file in UTF-8)
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/not-utf-8", Severity.ERROR, "the file is not UTF-8 (byte {detail})")
