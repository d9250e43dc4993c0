"""What an expression yields for a few records: arithmetic, text and choices, nothing else.

It gives up where the meaning is not plain, such as that of null in a sum.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import islice, product
from typing import Any

from forge.expressions import (
    Binary,
    Call,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    Name,
    Unary,
    names,
    walk,
)
from forge.expressions.tree import is_null
from forge.targets.tests.kit.declarations import ANY, Field
from forge.targets.tests.kit.forms import fits

_NUMBERS = frozenset({"integer", "number", "decimal"})
_TEXTS = frozenset({"string", "text"})
_ROUNDS = ((7, 2, 5, 3), (4, 12, 6, 9), (3, 3, 8, 2))
"""Numbers for the fields of an expression, in turn."""

TYPICAL = "twelve-chars"
_WORDS = ("w", "a text of some length, so that it is long", "word" * 60, "")
_NUMBERS_TRIED = (1, 0, 2, 5, 10, 50, 99, 100, 101, 1000, -1)
_MOST_TRIES = 400

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


_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}


class _Unknown(Exception):
    """The expression holds what this module does not evaluate."""


_GIVEN_UP = (_Unknown, TypeError, ArithmeticError, KeyError)


def search(
    condition: Expression, wanted: bool, fields: Mapping[str, Field]
) -> dict[str, Any] | None:
    """Values under which a condition is `wanted`, found by trying; else `None`."""
    read = names(condition)
    if not read or any(name not in fields for name in read):
        return None
    numbers = [
        node.value + step
        for node in walk(condition)
        if isinstance(node, Literal) and type(node.value) is int
        for step in (-1, 0, 1)
    ]
    columns = [_candidates(fields[name], numbers) for name in read]
    for values in islice(product(*columns), _MOST_TRIES):
        record = dict(zip(read, values, strict=True))
        try:
            if _value(condition, record) is wanted:
                # Any other text like it does as well, which matters where texts are unique.
                return {
                    name: ANY if value is _typical(fields[name]) else value
                    for name, value in record.items()
                }
        except _GIVEN_UP:
            continue
    return None


def _candidates(field: Field, numbers: list[int]) -> list[Any]:
    """Legal values of a field that conditions may tell apart."""
    found: list[Any] = [] if field.required else [None]
    if field.enum:
        return [*field.enum, *found]
    match field.type:
        case "boolean":
            found = [True, False, *found]
        case "string" | "text":
            words = () if field.pattern else _WORDS
            found = [_typical(field), *words, *found]
        case "integer" | "number" | "decimal":
            bounds = [b for b in (field.min, field.max) if isinstance(b, int)]
            found = [*dict.fromkeys((*_NUMBERS_TRIED, *numbers, *bounds)), *found]
        case "array" if field.items in ("", "string"):
            found = [["word"], [], ["word", "other", "third"], *found]
    return [value for value in found if value is None or _legal(field, value)]


def _typical(field: Field) -> str | None:
    """A text like those that the tests make up."""
    if field.type not in _TEXTS or field.enum:
        return None
    return field.example if field.pattern else TYPICAL


def _legal(field: Field, value: Any) -> bool:
    try:
        return fits(field, value)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        return False


def examples(
    expression: Expression, fields: Mapping[str, Field]
) -> tuple[tuple[dict[str, Any], Any], ...]:
    """Records and what the expression yields for each; none where that is not known."""
    found: list[tuple[dict[str, Any], Any]] = []
    try:
        for record in _records(names(expression), fields):
            value = _value(expression, record)
            found.append((record, _plain(value)))
    except _GIVEN_UP:
        return ()
    return tuple(found)


def breaks(record: Mapping[str, Any], condition: Expression) -> bool:
    """Whether a record is known not to meet a condition."""
    try:
        return _value(condition, record) is False
    except _GIVEN_UP:
        return False


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
        case Literal(value=value):
            return value
        case ListLiteral(items=items):
            return [_value(item, record) for item in items]
        case Name(name=name):
            return record[name]
        case Unary(operator="-", operand=operand):
            return -_present(operand, record)
        case Unary(operator="!", operand=operand):
            return not _truth(operand, record)
        case Binary(operator=sign, left=left, right=right):
            return _binary(sign, left, right, record)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return _value(then if _truth(condition, record) else otherwise, record)
        case Call(function="size", arguments=(argument,)):
            return len(_present(argument, record))
        case Call(function=name, arguments=(one, other)) if name in _TEXT_TESTS:
            return _TEXT_TESTS[name](_text(one, record), _text(other, record))
    raise _Unknown


def _binary(
    sign: str, left: Expression, right: Expression, record: Mapping[str, Any]
) -> Any:
    match sign:
        case "&&":
            return _truth(left, record) and _truth(right, record)
        case "||":
            return _truth(left, record) or _truth(right, record)
        case "in":
            return _present(left, record) in _present(right, record)
        case "==" | "!=":
            if is_null(left) or is_null(right):
                same = _value(left, record) is _value(right, record)
                return same is (sign == "==")
    if sign not in _OPERATORS:
        raise _Unknown
    return _OPERATORS[sign](_present(left, record), _present(right, record))


def _present(node: Expression, record: Mapping[str, Any]) -> Any:
    value = _value(node, record)
    if value is None:
        raise _Unknown
    return value


def _truth(node: Expression, record: Mapping[str, Any]) -> bool:
    value = _value(node, record)
    if not isinstance(value, bool):
        raise _Unknown
    return value


def _text(node: Expression, record: Mapping[str, Any]) -> str:
    value = _value(node, record)
    if not isinstance(value, str):
        raise _Unknown
    return value


def _plain(value: Any) -> Any:
    """The value in its JSON form."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
