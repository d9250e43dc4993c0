"""The name of a table or a column has a character that does not print, or is too long.

## Why

A schema is compared line by line when a database is brought up to date, and PostgreSQL
cuts names after 63 bytes without an error. A line break, a control character, or more
than 63 bytes in a name would make the stored schema differ from the declared one.

## Example

```yaml
table: "tickets\\n"
```

## Instead

```yaml
table: tickets
```
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "target/sql/unprintable-name",
    Severity.ERROR,
    "`{name}` is no name for a {what} in a database",
)
