"""A reference points to fields that are no key, so a database cannot enforce it.

## Why

A foreign key needs a primary key or a unique key on what it refers to.
Without one PostgreSQL refuses the schema.

## Example

```yaml
references: {entity: entity/shop/country, field: name}
```

## Instead

Declare `unique: true` on `name` of the entity referred to, or refer to its key.
"""

from forge.diagnostics import Rule, Severity

RULE = Rule(
    "target/sql/reference-without-key",
    Severity.ERROR,
    "`{fields}` of `{entity}` is referred to, but is not unique",
)
