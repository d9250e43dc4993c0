"""Conditions on values inside objects, whose type is known only when a row is read.

A stored text compares as text, a stored number as a number where the wanted value is one,
a stored `true` or `false` with those words. What is missing, null or below something that
is no object is null. Keys are parameters, so no key can be read as anything else.
"""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from .dialect import Dialect
from .entity import Field
from .query import Op
from .wire import plain_decimal

Bind = Callable[[Any], int]
"""Adds a parameter; its number."""

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")
_LONGEST: Final = 400
_SIGNS: Final = {
    Op.EQ: "=",
    Op.GT: ">",
    Op.GTE: ">=",
    Op.LT: "<",
    Op.LTE: "<=",
}


def number_of(text: str) -> Decimal | None:
    """The number that `text` writes as JSON does; `None` where it writes none."""
    if len(text) > _LONGEST or _NUMBER.fullmatch(text) is None:
        return None
    try:
        return plain_decimal(Decimal(text))
    except ValueError:
        return None


class Nested(ABC):
    """The value that a path leads to, as operands of one dialect."""

    def __init__(self, field: Field, path: Sequence[str], bind: Bind) -> None:
        self.field = field
        self.path = path
        self.bind = bind

    @property
    @abstractmethod
    def given(self) -> str:
        """There is a value, and it is not null."""

    @abstractmethod
    def text(self, sign: str, value: str) -> str:
        """The value is a text that compares."""

    @abstractmethod
    def number(self, sign: str, value: Decimal) -> str:
        """The value is a number that compares."""

    @abstractmethod
    def boolean(self, value: str) -> str:
        """The value is this word of a boolean."""

    @abstractmethod
    def partial(self, op: Op, value: str) -> str:
        """The value is a text that contains, or starts or ends with, another."""

    def condition(self, op: Op, value: Any) -> str:
        """The condition of a filter."""
        match op:
            case Op.NULL:
                return f"NOT {self.given}" if value else self.given
            case Op.CONTAINS | Op.STARTSWITH | Op.ENDSWITH:
                return self.partial(op, value)
            case Op.IN:
                return self._any(value)
            case Op.NE | Op.NIN:
                unwanted = self._any(value if op is Op.NIN else (value,))
                return f"({self.given} AND ({unwanted}) IS NOT TRUE)"
            case Op.BETWEEN:
                return self._between(*value)
            case _:
                return self._compare(_SIGNS[op], value)

    def _any(self, values: Sequence[str]) -> str:
        return f"({' OR '.join(self._compare('=', value) for value in values)})"

    def _compare(self, sign: str, value: str) -> str:
        ways = [self.text(sign, value)]
        number = number_of(value)
        if number is not None:
            ways.append(self.number(sign, number))
        if sign == "=" and value in ("true", "false"):
            ways.append(self.boolean(value))
        return f"({' OR '.join(ways)})"

    def _between(self, low: str, high: str) -> str:
        texts = f"({self.text('>=', low)} AND {self.text('<=', high)})"
        least, most = number_of(low), number_of(high)
        if least is None or most is None:
            return texts
        numbers = f"({self.number('>=', least)} AND {self.number('<=', most)})"
        return f"({texts} OR {numbers})"


class PostgresNested(Nested):
    """Keys are operands of `->`, which looks inside objects only when it is given a text."""

    def __init__(
        self, field: Field, path: Sequence[str], bind: Bind, dialect: Dialect
    ) -> None:
        super().__init__(field, path, bind)
        keys = "".join(f" -> ${bind(key)}::text" for key in path)
        self._value = f"({dialect.column(field)}{keys})"
        self._plain = f"({self._value} #>> '{{}}')"

    @property
    def given(self) -> str:
        return f"(coalesce(jsonb_typeof({self._value}), 'null') <> 'null')"

    def _of(self, kind: str, operand: str) -> str:
        return f"CASE jsonb_typeof({self._value}) WHEN '{kind}' THEN {operand} END"

    def _text(self) -> str:
        return f'({self._of("string", self._plain)}) COLLATE "C"'

    def text(self, sign: str, value: str) -> str:
        return f"{self._text()} {sign} ${self.bind(value)}::text"

    def number(self, sign: str, value: Decimal) -> str:
        operand = self._of("number", f"{self._plain}::numeric")
        return f"({operand}) {sign} ${self.bind(value)}::numeric"

    def boolean(self, value: str) -> str:
        return f"({self._of('boolean', self._plain)}) = ${self.bind(value)}::text"

    def partial(self, op: Op, value: str) -> str:
        text, wanted = self._text(), f"${self.bind(value)}::text"
        if op is Op.CONTAINS:
            return f"strpos({text}, {wanted}) > 0"
        if op is Op.STARTSWITH:
            return f"starts_with({text}, {wanted})"
        return f"right({text}, length({wanted})) = {wanted}"


class SqliteNested(Nested):
    """Functions of the runtime look the path up: SQLite's own paths cannot hold every key."""

    def __init__(
        self, field: Field, path: Sequence[str], bind: Bind, dialect: Dialect
    ) -> None:
        super().__init__(field, path, bind)
        self._at = f"{dialect.column(field)}, ?{bind(json.dumps(list(path)))}"

    @property
    def given(self) -> str:
        return f"specora_json_given({self._at})"

    def _text(self) -> str:
        return f"specora_json_text({self._at})"

    def text(self, sign: str, value: str) -> str:
        return f"{self._text()} {sign} ?{self.bind(value)}"

    def number(self, sign: str, value: Decimal) -> str:
        wanted = f"?{self.bind(format(value, 'f'))}"
        return f"specora_json_number({self._at}) COLLATE DECIMAL {sign} {wanted}"

    def boolean(self, value: str) -> str:
        return f"specora_json_boolean({self._at}) = ?{self.bind(value)}"

    def partial(self, op: Op, value: str) -> str:
        text, wanted = self._text(), f"?{self.bind(value)}"
        if op is Op.CONTAINS:
            return f"instr({text}, {wanted}) > 0"
        if op is Op.STARTSWITH:
            return f"substr({text}, 1, length({wanted})) = {wanted}"
        return f"substr({text}, length({text}) - length({wanted}) + 1) = {wanted}"


def nested(field: Field, path: Sequence[str], bind: Bind, dialect: Dialect) -> Nested:
    """The value below `field` that `path` leads to."""
    kind = PostgresNested if dialect.name == "postgresql" else SqliteNested
    return kind(field, path, bind, dialect)
