"""The Python types of a field's values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from forge.emit import Code
from forge.emit.decimals import decimal_text
from forge.emit.literals import py
from forge.ir.entities import Field
from forge.ir.types import FieldType

_TEXT, _JSON = Code("str"), Code("_types.JsonValue")
_OBJECT = Code("dict[str, _types.JsonValue]")
_SHARED: Final[dict[FieldType, Code]] = {
    FieldType.INTEGER: Code("int"),
    FieldType.NUMBER: Code("float"),
    FieldType.BOOLEAN: Code("bool"),
    FieldType.JSON: _JSON,
    FieldType.ARRAY: Code("list[_types.JsonValue]"),
    FieldType.OBJECT: _OBJECT,
}
_ANSWERED: Final = dict.fromkeys(FieldType, _TEXT) | _SHARED
_SENT: Final = _ANSWERED | {
    FieldType.DECIMAL: Code("_types.DecimalInput"),
    FieldType.UUID: Code("_types.UuidInput"),
    FieldType.DATETIME: Code("_types.DatetimeInput"),
    FieldType.DATE: Code("_types.DateInput"),
    FieldType.TIME: Code("_types.TimeInput"),
    FieldType.BINARY: Code("_types.BinaryInput"),
}


@dataclass(frozen=True, slots=True)
class TypePrinter:
    """Prints the types of one entity's fields."""

    enums: Mapping[str, Code] = field(default_factory=dict)
    """Names of the enums' types, by field."""

    def answered(self, field: Field) -> Code:
        """The type of what the service answers, null aside."""
        return self._type(field, _ANSWERED)

    def sent(self, field: Field) -> Code:
        """The type of what a client may send, null aside."""
        return self._type(field, _SENT)

    def filtered(self, field: Field, operators: tuple[str, ...]) -> Code:
        """The type of the conditions on a field in a list."""
        if operators == ("null",):
            return Code("_types.PresenceFilter")
        if field.type is FieldType.ARRAY:
            return Code(f"_types.ElementFilter[{self._element(field, _SENT)}]")
        kind = "ValueFilter"
        if "contains" in operators:
            kind = "TextFilter"
        elif "gt" in operators:
            kind = "OrderFilter"
        return Code(f"_types.{kind}[{self._type(field, _SENT)}]")

    def _type(self, field: Field, plain: Mapping[FieldType, Code]) -> Code:
        if field.type is FieldType.ARRAY:
            return Code(f"list[{self._element(field, plain)}]")
        return self._enum(field, plain) or plain[field.type]

    def _element(self, field: Field, plain: Mapping[FieldType, Code]) -> Code:
        kind = field.items_type or FieldType.JSON
        return self._enum(field, plain) or plain[kind]

    def _enum(self, field: Field, plain: Mapping[FieldType, Code]) -> Code | None:
        decimal = FieldType.DECIMAL in (field.type, field.items_type)
        return None if decimal and plain is _SENT else self.enums.get(field.name)


def values_of(field: Field) -> tuple[Code, ...] | None:
    """The values of an enum; `None` where no literal type holds them, as with fractions."""
    values: tuple[object, ...] = field.enum
    if FieldType.DECIMAL in (field.type, field.items_type):
        scale = field.constraints.scale
        values = tuple(decimal_text(value, scale) for value in field.enum)
    if not values or any(isinstance(value, float) for value in values):
        return None
    return tuple(map(py, values))


def literal(values: Iterable[Code]) -> Code:
    """The type of these values alone."""
    return Code(f"typing.Literal[{', '.join(values)}]")
