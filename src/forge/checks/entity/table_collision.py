"""Two entities share a table, or one takes a table of the runtime.

## Why

Each entity has a table of its own. Databases differ in whether case counts in names, so
that it may not make the difference. Tables that begin with `specora_`, `auth_users` and
`auth_refresh_tokens` hold what the service keeps for itself.

## Example

```yaml
# entity/shop/client
table: customers
# entity/shop/customer has the table `customers`
```

## Instead

```yaml
# entity/shop/client
table: clients
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Entity
from forge.source import Span

RULE = Rule(
    "entity/table-collision",
    Severity.ERROR,
    "the table `{table}` of `{entity}` is already that of {other}",
)

RUNTIME_TABLES = frozenset({"auth_users", "auth_refresh_tokens"})
RUNTIME_PREFIX = "specora_"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The table of every entity."""
    taken: dict[str, Entity] = {}
    for entity in subject.app.entities:
        table = entity.table.lower()
        first = taken.setdefault(table, entity)
        runtime = table in RUNTIME_TABLES or table.startswith(RUNTIME_PREFIX)
        if first is entity and not runtime:
            continue
        other = "the service itself" if runtime else f"`{first.fqn}`"
        place = _place(subject, first)
        yield RULE.at(
            _place(subject, entity),
            label="taken",
            related=() if runtime else (Related(place, "first taken here"),),
            help="choose another name under `table`",
            table=entity.table,
            entity=entity.fqn,
            other=other,
        )


def _place(subject: Subject, entity: Entity) -> Span:
    """Where the table is named: by the entity's own name where it is left out."""
    node = subject.contracts[entity.fqn].spec.get("table")
    return subject.place(entity.fqn) if node is None else node.span
