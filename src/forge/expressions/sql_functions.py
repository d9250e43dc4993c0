"""The functions of the language that SQL computes with the same result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from forge.expressions.functions import NUMERIC, ValueType
from forge.expressions.sql_text import Refused, Sql
from forge.expressions.tree import Call, Expression, Literal, Name

if TYPE_CHECKING:
    from forge.expressions.sql import SqlPrinter

WHITE_SPACE = (
    *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
    0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
)  # fmt: skip
"""Unicode's white space, which CEL trims; SQL would trim the space alone."""


def _has(printer: SqlPrinter, node: Call) -> Sql:
    return Sql(f"{printer.presence(node.arguments[0])} IS NOT NULL", atomic=False)


def _size(printer: SqlPrinter, node: Call) -> Sql:
    _want(printer, node.arguments[0], ValueType.TEXT)
    name = "char_length" if printer.postgres else "length"
    return Sql(f"{name}({printer.print(node.arguments[0]).text})")


def _starts_with(printer: SqlPrinter, node: Call) -> Sql:
    text, part = (printer.print(argument).text for argument in node.arguments)
    if printer.postgres:
        return Sql(f"starts_with({text}, {part})")
    return Sql(f"instr({text}, {part}) = 1", atomic=False)


def _ends_with(printer: SqlPrinter, node: Call) -> Sql:
    text, part = node.arguments
    printed = printer.print(text).text
    if isinstance(part, Literal) and isinstance(part.value, str) and part.value:
        literal = printer.print(part).text
        cut = "right({}, {})" if printer.postgres else "substr({}, -{})"
        return Sql(f"{cut.format(printed, len(part.value))} = {literal}", atomic=False)
    suffix = printer.print(part).text
    if printer.postgres:
        return Sql(
            f"right({printed}, char_length({suffix})) = {printer.atom(part)}",
            atomic=False,
        )
    # A start of zero would give the whole text, so an empty suffix is cut behind the end.
    start = f"length({printed}) - length({suffix}) + 1"
    reach = f"length({suffix}) <= length({printed})"
    return Sql(
        f"{reach} AND substr({printed}, {start}) = {printer.atom(part)}", atomic=False
    )


def _contains(printer: SqlPrinter, node: Call) -> Sql:
    text, part = (printer.print(argument).text for argument in node.arguments)
    name = "strpos" if printer.postgres else "instr"
    return Sql(f"{name}({text}, {part}) > 0", atomic=False)


def _lower(printer: SqlPrinter, node: Call) -> Sql:
    return _ascii_case(printer, node, "lower")


def _upper(printer: SqlPrinter, node: Call) -> Sql:
    return _ascii_case(printer, node, "upper")


def _ascii_case(printer: SqlPrinter, node: Call, name: str) -> Sql:
    argument = node.arguments[0]
    if printer.postgres:
        # The collation C changes ASCII letters alone.
        return Sql(f'{name}({printer.atom(argument)} COLLATE "C")')
    return Sql(f"{name}({printer.print(argument).text})")


def _trim(printer: SqlPrinter, node: Call) -> Sql:
    text = printer.print(node.arguments[0]).text
    if printer.postgres:
        spaces = "".join(f"\\u{code:04X}" for code in WHITE_SPACE)
        return Sql(f"btrim({text}, E'{spaces}')")
    return Sql(f"trim({text}, char({', '.join(map(str, WHITE_SPACE))}))")


def _round(printer: SqlPrinter, node: Call) -> Sql:
    value, digits = node.arguments
    found = printer.type_of(value)
    if found is ValueType.INTEGER:
        return printer.print(value)
    if found is not ValueType.DECIMAL or not isinstance(digits, Literal):
        raise Refused
    return Sql(f"round({printer.number(value, found)}, {digits.value})")


def _abs(printer: SqlPrinter, node: Call) -> Sql:
    value = node.arguments[0]
    printed = printer.number(value, printer.type_of(value))
    if not printer.postgres and isinstance(value, Name):
        # SQLite's abs fails on the smallest integer, a minus does not.
        return Sql(f"CASE WHEN {printed} < 0 THEN -{printed} ELSE {printed} END")
    return Sql(f"abs({printed})")


def _min(printer: SqlPrinter, node: Call) -> Sql:
    return _extreme(printer, node, "min", "<=")


def _max(printer: SqlPrinter, node: Call) -> Sql:
    return _extreme(printer, node, "max", ">=")


def _extreme(printer: SqlPrinter, node: Call, name: str, order: str) -> Sql:
    found = printer.type_of(node)
    if found in (ValueType.ANY, ValueType.DURATION):
        raise Refused
    left, right = (printer.branch(argument, found) for argument in node.arguments)
    if not printer.postgres:
        return Sql(f"{name}({left}, {right})")
    # LEAST and GREATEST pass over a null; here a null makes the whole null.
    collation = ' COLLATE "C"' if found is ValueType.TEXT else ""
    first, second = f"({left}){collation}", f"({right}){collation}"
    return Sql(
        f"CASE WHEN {first} {order} {second} THEN {left} "
        f"WHEN NOT {first} {order} {second} THEN {right} END"
    )


def _string(printer: SqlPrinter, node: Call) -> Sql:
    value = node.arguments[0]
    found = printer.type_of(value)
    if found is ValueType.TEXT:
        return printer.print(value)
    if found not in (ValueType.INTEGER, ValueType.UUID):
        raise Refused
    return Sql(f"CAST({printer.print(value).text} AS text)")


def _int(printer: SqlPrinter, node: Call) -> Sql:
    _want(printer, node.arguments[0], ValueType.INTEGER)
    return printer.print(node.arguments[0])


def _double(printer: SqlPrinter, node: Call) -> Sql:
    value = node.arguments[0]
    found = printer.type_of(value)
    if found is ValueType.DECIMAL and printer.postgres:
        return Sql(f"CAST({printer.print(value).text} AS double precision)")
    if found not in NUMERIC:
        raise Refused
    return Sql(printer.number(value, ValueType.NUMBER))


def _want(printer: SqlPrinter, node: Expression, wanted: ValueType) -> None:
    if printer.type_of(node) is not wanted:
        raise Refused


FUNCTION_PRINTERS: dict[str, Callable[[SqlPrinter, Call], Sql]] = {
    "has": _has,
    "size": _size,
    "startsWith": _starts_with,
    "endsWith": _ends_with,
    "contains": _contains,
    "lower": _lower,
    "upper": _upper,
    "trim": _trim,
    "round": _round,
    "abs": _abs,
    "min": _min,
    "max": _max,
    "string": _string,
    "int": _int,
    "double": _double,
}
