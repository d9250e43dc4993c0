"""What the condition language makes of fields."""

from __future__ import annotations

from forge.checks.subject import Subject
from forge.expressions import ValueType
from forge.ir.types import FieldType

VALUE_TYPES = {
    FieldType.STRING: ValueType.TEXT,
    FieldType.TEXT: ValueType.TEXT,
    FieldType.EMAIL: ValueType.TEXT,
    FieldType.UUID: ValueType.UUID,
    FieldType.INTEGER: ValueType.INTEGER,
    FieldType.NUMBER: ValueType.NUMBER,
    FieldType.DECIMAL: ValueType.DECIMAL,
    FieldType.BOOLEAN: ValueType.BOOLEAN,
    FieldType.DATETIME: ValueType.DATETIME,
    FieldType.DATE: ValueType.DATE,
    FieldType.TIME: ValueType.TIME,
    FieldType.DURATION: ValueType.DURATION,
    FieldType.BINARY: ValueType.ANY,
    FieldType.ARRAY: ValueType.LIST,
    FieldType.OBJECT: ValueType.JSON,
    FieldType.JSON: ValueType.JSON,
}


def value_types(subject: Subject, entity: str) -> dict[str, ValueType] | None:
    """The type of each field in an expression; `None` where the fields are not all known."""
    fields = subject.fields_of(entity)
    if fields is None:
        return None
    return {name: VALUE_TYPES[field.type] for name, field in fields.items()}
