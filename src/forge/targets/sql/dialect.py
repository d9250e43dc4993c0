"""What PostgreSQL and SQLite write differently in a schema, and what they share.

Every method returns finished SQL. A condition that a dialect cannot state is `None`: it
is left to the API, and the plan says so.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forge.emit.literals import Code, sql_name
from forge.ir.entities import Computed, Constraints, Field
from forge.ir.types import STRUCTURED, TEXTUAL, ComputedKind, FieldType
from forge.targets.sql import values

EMAIL_LENGTH = 254
"""Characters of an e-mail address, by RFC 5321."""

INDEX_BYTES = 2600
"""What the columns of one entry of a PostgreSQL index may take: a third of a page."""

_WIDTHS = {"int16": 16, "int32": 32}


@dataclass(frozen=True, slots=True)
class Condition:
    """What the schema checks of a column, for one key of the contract."""

    key: str
    sql: Code | None
    """`None` where the dialect cannot state it."""


class Dialect(ABC):
    """How one database writes types, literals, conditions and indexes."""

    name: str
    path: str
    """Where the schema goes."""
    table_end: Code
    """What closes a table."""
    counts_inline: bool
    """Whether a column that counts declares the primary key itself."""
    later_keys: bool
    """Whether a reference to a table further down needs a statement of its own."""
    holds_words: bool
    """Whether a column holds the words of full-text search; a table of their own does else."""
    length: str
    """The function that counts characters."""
    items: str
    """The function that counts the elements of a JSON array."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    @abstractmethod
    def type(self, field: Field) -> Code:
        """The type of a column."""

    @abstractmethod
    def identity(self) -> Code:
        """What makes the database count, behind the type."""

    @abstractmethod
    def text(self, value: str) -> Code:
        """A text literal on one line."""

    @abstractmethod
    def boolean(self, value: bool) -> Code:
        """A boolean literal."""

    @abstractmethod
    def decimal(self, value: object, scale: int | None) -> Code | None:
        """A decimal literal."""

    @abstractmethod
    def binary(self, value: bytes) -> Code:
        """A literal of bytes."""

    @abstractmethod
    def duration(self, value: str) -> Code:
        """A duration literal."""

    @abstractmethod
    def shape(self, column: Code, field: Field) -> Iterator[Condition]:
        """What every value of the type meets, as far as the column's type lets more in."""

    @abstractmethod
    def compared(self, column: Code, field: Field) -> Code | None:
        """The column as a number or time in order; `None` where there is no order."""

    @abstractmethod
    def bound(self, field: Field, limit: object) -> Code | None:
        """What `compared` is compared with."""

    @abstractmethod
    def matches(self, column: Code, regex: str) -> Code | None:
        """That the column contains a match."""

    @abstractmethod
    def digits(self, column: Code, limits: Constraints) -> Iterator[Condition]:
        """Digits of a decimal, as far as the type does not bound them."""

    @abstractmethod
    def octets(self, column: Code, field: Field) -> Code:
        """How many bytes a column holds."""

    @abstractmethod
    def members(
        self, column: Code, field: Field, legal: Sequence[object]
    ) -> Code | None:
        """That every element of an array is one of the legal ones."""

    @abstractmethod
    def index_method(self, fields: Sequence[Field]) -> Code | None:
        """The access method of an index, where it is not the default one."""

    @abstractmethod
    def index_term(self, field: Field, sharing: int) -> Code | None:
        """A column in an index of several; `None` leaves it out."""

    def literal(self, field: Field, value: object) -> Code | None:
        """The literal of a contract's value; `None` where it has none, as with `now`."""
        match field.type:
            case FieldType.STRING | FieldType.TEXT | FieldType.EMAIL:
                return self.text(str(value))
            case FieldType.INTEGER:
                return Code(int(value)) if isinstance(value, int | float) else None
            case FieldType.NUMBER:
                return Code(float(value)) if isinstance(value, int | float) else None
            case FieldType.DECIMAL:
                return self.decimal(value, field.constraints.scale)
            case FieldType.BOOLEAN:
                return self.boolean(bool(value))
            case FieldType.BINARY:
                found = values.octets(value)
                return None if found is None else self.binary(found)
            case FieldType.DURATION:
                return self.duration(str(value))
            case FieldType.ARRAY | FieldType.OBJECT | FieldType.JSON:
                return self.text(values.json_text(value))
            case FieldType.DATETIME:
                return self._optional(values.moment_text(value))
            case FieldType.DATE:
                return self._optional(values.day_text(value))
            case FieldType.TIME:
                return self._optional(values.clock_text(value))
            case FieldType.UUID:
                return self._optional(values.uuid_text(value))

    def conditions(self, field: Field, legal: Sequence[object]) -> Iterator[Condition]:
        """All that the schema checks of a field; `legal` are the only values it takes."""
        column = sql_name(field.column)
        yield from self.shape(column, field)
        if legal:
            yield Condition("enum", self._one_of(column, field, legal))
        yield from self._range(column, field)
        if field.type is FieldType.DECIMAL:
            yield from self.digits(column, field.constraints)
        yield from self._lengths(column, field)
        if field.constraints.pattern is not None and field.type in TEXTUAL:
            yield Condition("pattern", self.matches(column, field.constraints.pattern))

    def _one_of(
        self, column: Code, field: Field, legal: Sequence[object]
    ) -> Code | None:
        if field.type is FieldType.ARRAY:
            return self.members(column, field, legal)
        literals = [self.literal(field, value) for value in legal]
        if field.type in STRUCTURED or None in literals:
            return None
        return Code(f"{column} IN ({', '.join(x for x in literals if x is not None)})")

    def _range(self, column: Code, field: Field) -> Iterator[Condition]:
        low, high = field.constraints.min, field.constraints.max
        if low is None and high is None:
            return
        key = "min" if high is None else "max" if low is None else "min, max"
        operand = self.compared(column, field)
        least = None if low is None else self.bound(field, low)
        most = None if high is None else self.bound(field, high)
        stated = (low is None or least is not None) and (
            high is None or most is not None
        )
        if operand is None or not stated:
            yield Condition(key, None)
        else:
            yield Condition(key, between(operand, least, most))

    def _lengths(self, column: Code, field: Field) -> Iterator[Condition]:
        limits = field.constraints
        if field.type is FieldType.ARRAY:
            least, most = limits.min_items, limits.max_items
            measured, key = Code(f"{self.items}({column})"), "minItems, maxItems"
        elif field.type is FieldType.BINARY:
            least, most = limits.min_length, limits.max_length
            measured, key = self.octets(column, field), "minLength, maxLength"
        elif field.type in TEXTUAL:
            least, most = limits.min_length, longest(field)
            measured, key = Code(f"{self.length}({column})"), "minLength, maxLength"
        else:
            return
        if least or most is not None:
            yield Condition(key, between(measured, number(least or None), number(most)))

    def _optional(self, text: str | None) -> Code | None:
        return None if text is None else self.text(text)


def between(operand: Code, least: Code | None, most: Code | None) -> Code:
    """That an operand lies within bounds, of which one at least is given.

    >>> between(Code("n"), Code("1"), Code("5"))
    Markup('n BETWEEN 1 AND 5')
    """
    if most is None:
        return Code(f"{operand} >= {least}")
    if least is None:
        return Code(f"{operand} <= {most}")
    return Code(f"{operand} BETWEEN {least} AND {most}")


def number(value: int | None) -> Code | None:
    """A whole number as SQL."""
    return None if value is None else Code(value)


def longest(field: Field) -> int | None:
    """Most characters of a text."""
    most = field.constraints.max_length
    if field.type is not FieldType.EMAIL:
        return most
    return EMAIL_LENGTH if most is None else min(most, EMAIL_LENGTH)


def integer_bits(field: Field) -> int:
    """Width of an integer."""
    return _WIDTHS.get(field.format or "", 64)


def unbounded(field: Field, room: int) -> bool:
    """Whether a value may take more than `room` bytes."""
    if field.enum or field.reference is not None or _short(field.computed):
        return False
    if field.type is FieldType.BINARY:
        most = field.constraints.max_length
        return most is None or most > room
    if field.type in TEXTUAL:
        characters = longest(field)
        return characters is None or characters * 4 > room
    return field.type in STRUCTURED


def _short(computed: Computed | None) -> bool:
    """Whether the service fills a field, and not with what somebody wrote."""
    return computed is not None and computed.kind is not ComputedKind.EXPRESSION
