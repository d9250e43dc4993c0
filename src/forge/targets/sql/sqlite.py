"""The schema as SQLite writes it: STRICT tables that hold what the runtime stores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from forge.emit.literals import Code, sql, sql_name
from forge.ir.entities import Constraints, Field
from forge.ir.types import STRUCTURED, FieldType
from forge.targets.sql import values
from forge.targets.sql.dialect import (
    Condition,
    Dialect,
    between,
    integer_bits,
    number,
)

_MOST_ESCAPED = 100
"""Characters in calls of `char`: SQLite bounds arguments and the depth of expressions."""

_TYPES = {
    FieldType.INTEGER: "INTEGER",
    FieldType.BOOLEAN: "INTEGER",
    FieldType.NUMBER: "REAL",
    FieldType.BINARY: "BLOB",
}
_SHAPES = {
    FieldType.BOOLEAN: "{0} IN (0, 1)",
    FieldType.UUID: "length({0}) = 36",
    FieldType.EMAIL: "{0} LIKE '_%@_%'",
    FieldType.DATETIME: "{0} GLOB '????-??-??T??:??:??.??????Z'",
    FieldType.DATE: "{0} GLOB '????-??-??'",
    FieldType.TIME: "{0} GLOB '??:??:??.??????'",
    FieldType.ARRAY: "json_type({0}) = 'array'",
    FieldType.OBJECT: "json_type({0}) = 'object'",
}
_PLAIN_ORDER = frozenset(
    {
        FieldType.INTEGER,
        FieldType.NUMBER,
        FieldType.DATETIME,
        FieldType.DATE,
        FieldType.TIME,
    }
)


class SqliteDialect(Dialect):
    """SQLite 3.37 and later."""

    name = "sqlite"
    path = "database/schema.sqlite.sql"
    table_end = Code(") STRICT")
    counts_inline = True
    later_keys = False
    holds_words = False
    length = "length"
    items = "json_array_length"

    def type(self, field: Field) -> Code:
        return Code(_TYPES.get(field.type, "TEXT"))

    def identity(self) -> Code:
        return Code("PRIMARY KEY AUTOINCREMENT")

    def text(self, value: str) -> Code:
        if value.isprintable():
            return sql(value)
        if sum(not c.isprintable() for c in value) > _MOST_ESCAPED:
            return Code(f"(CAST(X'{value.encode().hex().upper()}' AS TEXT))")
        runs = groupby(value, str.isprintable)
        pieces = [_run(printable, "".join(run)) for printable, run in runs]
        return Code(f"({' || '.join(pieces)})")

    def boolean(self, value: bool) -> Code:
        return Code(int(value))

    def decimal(self, value: object, scale: int | None) -> Code | None:
        return self._optional(values.decimal_text(value, scale))

    def binary(self, value: bytes) -> Code:
        return Code(f"X'{value.hex()}'")

    def duration(self, value: str) -> Code:
        return self.text(value)

    def shape(self, column: Code, field: Field) -> Iterator[Condition]:
        if field.type in STRUCTURED:
            # SQLite before 3.45 says that NULL is not valid JSON.
            valid = f"json_valid({column})"
            known = valid if field.required else f"({column} IS NULL OR {valid})"
            yield Condition("type", Code(known))
        if field.type in _SHAPES:
            yield Condition("type", Code(_SHAPES[field.type].format(column)))
        bits = integer_bits(field)
        if field.type is FieldType.INTEGER and bits < 64:
            low, high = -(1 << bits - 1), (1 << bits - 1) - 1
            yield Condition("format", between(column, number(low), number(high)))
        if field.items_type is not None and field.items_type is not FieldType.JSON:
            # A CHECK takes no subquery, without which elements cannot be looked at.
            yield Condition("items_type", None)

    def compared(self, column: Code, field: Field) -> Code | None:
        if field.type is FieldType.DECIMAL:
            # Rounding keeps the order, so that no legal value is refused.
            return Code(f"CAST({column} AS REAL)")
        return column if field.type in _PLAIN_ORDER else None

    def bound(self, field: Field, limit: object) -> Code | None:
        if field.type is FieldType.DECIMAL:
            text = self.decimal(limit, field.constraints.scale)
            return None if text is None else Code(f"CAST({text} AS REAL)")
        if field.type in (FieldType.INTEGER, FieldType.NUMBER):
            digits = values.decimal_text(limit, None)
            return None if digits is None else Code(digits)
        return self.literal(field, limit)

    def matches(self, column: Code, regex: str) -> Code | None:
        return None

    def digits(self, column: Code, limits: Constraints) -> Iterator[Condition]:
        point = f"instr({column} || '.', '.')"
        whole = f"length(ltrim(substr({column}, 1, {point} - 1), '-0'))"
        fraction = f"max(length({column}) - {point}, 0)"
        if limits.scale is not None:
            most = number(limits.scale)
            yield Condition("scale", between(Code(fraction), None, most))
        if limits.precision is None:
            return
        room = number(limits.precision - (limits.scale or 0))
        total = whole if limits.scale is not None else f"{whole} + {fraction}"
        yield Condition("precision", between(Code(total), None, room))

    def octets(self, column: Code, field: Field) -> Code:
        if field.type is FieldType.BINARY:
            return Code(f"length({column})")
        return Code(f"length(CAST({column} AS BLOB))")

    def members(
        self, column: Code, field: Field, legal: Sequence[object]
    ) -> Code | None:
        return None

    def index_method(self, fields: Sequence[Field]) -> Code | None:
        return None

    def index_term(self, field: Field, sharing: int) -> Code | None:
        return sql_name(field.column)


def _run(printable: bool, text: str) -> Code:
    if printable:
        return sql(text)
    return Code(f"char({', '.join(str(ord(c)) for c in text)})")
