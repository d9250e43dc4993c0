"""The TypeScript type of a field's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from forge.emit import Code
from forge.ir.entities import Field
from forge.ir.types import FieldType


@dataclass(frozen=True, slots=True)
class Shared:
    """The names of the types that belong to no entity."""

    page: Code
    problem: Code
    problem_error: Code
    json: Code
    links: Code

    def names(self) -> tuple[str, ...]:
        """All of them."""
        own = (self.page, self.problem, self.problem_error, self.json, self.links)
        return tuple(map(str, own))


@dataclass(frozen=True, slots=True)
class TypePrinter:
    """Prints the types of one entity's fields."""

    shared: Shared
    enums: Mapping[str, Code]
    """Names of the enums' types, by field."""

    def answered(self, field: Field) -> Code:
        """The type of what the service answers, null aside."""
        return self._type(field, decimal=Code("string"))

    def sent(self, field: Field) -> Code:
        """The type of what a client may send, null aside."""
        return self._type(field, decimal=Code("string | number"))

    def _type(self, field: Field, *, decimal: Code) -> Code:
        enum = self.enums.get(field.name)
        if field.type is FieldType.ARRAY:
            return self._array(field, enum, decimal)
        return enum or self._plain(field.type, decimal)

    def _array(self, field: Field, enum: Code | None, decimal: Code) -> Code:
        item = enum or self.shared.json
        if enum is None and field.items_type is not None:
            item = self._plain(field.items_type, decimal)
        return Code(f"({item})[]" if "|" in item else f"{item}[]")

    def _plain(self, type: FieldType, decimal: Code) -> Code:
        match type:
            case FieldType.INTEGER | FieldType.NUMBER:
                return Code("number")
            case FieldType.BOOLEAN:
                return Code("boolean")
            case FieldType.DECIMAL:
                return decimal
            case FieldType.JSON:
                return self.shared.json
            case FieldType.ARRAY:
                return Code(f"{self.shared.json}[]")
            case FieldType.OBJECT:
                return Code(f"{{ [name: string]: {self.shared.json} }}")
            case (
                FieldType.STRING
                | FieldType.TEXT
                | FieldType.EMAIL
                | FieldType.UUID
                | FieldType.DATETIME
                | FieldType.DATE
                | FieldType.TIME
                | FieldType.DURATION
                | FieldType.BINARY
            ):
                return Code("string")
        assert_never(type)
