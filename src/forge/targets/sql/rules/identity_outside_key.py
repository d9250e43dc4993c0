"""SQLite counts only in a primary key of one integer.

## Why

`computed: identity` leaves the counting to the database. SQLite does that for the
primary key alone, and an app has to mean the same on every store.

## Example

```yaml
position: {type: integer, computed: identity}
```

## Instead

Make the field the primary key, or use `sequence({n:1})`, which the service counts.
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "target/sql/identity-outside-key",
    Severity.ERROR,
    "`{field}` of `{entity}` counts, but is not the primary key",
)
