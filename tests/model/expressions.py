"""Conditions and computed values: a walk over their trees. Null in, null out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from forge.expressions import (
    Binary,
    Call,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    Member,
    Name,
    Unary,
)

_EXACT = Context(prec=1000)


def evaluate(tree: Expression, record: Mapping[str, Any]) -> Any:
    """The value of an expression over a record, for a caller whom nobody knows."""
    match tree:
        case Literal(value=value):
            return value
        case Name(name=name):
            return record[name]
        case Member():
            return None
        case ListLiteral(items=items):
            return [evaluate(item, record) for item in items]
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return evaluate(
                then if evaluate(condition, record) is True else otherwise, record
            )
        case Unary(operator=operator, operand=operand):
            value = evaluate(operand, record)
            if operator == "!":
                return None if value is None else not value
            return None if value is None else -value
        case Call(function=function, arguments=arguments):
            return _call(function, [evaluate(one, record) for one in arguments])
        case Binary():
            return _binary(tree, record)


def _binary(tree: Binary, record: Mapping[str, Any]) -> Any:
    left, right = evaluate(tree.left, record), evaluate(tree.right, record)
    null = Literal(None)
    match tree.operator:
        case "&&":
            return (
                False
                if left is False or right is False
                else (True if left is True and right is True else None)
            )
        case "||":
            return (
                True
                if left is True or right is True
                else (False if left is False and right is False else None)
            )
        case "==" | "!=" if null in (tree.left, tree.right):
            return (left == right) == (tree.operator == "==")
        case "in":
            return None if left is None else left in right
    if left is None or right is None:
        return None
    return _compute(tree.operator, *_alike(left, right))


def _compute(operator: str, left: Any, right: Any) -> Any:
    exact = isinstance(left, Decimal)
    match operator:
        case "+":
            return _EXACT.add(left, right) if exact else left + right
        case "-":
            return _EXACT.subtract(left, right) if exact else left - right
        case "*":
            return _EXACT.multiply(left, right) if exact else left * right
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    raise NotImplementedError(operator)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Two numbers in one type: decimal over float over integer."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _decimal(left), _decimal(right)
    return left, right


def _decimal(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _call(function: str, arguments: list[Any]) -> Any:
    if function == "has":
        return arguments[0] is not None
    if None in arguments:
        return None
    match function:
        case "upper":
            return "".join(c.upper() if c.isascii() else c for c in arguments[0])
        case "lower":
            return "".join(c.lower() if c.isascii() else c for c in arguments[0])
        case "size":
            return len(arguments[0])
        case "startsWith":
            return arguments[0].startswith(arguments[1])
        case "contains":
            return arguments[1] in arguments[0]
    raise NotImplementedError(function)
