"""An endpoint asks for something to which it gives no occasion.

## Why

What a contract says is enforced or refused. `filters` belong to a list, `validation`,
`auto_fields` and `side_effects` to an endpoint that writes, `request_body` to one that
reads a body. Elsewhere they are read and checked, but the service does not act on them.
Beside a `handler` they have no write of their own to go with: its function may write any
record, or none, so that it sets fields and emits events itself.

## Example

```yaml
- {method: GET, path: "/{id}", auto_fields: {seen_at: now}}
```

## Instead

```yaml
- {method: PATCH, path: "/{id}", auto_fields: {seen_at: now}}
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "target/fastapi-prod/not-carried-out",
    Severity.WARNING,
    "the service does not carry out {what}",
)
