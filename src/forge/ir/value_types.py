"""What each type of field is in the condition language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from forge.expressions import ValueType
from forge.ir.types import FieldType

VALUE_TYPES: Final[Mapping[FieldType, ValueType]] = {
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
