"""The TypeScript type of a field's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import assert_never

from forge.emit import Code
from forge.ir.entities import Field
from forge.ir.types import FieldType

_DECIMAL = Code("string | number")
"""What may be sent for a decimal."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The names of the types that belong to no entity."""

    page: Code
    problem: Code
    problem_error: Code
    json: Code
    links: Code
    query: Code
    record_query: Code
    bulk_results: Code
    inside_filter: Code
    sort_key: Code
    graph_query: Code
    graph: Code
    text_filter: Code
    order_filter: Code
    value_filter: Code
    element_filter: Code
    presence_filter: Code

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(str(getattr(self, one.name)) for one in fields(self))


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
        return self._type(field, decimal=_DECIMAL)

    def filtered(self, field: Field, operators: tuple[str, ...]) -> Code:
        """The type of the conditions on a field in a list."""
        if operators == ("null",):
            return self.shared.presence_filter
        if field.type is FieldType.ARRAY:
            return _of(self.shared.element_filter, self._element(field, _DECIMAL))
        kind = self.shared.value_filter
        if "contains" in operators:
            kind = self.shared.text_filter
        elif "gt" in operators:
            kind = self.shared.order_filter
        return _of(kind, self._type(field, decimal=_DECIMAL))

    def _type(self, field: Field, *, decimal: Code) -> Code:
        enum = self.enums.get(field.name)
        if field.type is FieldType.ARRAY:
            item = self._element(field, decimal)
            return Code(f"({item})[]" if "|" in item else f"{item}[]")
        return enum or self._plain(field.type, decimal)

    def _element(self, field: Field, decimal: Code) -> Code:
        enum = self.enums.get(field.name)
        if enum is not None or field.items_type is None:
            return enum or self.shared.json
        return self._plain(field.items_type, decimal)

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


def _of(generic: Code, argument: Code) -> Code:
    return Code(f"{generic}<{argument}>")
