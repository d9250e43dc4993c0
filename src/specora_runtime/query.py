"""What a client asks of a collection, and the strict parser of query strings.

Every parameter is either understood or refused with the nearest legal name; a
sensitive field is an unknown field in every answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, TypeAlias

from .entity import Entity, Field, Record, Type
from .enums import legal_values
from .errors import BadQuery
from .values import check_text, native, parse, parse_item

MAX_LIMIT: Final = 1000
DEFAULT_LIMIT: Final = 100
MAX_OFFSET: Final = 2**63 - 1
MAX_FILTERS: Final = 64
"""Bounds the depth of one statement; SQLite refuses expressions deeper than 1000."""
MAX_SORTS: Final = 16
MAX_ITEMS: Final = 1000
"""Most elements of one comma list."""


class Op(StrEnum):
    """How a filter compares. Nothing but `null` ever matches a null."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NIN = "nin"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    NULL = "null"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a field."""

    field: str
    op: Op
    value: Any
    """Native value; a tuple of them for `in`, `nin`, `between` and `contains` of an
    array; a boolean for `null`."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which records of a collection, in which order, from where."""

    filters: tuple[Filter, ...] = ()
    sort: tuple[Sort, ...] = ()
    """The keys that the client names; the primary key always follows them."""
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of records."""

    items: list[Record]
    total: int
    """How many records pass the filters, on all pages."""
    next_cursor: str | None


Pairs: TypeAlias = Sequence[tuple[str, str]]

_EQUALITY = frozenset({Op.EQ, Op.NE, Op.IN, Op.NIN, Op.NULL})
_ORDER = _EQUALITY | {Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN}
_PATTERN = _ORDER | {Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH}
_NULL = frozenset({Op.NULL})

OPERATORS: Final[Mapping[Type, frozenset[Op]]] = {
    Type.STRING: _PATTERN,
    Type.TEXT: _PATTERN,
    Type.EMAIL: _PATTERN,
    Type.UUID: _ORDER,
    Type.INTEGER: _ORDER,
    Type.NUMBER: _ORDER,
    Type.DECIMAL: _ORDER,
    Type.DATETIME: _ORDER,
    Type.DATE: _ORDER,
    Type.TIME: _ORDER,
    Type.BOOLEAN: _EQUALITY,
    Type.DURATION: _ORDER,
    Type.ARRAY: frozenset({Op.CONTAINS, Op.NULL}),
    Type.OBJECT: _NULL,
    Type.JSON: _NULL,
    Type.BINARY: _NULL,
}
"""Legal operators by type."""

SORTABLE: Final = frozenset(kind for kind, ops in OPERATORS.items() if Op.GT in ops) | {
    Type.BOOLEAN
}
"""Types whose values have one order on every store."""

_READ = ("limit", "offset", "cursor", "sort")
_RESERVED = frozenset({*_READ, "count", "q", "fields", "expand"})
_LISTS = frozenset({Op.IN, Op.NIN, Op.BETWEEN})
_PARTIAL = frozenset({Op.CONTAINS, Op.STARTSWITH, Op.ENDSWITH})
_NESTED = frozenset({Type.ARRAY, Type.OBJECT, Type.JSON})
_PARAMETER = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")
_DIGITS = re.compile(r"[0-9]{1,19}")
_PIECE = re.compile(r"(?:[^,\\]|\\[\s\S]?)*")
_ESCAPE = re.compile(r"\\([\\,])")
_NOTHING = Query()


def parse_query(
    entity: Entity, pairs: Pairs, filterable: tuple[str, ...] | None = None
) -> Query:
    """The query that decoded `(name, value)` pairs of a query string ask for.

    `filterable` are the only fields that filters may name; `None` means all. Raises
    `BadQuery` for whatever is unknown, repeated, illegal or ill-formed.
    """
    if not pairs:
        return _NOTHING
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            raise BadQuery(
                name, f"{_quoted(name)} is given more than once", "repeated-parameter"
            )
        given[name] = text
    filters: dict[tuple[str, Op], Filter] = {}
    for name, text in given.items():
        if name not in _READ:
            found = _filter(entity, name, text, filterable)
            if filters.setdefault((found.field, found.op), found) is not found:
                raise BadQuery(
                    name,
                    f"{_quoted(name)} is given more than once",
                    "repeated-parameter",
                )
    if len(filters) > MAX_FILTERS:
        raise BadQuery("", f"more than {MAX_FILTERS} filters", "too-many-filters")
    if "cursor" in given and "offset" in given:
        raise BadQuery(
            "offset",
            "`offset` and `cursor` exclude each other",
            "cursor-and-offset",
            "leave one",
        )
    return Query(
        filters=tuple(filters.values()),
        sort=_sort(entity, given["sort"]) if "sort" in given else (),
        limit=_number(given, "limit", 1, MAX_LIMIT)
        if "limit" in given
        else DEFAULT_LIMIT,
        offset=_number(given, "offset", 0, MAX_OFFSET) if "offset" in given else 0,
        cursor=given.get("cursor"),
    )


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
            name, f"{_quoted(repr(value))} is no value", "bad-value", _legal(field)
        )
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _storable(field: Field, value: Any) -> bool:
    try:
        return native(field, value) is not None
    except ValueError:
        return False


def _filter(
    entity: Entity, name: str, text: str, filterable: tuple[str, ...] | None
) -> Filter:
    field, op = _target(entity, name, filterable)
    if name in _RESERVED:
        raise _unknown(name, f"did you mean `{name}[eq]`?")
    return Filter(field.name, op, _value(name, field, op, text))


def _target(
    entity: Entity, name: str, filterable: tuple[str, ...] | None
) -> tuple[Field, Op]:
    match = _PARAMETER.fullmatch(name)
    field = _field(entity, match[1]) if match else None
    open_to_filters = filterable is None or (match and match[1] in filterable)
    if match is None or field is None or not open_to_filters:
        legal = [
            one.name
            for one in entity.visible
            if filterable is None or one.name in filterable
        ]
        near = _nearest(match[1] if match else name, (*legal, *_READ))
        raise _unknown(name, near)
    return field, _operator(name, field, "eq" if match[2] is None else match[2])


def _unknown(name: str, help: str) -> BadQuery:
    return BadQuery(
        name,
        f"{_quoted(name)} is not a parameter of this collection",
        "unknown-parameter",
        help,
    )


def _field(entity: Entity, name: str) -> Field | None:
    field = entity.by_name.get(name)
    return None if field is None or field.sensitive else field


def _operator(name: str, field: Field, text: str) -> Op:
    legal = OPERATORS[field.type]
    if field.type is Type.ARRAY and field.items in _NESTED:
        legal = _NULL
    names = [op.value for op in Op if op in legal]
    if text in names:
        return Op(text)
    fault = (
        "illegal-operator" if text in Op.__members__.values() else "unknown-operator"
    )
    raise BadQuery(
        name,
        f"{_quoted(text)} is not an operator of `{field.name}` ({field.type.value})",
        fault,
        _nearest(text, names),
    )


def _value(name: str, field: Field, op: Op, text: str) -> Any:
    if op is Op.NULL:
        if text not in ("true", "false"):
            raise BadQuery(
                name, f"{_quoted(text)} is neither", "bad-value", "`true` or `false`"
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
            name, f"{_quoted(text)}: {fault}", "bad-value", _legal(field)
        ) from fault
    if field.values and not partial and value not in legal_values(field):
        raise BadQuery(
            name,
            f"{_quoted(text)} is not a value of `{field.name}`",
            "bad-value",
            _legal(field),
        )
    return value


def _legal(field: Field) -> str:
    if field.values:
        return f"the values are {', '.join(f'`{legal}`' for legal in field.values)}"
    kind = field.items if field.type is Type.ARRAY and field.items else field.type
    return f"`{field.name}` takes a value of type {kind.value}"


def _sort(entity: Entity, text: str) -> tuple[Sort, ...]:
    keys: dict[str, Sort] = {}
    for piece in text.split(","):
        name = piece.removeprefix("-")
        if not name:
            raise BadQuery(
                "sort", "`sort` names no field", "empty-sort", "sort=-field,other"
            )
        field = _field(entity, name)
        if field is None or field.type not in SORTABLE:
            raise BadQuery(
                "sort",
                f"{_quoted(name)} is not a field to sort by",
                "unknown-field" if field is None else "illegal-sort",
                _nearest(name, [f.name for f in entity.visible if f.type in SORTABLE]),
            )
        if name in keys:
            raise BadQuery("sort", f"`sort` names `{name}` twice", "duplicate-sort")
        keys[name] = Sort(name, descending=piece.startswith("-"))
    if len(keys) > MAX_SORTS:
        raise BadQuery("sort", f"more than {MAX_SORTS} keys", "too-many-sorts")
    return tuple(keys.values())


def _number(given: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = given[name]
    if _DIGITS.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise BadQuery(
        name, f"{_quoted(text)} is not a number from {least} to {most}", "out-of-range"
    )


def _nearest(name: str, legal: Sequence[str]) -> str:
    """Help that names the nearest legal name, or all of them where none is near."""
    near = get_close_matches(name[:64], legal, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"legal are {', '.join(f'`{one}`' for one in legal)}" if legal else ""


def _quoted(text: str) -> str:
    """What the client wrote, short enough to repeat in an answer."""
    return f"`{text if len(text) <= 60 else text[:60] + '…'}`"
