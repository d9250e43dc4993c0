"""Expressions as Python source, over the functions of the runtime module `ops`."""

from __future__ import annotations

from collections.abc import Mapping

from forge.expressions.check import result_type, unify
from forge.expressions.functions import ValueType
from forge.expressions.operations import (
    FUNCTION_OPERATIONS,
    OPERATIONS,
    UNARY_OPERATIONS,
)
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
    own_functions,
)

OWN = "own"
"""What the module with the functions of the domain's own is called in the source."""
_LAZY = {"&&": "and_then", "||": "or_else"}
_READERS = {
    ValueType.NUMBER: "ops.as_number({})",
    ValueType.DECIMAL: "ops.as_decimal({})",
    ValueType.DATETIME: "ops.as_datetime({})",
    ValueType.DATE: "ops.as_date({})",
    ValueType.TIME: "ops.as_time({})",
    ValueType.DURATION: "ops.duration({})",
    ValueType.UUID: "ops.string({})",
}
"""How a stored value becomes one to count with; a record may hold 5 in a number field."""

_WIDER = {ValueType.NUMBER: "as_number", ValueType.DECIMAL: "as_decimal"}


def to_python(
    expression: Expression, fields: Mapping[str, ValueType] | None = None
) -> str:
    """One Python expression over `record`, `user`, `ops` and `own`.

    With `fields`, a value whose stored form differs from its type is read first: a duration that
    is stored as text, a whole number in a number field. Expects an expression without problems.

    >>> from forge.expressions.parser import parse
    >>> to_python(parse("size(name) > 2"))
    'ops.gt(ops.size(record["name"]), 2)'
    """
    return _Printer(fields or {}).print(expression)


def quoted(text: str) -> str:
    """A text as a Python literal in double quotes where that needs no escape more."""
    literal = repr(text)
    if literal.startswith("'") and '"' not in literal:
        return '"' + literal[1:-1] + '"'
    return literal


class _Printer:
    def __init__(self, fields: Mapping[str, ValueType]) -> None:
        self._fields = fields

    def print(self, node: Expression) -> str:
        match node:
            case Literal(value=str(text)):
                return quoted(text)
            case Literal(value=value):
                return repr(value)
            case ListLiteral(items=items):
                return "[" + ", ".join(self.print(item) for item in items) + "]"
            case Name(name=name):
                reader = _READERS.get(self._fields.get(name, ValueType.ANY), "{}")
                return reader.format(f"record[{quoted(name)}]")
            case Member(root="old", name=name):
                return f"old[{quoted(name)}]"
            case Member(root=root, name=name):
                return f"{root}.{name}"
            case Unary(operator=operator, operand=operand):
                return f"ops.{UNARY_OPERATIONS[operator]}({self.print(operand)})"
            case Binary():
                return self._binary(node)
            case Conditional():
                return self._conditional(node)
            case Call(function=function, arguments=arguments):
                printed = ", ".join(self.print(argument) for argument in arguments)
                if node.own is not None:
                    return f"{OWN}.{node.own.alias}({printed})"
                return f"ops.{FUNCTION_OPERATIONS[function]}({printed})"

    def _binary(self, node: Binary) -> str:
        if node.operator in ("==", "!=") and (
            is_null(node.left) or is_null(node.right)
        ):
            tested = node.left if is_null(node.right) else node.right
            test = "is_null" if node.operator == "==" else "has"
            return f"ops.{test}({self.print(tested)})"
        left, right = self.print(node.left), self.print(node.right)
        if node.operator in _LAZY and any(own_functions(node.right)):
            # What others wrote may rely on what stands before it.
            return f"ops.{_LAZY[node.operator]}({left}, lambda: {right})"
        return f"ops.{OPERATIONS[node.operator]}({left}, {right})"

    def _conditional(self, node: Conditional) -> str:
        then, otherwise = (
            self._branch(node, node.then),
            self._branch(node, node.otherwise),
        )
        return f"({then} if ops.holds({self.print(node.condition)}) else {otherwise})"

    def _branch(self, node: Conditional, branch: Expression) -> str:
        """A branch in the type of the whole: `c ? 1 : 2.5` never gives an integer."""
        types = [
            result_type(side, self._fields) for side in (node.then, node.otherwise)
        ]
        common = unify(*types)
        own = result_type(branch, self._fields)
        printed = self.print(branch)
        reader = _WIDER.get(common or ValueType.ANY)
        if reader is None or own is common or own is ValueType.NULL:
            return printed
        return f"ops.{reader}({printed})"
