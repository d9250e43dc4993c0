"""Filters of a query string: which field, which operator, which value.

A sensitive field is an unknown field in every answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .entity import Entity, Field, Type
from .enums import legal_values
from .errors import BadQuery
from .grammar import GROUP, HOLDERS, NESTED, RESERVED, operators_of, parameters_of
from .hints import nearest, quoted
from .query import MAX_ITEMS, MAX_LEVELS, Filter, Op
from .values import check_text, native, parse, parse_item

INSIDE = Field(name="value", type=Type.TEXT)
"""Reads values below a path."""

_LISTS = frozenset({Op.IN, Op.NIN, Op.BETWEEN})
_PARTIAL = frozenset({Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH})
_NAME = r"(?:[^\[\]\\]|\\[\s\S])+"
_NAMED: Final = {op.value: op for op in Op}
_PARAMETER = re.compile(rf"({_NAME})(?:\[([^\[\]]*)\])?")
_GROUP = re.compile(rf"{GROUP}\[({_NAME})\]\[({_NAME})\](\[[^\[\]]*\])?")
_KEY = re.compile(r"(?:[^.\\]|\\[\s\S])*")
_ESCAPED = re.compile(r"\\([\s\S])")
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
    return tuple(_condition(entity, name, one) for name, one in conditions.items())


def _condition(entity: Entity, name: str, value: Any) -> Filter:
    field, path, op = _target(entity, name, name, None)
    if value is None and "[" not in name:
        return Filter(field.name, Op.NULL, True, path)
    if isinstance(value, str):
        return Filter(field.name, op, _read(name, field, path, op, value), path)
    if path and not isinstance(value, bool):
        many = isinstance(value, list | tuple)
        text = ",".join(map(_written, value)) if many else _written(value)
        return Filter(field.name, op, _read(name, field, path, op, text), path)
    return Filter(field.name, op, _checked(name, field, op, value), path)


def _written(value: Any) -> str:
    return str(value).replace("\\", "\\\\").replace(",", "\\,")


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
    """The filter that a parameter asks for. Raises `BadQuery`."""
    return _filter(entity, name, name, text, filterable)


def label_of(name: str) -> str | None:
    """The label of `or[LABEL][field][op]`; `None` for any other name."""
    match = _GROUP.fullmatch(name)
    return match[1] if match else None


def read_alternative(
    entity: Entity, name: str, text: str, filterable: tuple[str, ...] | None
) -> Filter:
    """The filter that a parameter of an `or` group asks for. Raises `BadQuery`."""
    match = _GROUP.fullmatch(name)
    assert match is not None
    return _filter(entity, name, match[2] + (match[3] or ""), text, filterable)


def _filter(
    entity: Entity,
    name: str,
    target: str,
    text: str,
    filterable: tuple[str, ...] | None,
) -> Filter:
    field, path, op = _target(entity, name, target, filterable)
    if name in RESERVED:
        raise _unknown(name, f"did you mean `{name}[eq]`?")
    return Filter(field.name, op, _read(name, field, path, op, text), path)


def _target(
    entity: Entity, name: str, target: str, filterable: tuple[str, ...] | None
) -> tuple[Field, tuple[str, ...], Op]:
    """Field, path and operator of `target`, which stands in the parameter `name`."""
    match = _PARAMETER.fullmatch(target)
    first, *path = _keys(match[1]) if match else (target,)
    field = visible_field(entity, first) if match else None
    open_to_filters = filterable is None or first in filterable
    if match is None or field is None or not open_to_filters:
        legal = [
            one.name
            for one in entity.visible
            if filterable is None or one.name in filterable
        ]
        raise _unknown(name, nearest(first, (*legal, *parameters_of(entity))))
    if path:
        _check_path(name, field, path)
    legal_ops = NESTED if path else operators_of(field)
    op = _operator(name, field, legal_ops, "eq" if match[2] is None else match[2])
    return field, tuple(path), op


def _keys(text: str) -> list[str]:
    r"""The keys of a dotted path; `\.` is a dot in a key.

    >>> _keys(r"a.b\.c")
    ['a', 'b.c']
    """
    if "." not in text and "\\" not in text:
        return [text]
    keys: list[str] = []
    at = 0
    while at <= len(text):
        match = _KEY.match(text, at)
        assert match is not None  # the pattern matches the empty text
        keys.append(_ESCAPED.sub(r"\1", match[0]))
        at = match.end() + 1
    return keys


def _check_path(name: str, field: Field, path: list[str]) -> None:
    if field.type not in HOLDERS:
        raise _unknown(name, f"`{field.name}` holds a value of type {field.type.value}")
    if "" in path or len(path) > MAX_LEVELS:
        raise _unknown(name, f"a path has 1 to {MAX_LEVELS} keys, none of them empty")
    try:
        for key in path:
            check_text(key)
    except ValueError as fault:
        raise _unknown(name, str(fault)) from fault


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


def _operator(name: str, field: Field, legal: frozenset[Op], text: str) -> Op:
    op = _NAMED.get(text)
    if op is not None and op in legal:
        return op
    names = [op.value for op in Op if op in legal]
    fault = (
        "illegal-operator" if text in Op.__members__.values() else "unknown-operator"
    )
    raise BadQuery(
        name,
        f"{quoted(text)} is not an operator of `{field.name}` ({field.type.value})",
        fault,
        nearest(text, names),
    )


def _read(name: str, field: Field, path: tuple[str, ...], op: Op, text: str) -> Any:
    # A value inside an object may be of any type, so it stays the text that it is.
    return _value(name, INSIDE if path else field, op, text)


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
