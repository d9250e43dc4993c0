"""What an expression yields for a few records: arithmetic, text and choices, nothing else."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from forge.expressions import (
    Binary,
    Call,
    Conditional,
    Expression,
    Literal,
    Name,
    Unary,
    names,
)
from forge.targets.tests.kit.declarations import Field
from forge.targets.tests.kit.forms import fits

_NUMBERS = frozenset({"integer", "number", "decimal"})
_TEXTS = frozenset({"string", "text"})
_ROUNDS = ((7, 2, 5, 3), (4, 12, 6, 9), (3, 3, 8, 2))
"""Numbers for the fields of an expression, in turn."""

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class _Unknown(Exception):
    """The expression holds what this module does not evaluate."""


def examples(
    expression: Expression, fields: Mapping[str, Field]
) -> tuple[tuple[dict[str, Any], Any], ...]:
    """Records and what the expression yields for each; none where that is not known."""
    found: list[tuple[dict[str, Any], Any]] = []
    try:
        for record in _records(names(expression), fields):
            value = _value(expression, record)
            found.append((record, _plain(value)))
    except (_Unknown, TypeError, ArithmeticError, KeyError):
        return ()
    return tuple(found)


def _records(
    wanted: tuple[str, ...], fields: Mapping[str, Field]
) -> Iterator[dict[str, Any]]:
    for numbers in _ROUNDS:
        record = {
            name: _sample(fields[name], numbers[place % len(numbers)])
            for place, name in enumerate(wanted)
        }
        if record and all(fits(fields[name], value) for name, value in record.items()):
            yield record


def _sample(field: Field, number: int) -> Any:
    if not field.settable or field.untestable or field.pattern:
        raise _Unknown
    if field.enum:
        return field.enum[number % len(field.enum)]
    if field.type == "boolean":
        return number % 2 == 0
    if field.type in _NUMBERS:
        return number
    if field.type in _TEXTS:
        return "word" * number
    raise _Unknown


def _value(node: Expression, record: Mapping[str, Any]) -> Any:
    match node:
        case Literal(value=float() as value):
            return Decimal(str(value))
        case Literal(value=value) if value is not None:
            return value
        case Name(name=name):
            return record[name]
        case Unary(operator="-", operand=operand):
            return -_value(operand, record)
        case Unary(operator="!", operand=operand):
            return not _value(operand, record)
        case Binary(operator="&&", left=left, right=right):
            return _value(left, record) and _value(right, record)
        case Binary(operator="||", left=left, right=right):
            return _value(left, record) or _value(right, record)
        case Binary(operator=sign, left=left, right=right) if sign in _OPERATORS:
            return _OPERATORS[sign](_value(left, record), _value(right, record))
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return _value(then if _value(condition, record) else otherwise, record)
        case Call(function="size", arguments=(argument,)):
            return len(_value(argument, record))
    raise _Unknown


def _plain(value: Any) -> Any:
    """The value in its JSON form."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
