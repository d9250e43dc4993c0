"""What the condition language makes of fields."""

from __future__ import annotations

from forge.checks.subject import Subject
from forge.expressions import ValueType
from forge.ir.value_types import VALUE_TYPES


def value_types(subject: Subject, entity: str) -> dict[str, ValueType] | None:
    """The type of each field in an expression; `None` where the fields are not all known."""
    fields = subject.fields_of(entity)
    if fields is None:
        return None
    return {name: VALUE_TYPES[field.type] for name, field in fields.items()}
