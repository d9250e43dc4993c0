"""The field that holds passwords is not marked as sensitive.

## Why

The service hashes passwords and never shows the hash, whatever the contract says. A
contract that does not say so misleads whoever reads it, and tools that rely on it.

## Example

```yaml
password_hash: {type: string, required: true}
```

## Instead

```yaml
password_hash: {type: string, required: true, sensitive: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.checks.users import users_of
from forge.diagnostics import Applicability, Diagnostic, Edit, Fix, Rule, Severity
from forge.ir.entities import Field
from forge.source import Mapping, Scalar, Span

RULE = Rule(
    "infra/password-field-not-sensitive",
    Severity.WARNING,
    "`{field}` of `{entity}` holds passwords, but is not `sensitive`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The password field of the user entity."""
    users = users_of(subject)
    field = users.field_of("password_field") if users is not None else None
    if users is None or field is None or _says_sensitive(field):
        return
    yield RULE.at(
        field.origin.span,
        label="holds passwords",
        help="say `sensitive: true`",
        fixes=_marked(field),
        field=field.name,
        entity=users.entity,
    )


def _says_sensitive(field: Field) -> bool:
    """What the contract says: the field itself is protected in any case."""
    node = field.origin.node
    value = node.get("sensitive") if isinstance(node, Mapping) else None
    return isinstance(value, Scalar) and value.value is True


def _marked(field: Field) -> tuple[Fix, ...]:
    node = field.origin.node
    if not isinstance(node, Mapping) or "sensitive" in node:
        return ()
    start = next(iter(node.keys.values())).span.start
    flow = node.span.start != start
    text = (
        "sensitive: true, " if flow else f"sensitive: true\n{' ' * (start.column - 1)}"
    )
    edit = Edit(Span(node.file, start, start), text)
    title = f"say that `{field.name}` is sensitive"
    return (Fix(title, (edit,), Applicability.SAFE),)
