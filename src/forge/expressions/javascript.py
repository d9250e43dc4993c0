"""Expressions as JavaScript source, over the methods of an object `ops`.

JavaScript has one kind of number, so the printer says what the values are: integers divide with
`ops.quotient`, stored texts are read with `ops.asDecimal`, `ops.asDatetime` and their like.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from forge.expressions.check import result_type
from forge.expressions.functions import ValueType
from forge.expressions.operations import (
    FUNCTION_OPERATIONS,
    OPERATIONS,
    UNARY_OPERATIONS,
    camel_case,
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
)

_READERS = {
    ValueType.DECIMAL: "ops.asDecimal({})",
    ValueType.DATETIME: "ops.asDatetime({})",
    ValueType.DATE: "ops.asDate({})",
    ValueType.TIME: "ops.asTime({})",
    ValueType.DURATION: "ops.duration({})",
}


def to_javascript(
    expression: Expression, fields: Mapping[str, ValueType] | None = None
) -> str:
    """One JavaScript expression over `record`, `user` and `ops`.

    Expects that it calls functions of the language alone.

    >>> from forge.expressions.parser import parse
    >>> to_javascript(parse("code.startsWith('A') && has(owner)"))
    'ops.and(ops.startsWith(record["code"], "A"), ops.has(record["owner"]))'
    """
    return _Printer(fields or {}).print(expression)


def quoted(text: str) -> str:
    """A text as a JavaScript literal that is also safe inside a `<script>` element."""
    return json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")


class _Printer:
    def __init__(self, fields: Mapping[str, ValueType]) -> None:
        self._fields = fields

    def print(self, node: Expression) -> str:
        match node:
            case Literal(value=str(text)):
                return quoted(text)
            case Literal(value=value):
                return json.dumps(value)
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
                return f"ops.{camel_case(UNARY_OPERATIONS[operator])}({self.print(operand)})"
            case Binary():
                return self._binary(node)
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                branches = f"{self.print(then)} : {self.print(otherwise)}"
                return f"(ops.holds({self.print(condition)}) ? {branches})"
            case Call(function=function, arguments=arguments):
                printed = ", ".join(self.print(argument) for argument in arguments)
                return f"ops.{camel_case(FUNCTION_OPERATIONS[function])}({printed})"

    def _binary(self, node: Binary) -> str:
        if node.operator in ("==", "!=") and (
            is_null(node.left) or is_null(node.right)
        ):
            tested = node.left if is_null(node.right) else node.right
            test = "isNull" if node.operator == "==" else "has"
            return f"ops.{test}({self.print(tested)})"
        name = camel_case(OPERATIONS[node.operator])
        if (
            node.operator == "/"
            and result_type(node, self._fields) is ValueType.INTEGER
        ):
            name = "quotient"
        return f"ops.{name}({self.print(node.left)}, {self.print(node.right)})"
