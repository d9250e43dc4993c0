"""What a function would look like that an expression calls and nobody wrote yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, count
from keyword import iskeyword

from forge.expressions import (
    FUNCTIONS,
    Binary,
    Call,
    Conditional,
    Expression,
    Name,
    Unary,
    ValueType,
    children,
    result_type,
    walk,
)
from forge.ir.handlers import Argument, Signature

_BOOLEAN, _ANY, _NULL = ValueType.BOOLEAN, ValueType.ANY, ValueType.NULL
_WRITTEN = {
    ValueType.TEXT: "str",
    ValueType.INTEGER: "int",
    ValueType.NUMBER: "float",
    ValueType.DECIMAL: "Decimal",
    ValueType.BOOLEAN: "bool",
    ValueType.DATETIME: "datetime",
    ValueType.DATE: "date",
    ValueType.TIME: "time",
    ValueType.DURATION: "timedelta",
    ValueType.UUID: "UUID",
    ValueType.LIST: "list[object]",
    ValueType.JSON: "dict[str, object]",
}
"""The annotation of values of a type."""
_NOT_NAMES = re.compile(r"\W")


def wanted_signature(
    tree: Expression, call: Call, types: Mapping[str, ValueType], result: ValueType
) -> Signature:
    """What a call takes and has to give, as far as what stands around it tells."""
    names: set[str] = set()
    arguments = []
    for argument in call.arguments:
        wanted = argument.name if isinstance(argument, Name) else "value"
        wanted = _NOT_NAMES.sub("_", wanted)
        if iskeyword(wanted):
            wanted += "_"
        counted = (f"{wanted.rstrip('_')}_{number}" for number in count(2))
        name = next(one for one in chain([wanted], counted) if one not in names)
        names.add(name)
        found = result_type(argument, types)
        arguments.append(Argument(name, (_WRITTEN.get(found, "object"),)))
    wanted_type = _wanted(tree, call, types, result)
    returns = (_WRITTEN.get(wanted_type, "str"),)
    return Signature(tuple(arguments), returns, is_async=False)


def _wanted(
    tree: Expression, call: Call, types: Mapping[str, ValueType], result: ValueType
) -> ValueType:
    """The type of the values that a call has to give; `any` where nothing tells."""
    if tree is call:
        return result
    parent = next(
        node for node in walk(tree) if any(part is call for part in children(node))
    )
    match parent:
        case Unary(operator="!") | Binary(operator="&&" | "||"):
            return _BOOLEAN
        case Binary(operator="in", right=right):
            return ValueType.LIST if right is call else _ANY
        case Binary(left=left, right=right):
            return result_type(right if left is call else left, types)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            if condition is call:
                return _BOOLEAN
            found = result_type(otherwise if then is call else then, types)
            whole = tree is parent and found in (_ANY, _NULL)
            return result if whole else found
        case Call(function=function, arguments=arguments) if function in FUNCTIONS:
            place = next(i for i, part in enumerate(arguments) if part is call)
            takes = FUNCTIONS[function].parameters[place : place + 1]
            return next((t for kinds in takes for t in kinds if len(kinds) == 1), _ANY)
    return _ANY
