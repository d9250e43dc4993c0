"""Filters of a query string: which field, which operator, which value.

A sensitive field is an unknown field in every answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .entity import Entity, Field, Type
from .enums import legal_values
from .errors import BadQuery
from .grammar import PARAMETERS, RESERVED, operators_of
from .hints import nearest, quoted
from .query import MAX_ITEMS, Filter, Op
from .values import check_text, native, parse, parse_item

_LISTS = frozenset({Op.IN, Op.NIN, Op.BETWEEN})
_PARTIAL = frozenset({Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH})
_PARAMETER = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")
_PIECE = re.compile(r"(?:[^,\\]|\\[\s\S]?)*")
_ESCAPE = re.compile(r"\\([\\,])")


def split(text: str) -> tuple[str, ...]:
    r"""The elements of a comma list; `\,` and `\\` stand for a comma and a backslash.

    >>> split(r"a,b\,c,")
    ('a', 'b,c', '')
    """
    if "\\" not in text:
        return tuple(text.split(","))
    pieces: list[str] = []
    at = 0
    while True:
        match = _PIECE.match(text, at)
        assert match is not None  # the pattern matches the empty text
        pieces.append(_ESCAPE.sub(r"\1", match[0]))
        at = match.end() + 1
        if at > len(text):
            return tuple(pieces)


def filters_of(entity: Entity, conditions: Mapping[str, Any]) -> tuple[Filter, ...]:
    """Filters from `{"field": value, "field[op]": value}`, as strict as `parse_query`.

    A text is read as in a query string; other values are native, `None` asks for nulls.
    """
    filters: list[Filter] = []
    for name, value in conditions.items():
        field, op = _target(entity, name, None)
        if value is None and "[" not in name:
            filters.append(Filter(field.name, Op.NULL, True))
        elif isinstance(value, str):
            filters.append(Filter(field.name, op, _value(name, field, op, value)))
        else:
            filters.append(Filter(field.name, op, _checked(name, field, op, value)))
    return tuple(filters)


def _checked(name: str, field: Field, op: Op, value: Any) -> Any:
    if op is Op.NULL:
        legal = isinstance(value, bool)
    elif op in _LISTS or field.type is Type.ARRAY:
        legal = isinstance(value, list | tuple | set | frozenset)
        legal = legal and not (op is Op.BETWEEN and len(value) != 2)
    else:
        legal = _storable(field, value)
    if op in _LISTS and legal:
        legal = all(_storable(field, item) for item in value)
    if not legal:
        raise BadQuery(
            name, f"{quoted(repr(value))} is no value", "bad-value", _legal(field)
        )
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _storable(field: Field, value: Any) -> bool:
    try:
        return native(field, value) is not None
    except ValueError:
        return False


def read_filter(
    entity: Entity, name: str, text: str, filterable: tuple[str, ...] | None
) -> Filter:
    field, op = _target(entity, name, filterable)
    if name in RESERVED:
        raise _unknown(name, f"did you mean `{name}[eq]`?")
    return Filter(field.name, op, _value(name, field, op, text))


def _target(
    entity: Entity, name: str, filterable: tuple[str, ...] | None
) -> tuple[Field, Op]:
    match = _PARAMETER.fullmatch(name)
    field = visible_field(entity, match[1]) if match else None
    open_to_filters = filterable is None or (match and match[1] in filterable)
    if match is None or field is None or not open_to_filters:
        legal = [
            one.name
            for one in entity.visible
            if filterable is None or one.name in filterable
        ]
        near = nearest(match[1] if match else name, (*legal, *PARAMETERS))
        raise _unknown(name, near)
    return field, _operator(name, field, "eq" if match[2] is None else match[2])


def _unknown(name: str, help: str) -> BadQuery:
    return BadQuery(
        name,
        f"{quoted(name)} is not a parameter of this collection",
        "unknown-parameter",
        help,
    )


def visible_field(entity: Entity, name: str) -> Field | None:
    """The field of that name, unless it is sensitive."""
    field = entity.by_name.get(name)
    return None if field is None or field.sensitive else field


def _operator(name: str, field: Field, text: str) -> Op:
    legal = operators_of(field)
    names = [op.value for op in Op if op in legal]
    if text in names:
        return Op(text)
    fault = (
        "illegal-operator" if text in Op.__members__.values() else "unknown-operator"
    )
    raise BadQuery(
        name,
        f"{quoted(text)} is not an operator of `{field.name}` ({field.type.value})",
        fault,
        nearest(text, names),
    )


def _value(name: str, field: Field, op: Op, text: str) -> Any:
    if op is Op.NULL:
        if text not in ("true", "false"):
            raise BadQuery(
                name, f"{quoted(text)} is neither", "bad-value", "`true` or `false`"
            )
        return text == "true"
    if field.type is Type.ARRAY:
        return tuple(_scalar(name, field, piece) for piece in _pieces(name, text))
    if op in _LISTS:
        values = tuple(_scalar(name, field, piece) for piece in _pieces(name, text))
        if op is Op.BETWEEN and len(values) != 2:
            raise BadQuery(
                name, "`between` takes two values", "bad-value", f"{name}=low,high"
            )
        return values
    return _scalar(name, field, text, partial=op in _PARTIAL)


def _pieces(name: str, text: str) -> tuple[str, ...]:
    pieces = split(text)
    if len(pieces) > MAX_ITEMS:
        raise BadQuery(name, f"more than {MAX_ITEMS} values", "too-many-values")
    return pieces


def _scalar(name: str, field: Field, text: str, *, partial: bool = False) -> Any:
    read = parse_item if field.type is Type.ARRAY else parse
    try:
        value = check_text(text) if partial else read(field, text)
    except ValueError as fault:
        raise BadQuery(
            name, f"{quoted(text)}: {fault}", "bad-value", _legal(field)
        ) from fault
    if field.values and not partial and value not in legal_values(field):
        raise BadQuery(
            name,
            f"{quoted(text)} is not a value of `{field.name}`",
            "bad-value",
            _legal(field),
        )
    return value


def _legal(field: Field) -> str:
    if field.values:
        return f"the values are {', '.join(f'`{legal}`' for legal in field.values)}"
    kind = field.items if field.type is Type.ARRAY and field.items else field.type
    return f"`{field.name}` takes a value of type {kind.value}"
