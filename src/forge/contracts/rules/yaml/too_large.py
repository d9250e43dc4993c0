"""A contract is a page or two.

## Why

A contract is a page or two. A file of this size is something else with the wrong name.

## Example

```yaml
(10 MB)
```

## Instead

```yaml
(10 kB)
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/too-large", Severity.ERROR, "the file is larger than {detail} bytes")
