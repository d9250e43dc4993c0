"""A contract asks for something that the generated service does not do yet.

## Why

What a contract says is enforced or refused. A handler for a custom endpoint, a `call`
among side effects, `auto_fields` that fill a field which clients also set, `filters`
that narrow a list, and side effects of endpoints are read and checked, but the service
does not act on them.

## Example

```yaml
- {method: POST, path: "/{id}/escalate", handler: escalate}
```

## Instead

Express it with what is carried out (a workflow's transition, a computed field, a
validation rule), or write the endpoint in the application that mounts the service.
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "target/fastapi-prod/not-carried-out",
    Severity.WARNING,
    "the service does not carry out {what} yet",
)
