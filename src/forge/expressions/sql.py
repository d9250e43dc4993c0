"""Expressions as SQL for a CHECK constraint, or None where SQL would mean something else.

`column` gives the stored form of a field as one operand: booleans as SQL's own, texts as texts.
SQLite has no type for times: there they are fixed-width UTC texts, whose order is time's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal as OneOf
from typing import TypeAlias

from forge.expressions.check import result_type, unify
from forge.expressions.functions import NUMERIC, TEMPORAL, ValueType
from forge.expressions.sql_functions import FUNCTION_PRINTERS
from forge.expressions.sql_text import (
    Refused,
    Sql,
    bounded,
    duration_literal,
    text_literal,
)
from forge.expressions.sql_times import temporal_literal
from forge.expressions.tree import (
    Binary,
    Call,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    Member,
    Name,
    Unary,
    is_null,
)

Dialect: TypeAlias = OneOf["postgres", "sqlite"]

ANY, NULL, TEXT = ValueType.ANY, ValueType.NULL, ValueType.TEXT
INTEGER, NUMBER, DECIMAL = ValueType.INTEGER, ValueType.NUMBER, ValueType.DECIMAL
_COMPARISONS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LOGIC = {"&&": "AND", "||": "OR"}


def to_sql(
    expression: Expression,
    dialect: Dialect,
    column: Callable[[str], str],
    fields: Mapping[str, ValueType],
) -> str | None:
    """One SQL expression with the meaning that the Python runtime gives it.

    None where there is no such expression: the user, the clock, patterns, lists in a column,
    decimals in SQLite, and every operand whose type `fields` does not tell.

    >>> from forge.expressions.parser import parse
    >>> expression = parse("size(name) > 2 || closed")
    >>> fields = {"name": ValueType.TEXT, "closed": ValueType.BOOLEAN}
    >>> to_sql(expression, "sqlite", lambda name: name, fields)
    '(length(name) > 2) OR closed'
    """
    try:
        return SqlPrinter(dialect, column, fields).print(expression).text
    except Refused:
        return None


class SqlPrinter:
    """The walk over one tree; `Refused` leaves it from any depth."""

    def __init__(
        self,
        dialect: Dialect,
        column: Callable[[str], str],
        fields: Mapping[str, ValueType],
    ) -> None:
        self.dialect = dialect
        self._column = column
        self._fields = fields

    @property
    def postgres(self) -> bool:
        return self.dialect == "postgres"

    def type_of(self, node: Expression) -> ValueType:
        return result_type(node, self._fields)

    def print(self, node: Expression) -> Sql:
        return bounded(self._print(node))

    def atom(self, node: Expression) -> str:
        """The node as one operand, in parentheses where it needs them."""
        return self.print(node).operand

    def _print(self, node: Expression) -> Sql:
        match node:
            case Literal(value=value):
                return self._literal(value)
            case Name(name=name):
                if self.type_of(node) in (
                    ValueType.LIST,
                    ValueType.JSON,
                    ValueType.DURATION,
                ):
                    raise Refused
                return Sql(self._column(name))
            case ListLiteral() | Member():
                raise Refused
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
            case Conditional():
                return self._conditional(node)
            case Call():
                return self._call(node)

    def _literal(self, value: str | int | float | bool | None) -> Sql:
        if value is None:
            return Sql("NULL")
        if isinstance(value, str):
            return Sql(text_literal(value, self.dialect))
        if isinstance(value, bool):
            return Sql("TRUE" if value else "FALSE")
        text = repr(value)
        if isinstance(value, float) and self.postgres:
            # A bare 0.1 is an exact numeric there, and 0.1 + 0.2 = 0.3 would hold.
            return Sql(f"CAST({text} AS double precision)")
        return Sql(text, atomic=not text.startswith("-"))

    def _unary(self, node: Unary) -> Sql:
        if node.operator == "!":
            return Sql(f"NOT {self._truth(node.operand).operand}", atomic=False)
        if self.type_of(node) not in NUMERIC:
            raise Refused
        return Sql(f"-{self.number(node.operand, self.type_of(node))}", atomic=False)

    def _binary(self, node: Binary) -> Sql:
        if node.operator in _LOGIC:
            return self._logic(node)
        if node.operator == "in":
            return self._membership(node)
        if node.operator in _COMPARISONS:
            return self._comparison(node)
        return self._arithmetic(node)

    def _logic(self, node: Binary) -> Sql:
        left = self._truth(node.left)
        same = isinstance(node.left, Binary) and node.left.operator == node.operator
        text = left.text if same else left.operand
        return Sql(
            f"{text} {_LOGIC[node.operator]} {self._truth(node.right).operand}",
            atomic=False,
        )

    def _truth(self, node: Expression) -> Sql:
        if self.type_of(node) is not ValueType.BOOLEAN and not is_null(node):
            raise Refused
        return self.print(node)

    def _membership(self, node: Binary) -> Sql:
        if not isinstance(node.right, ListLiteral) or is_null(node.left):
            raise Refused
        if not node.right.items:
            return Sql("FALSE")
        pairs = [self._pair(node.left, item) for item in node.right.items]
        if len({left for left, _ in pairs}) > 1:
            raise Refused
        return Sql(
            f"{pairs[0][0]} IN ({', '.join(item for _, item in pairs)})", atomic=False
        )

    def _comparison(self, node: Binary) -> Sql:
        if is_null(node.left) or is_null(node.right):
            if node.operator not in ("==", "!="):
                raise Refused
            tested = node.left if is_null(node.right) else node.right
            test = "IS NULL" if node.operator == "==" else "IS NOT NULL"
            return Sql(f"{self.presence(tested)} {test}", atomic=False)
        left, right = self._pair(node.left, node.right)
        ordering = node.operator not in ("==", "!=")
        if ordering and self.postgres and self.type_of(node.left) is TEXT:
            # PostgreSQL orders texts by the database's collation unless told; we by code point.
            left, right = f'{left} COLLATE "C"', f'{right} COLLATE "C"'
        return Sql(f"{left} {_COMPARISONS[node.operator]} {right}", atomic=False)

    def presence(self, node: Expression) -> str:
        """An operand of a null test, which needs no type but JSON's, where null is a value."""
        if isinstance(node, Name) and self.type_of(node) is not ValueType.JSON:
            return self._column(node.name)
        return self.atom(node)

    def _pair(self, left: Expression, right: Expression) -> tuple[str, str]:
        """Both sides of a comparison, in forms that SQL compares as the runtime does."""
        types = self.type_of(left), self.type_of(right)
        if NULL in types or ANY in types:
            raise Refused
        if types[0] in NUMERIC and types[1] in NUMERIC:
            wanted = DECIMAL if DECIMAL in types else ANY
            return self.number(left, wanted), self.number(right, wanted)
        if unify(*types) is None:
            return self._mixed(left, right)
        if ValueType.DURATION in types and not self.postgres:
            raise Refused
        return self.atom(left), self.atom(right)

    def _mixed(self, left: Expression, right: Expression) -> tuple[str, str]:
        def side(node: Expression, other: Expression) -> str:
            if self.type_of(other) in TEMPORAL and isinstance(node, Literal):
                return temporal_literal(node.value, self.type_of(other), self.dialect)
            if self.postgres and self.type_of(node) is ValueType.UUID:
                return f"CAST({self.atom(node)} AS text)"
            return self.atom(node)

        types = {self.type_of(left), self.type_of(right)}
        literal = any(isinstance(node, Literal) for node in (left, right))
        if types != {ValueType.UUID, TEXT} and not (
            literal and TEXT in types and types & TEMPORAL
        ):
            raise Refused
        return side(left, right), side(right, left)

    def number(self, node: Expression, wanted: ValueType) -> str:
        """A number in the type that is counted with; ANY leaves it as it is."""
        found = self.type_of(node)
        if found not in NUMERIC:
            raise Refused
        if DECIMAL in (found, wanted) and not self.postgres:
            # SQLite counts with doubles, which cannot hold most decimals.
            raise Refused
        if found is NUMBER and wanted is DECIMAL:
            if isinstance(node, Literal):
                return f"({node.value!r})"
            return f"CAST(CAST({self.print(node).text} AS text) AS numeric)"
        if found is INTEGER and wanted is NUMBER:
            if isinstance(node, Literal):
                return self._literal(float(node.value or 0)).operand
            kind = "double precision" if self.postgres else "REAL"
            return f"CAST({self.print(node).text} AS {kind})"
        if found is INTEGER and wanted is INTEGER and self.postgres:
            # A bigint overflows with an error; a numeric goes on counting, as the runtime does.
            return f"CAST({self.print(node).text} AS numeric)"
        return self.atom(node)

    def _arithmetic(self, node: Binary) -> Sql:
        found = self.type_of(node)
        if found is TEXT:
            return Sql(
                f"{self.atom(node.left)} || {self.atom(node.right)}", atomic=False
            )
        if found in TEMPORAL:
            return self._times(node)
        if found not in NUMERIC:
            raise Refused
        left, right = self.number(node.left, found), self.number(node.right, found)
        if node.operator in ("/", "%"):
            return self._division(node, found, left, right)
        return Sql(f"{left} {node.operator} {right}", atomic=False)

    def _division(self, node: Binary, found: ValueType, left: str, right: str) -> Sql:
        if found is DECIMAL:
            # How many digits a quotient keeps is each engine's own choice.
            raise Refused
        divisor = f"NULLIF({right}, 0)"
        if self.postgres and found is INTEGER and node.operator == "/":
            return Sql(f"div({left}, {divisor})")
        return Sql(f"{left} {node.operator} {divisor}", atomic=False)

    def _times(self, node: Binary) -> Sql:
        operands = (node.left, node.right)
        types = {self.type_of(operand) for operand in operands}
        if not self.postgres or ValueType.DATE in types:
            raise Refused
        return Sql(
            f"{self.atom(node.left)} {node.operator} {self.atom(node.right)}",
            atomic=False,
        )

    def _conditional(self, node: Conditional) -> Sql:
        wanted = self.type_of(node)
        if wanted in (NULL, ANY):
            raise Refused
        then, otherwise = (
            self.branch(side, wanted) for side in (node.then, node.otherwise)
        )
        condition = self._truth(node.condition).text
        return Sql(f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END")

    def branch(self, node: Expression, wanted: ValueType) -> str:
        """One of two values of which SQL picks one: both in one type."""
        if wanted not in NUMERIC or is_null(node):
            return self.print(node).text
        return self.number(node, wanted)

    def _call(self, node: Call) -> Sql:
        if node.function == "duration":
            argument = node.arguments[0]
            if not self.postgres or not isinstance(argument, Literal):
                raise Refused
            return Sql(duration_literal(argument.value))
        printer = FUNCTION_PRINTERS.get(node.function)
        if printer is None or any(self.type_of(a) is NULL for a in node.arguments):
            raise Refused
        return printer(self, node)
