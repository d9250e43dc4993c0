"""Values that make a condition true or false, where they are easy to see."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from forge.expressions import (
    Binary,
    Call,
    Expression,
    ListLiteral,
    Literal,
    Name,
    Unary,
)
from forge.targets.tests.evaluation import TYPICAL, search
from forge.targets.tests.kit.declarations import ANY, Field
from forge.targets.tests.kit.forms import fits

Values: TypeAlias = dict[str, Any]
"""What to store, by field."""

Fields: TypeAlias = Mapping[str, Field]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_SIZES: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "!=": operator.ne,
}
_NUMBERS = frozenset({"integer", "number", "decimal"})
_TEXTS = frozenset({"string", "text"})
_MOMENTS = {
    "datetime": ("2024-01-01T00:00:00Z", "2024-06-01T00:00:00Z"),
    "date": ("2024-01-01", "2024-06-01"),
}


def solve(condition: Expression, wanted: bool, fields: Fields) -> Values | None:
    """Values under which `condition` is `wanted`; `None` where none were found.

    `fields` are those that a client may set. `ANY` stands for any legal value.
    """
    found = _solve(condition, wanted, fields)
    return search(condition, wanted, fields) if found is None else found


def _solve(condition: Expression, wanted: bool, fields: Fields) -> Values | None:
    """The values that the form of a condition suggests."""
    match condition:
        case Literal(value=bool() as value):
            return {} if value is wanted else None
        case Name(name=name):
            field = fields.get(name)
            legal = field is not None and field.type == "boolean"
            return {name: wanted} if legal else None
        case Unary(operator="!", operand=operand):
            return _solve(operand, not wanted, fields)
        case Binary(operator="&&" | "||", left=left, right=right):
            both = wanted is (condition.operator == "&&")
            return _joined(left, right, wanted, fields, both=both)
        case Binary(operator="in", left=left, right=right):
            return _membership(left, right, wanted, fields)
        case Binary(operator=operator, left=left, right=right) if operator in _NEGATED:
            sign = operator if wanted else _NEGATED[operator]
            return _comparison(sign, left, right, fields)
    return None


def _joined(
    left: Expression, right: Expression, wanted: bool, fields: Fields, *, both: bool
) -> Values | None:
    one, other = _solve(left, wanted, fields), _solve(right, wanted, fields)
    if not both:
        # A value says more than null does.
        found = [values for values in (one, other) if values is not None]
        return min(found, key=lambda values: None in values.values(), default=None)
    if one is None or other is None:
        return None
    if any(name in one and _differ(one[name], value) for name, value in other.items()):
        return None
    return {**one, **{n: v for n, v in other.items() if not (n in one and v is ANY)}}


def _differ(one: Any, other: Any) -> bool:
    if ANY in (one, other):
        return one is None or other is None
    return bool(one != other)


def _membership(
    left: Expression, right: Expression, wanted: bool, fields: Fields
) -> Values | None:
    match left, right:
        case Name(name=name), ListLiteral(items=items) if name in fields:
            field = fields[name]
            listed = [item.value for item in items if isinstance(item, Literal)]
            if wanted:
                return _first(field, listed)
            return _first(field, [v for v in field.enum if v not in listed]) or (
                {name: ANY} if field.type in _TEXTS and not field.enum else None
            )
        case Literal(value=value), Name(name=name) if name in fields:
            if fields[name].type == "array" and fields[name].items in ("", "string"):
                return _first(fields[name], [[value] if wanted else []])
    return None


def _comparison(
    sign: str, left: Expression, right: Expression, fields: Fields
) -> Values | None:
    if isinstance(left, Literal) and not isinstance(right, Literal):
        return _comparison(_MIRRORED[sign], right, left, fields)
    match left, right:
        case Name(name=name), Literal(value=value) if name in fields:
            return _against(fields[name], sign, value)
        case Call(function="size", arguments=(Name(name=name),)), Literal(
            value=int() as size
        ) if name in fields:
            return _sized(fields[name], sign, size)
        case Name(name=one), Name(name=other) if one in fields and other in fields:
            return _between(fields[one], sign, fields[other])
    return None


def _against(field: Field, sign: str, value: Any) -> Values | None:
    if value is None:
        if sign == "==":
            return None if field.required else {field.name: None}
        return {field.name: ANY} if sign == "!=" else None
    if field.type in _NUMBERS and isinstance(value, int | float):
        return _numbers(field, sign, value)
    if sign == "==":
        return _first(field, [value])
    if sign != "!=":
        return None
    if field.type == "boolean":
        return {field.name: value is False}
    if field.enum:
        return _first(field, [other for other in field.enum if other != value])
    return {field.name: ANY} if field.type in _TEXTS else None


def _numbers(field: Field, sign: str, value: int | float) -> Values | None:
    number = Decimal(str(value))
    steps = {
        "==": (0,),
        "!=": (1, -1),
        "<": (-1,),
        "<=": (0, -1),
        ">": (1,),
        ">=": (0, 1),
    }
    return _first(field, [_number(field, number + step) for step in steps[sign]])


def _number(field: Field, value: Decimal) -> Any:
    if field.type == "decimal":
        return format(value, "f")
    return int(value) if value == int(value) else float(value)


def _sized(field: Field, sign: str, size: int) -> Values | None:
    if field.type in _TEXTS and not field.enum and _legal(field, TYPICAL):
        length, compare = len(TYPICAL), _SIZES.get(sign)
        if compare is not None and compare(length, size):
            return {field.name: ANY}
    wanted = {"<": size - 1, ">": size + 1, "!=": size + 1}.get(sign, size)
    if wanted < 0 or wanted > 1000 or field.pattern:
        return None
    if field.type in _TEXTS:
        return _first(field, ["x" * wanted])
    if field.type == "array" and field.items in ("", "string"):
        return _first(field, [["x"] * wanted])
    return None


def _between(one: Field, sign: str, other: Field) -> Values | None:
    low: Any
    high: Any
    if one.type in _MOMENTS and one.type == other.type:
        low, high = _MOMENTS[one.type]
    elif one.type in _NUMBERS and other.type in _NUMBERS:
        low, high = (_number(one, Decimal(n)) for n in (1, 2))
    else:
        return None
    first, second = {"<": (low, high), ">": (high, low), "!=": (low, high)}.get(
        sign, (low, low)
    )
    if not _legal(one, first) or not _legal(other, second):
        return None
    return {one.name: first, other.name: second}


def _first(field: Field, values: list[Any]) -> Values | None:
    found = next(filter(_checker(field), values), ANY)
    return None if found is ANY else {field.name: found}


def _checker(field: Field) -> Callable[[Any], bool]:
    return lambda value: _legal(field, value)


def _legal(field: Field, value: Any) -> bool:
    try:
        return fits(field, value)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        return False
