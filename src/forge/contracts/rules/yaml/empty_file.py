"""The file is empty or holds only comments.

## Why

The file is empty or holds only comments. Delete it, or write the contract.

## Example

```yaml
# to do
```

## Instead

```yaml
apiVersion: specora.dev/v1
kind: Entity
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule("yaml/empty-file", Severity.ERROR, "the file holds no contract")
