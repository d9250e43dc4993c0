"""What a query string may say: operators by type and reserved names, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .entity import Entity, Field, Type
from .query import Op

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

NESTED: Final = _PATTERN
"""Legal operators for a value inside an object, whose type is known only when it is read."""

HOLDERS: Final = frozenset({Type.OBJECT, Type.JSON})
"""Types whose values a path leads into."""

PARAMETERS: Final[Mapping[str, str]] = {
    "limit": "how many items a page has at most",
    "offset": "how many items to leave out; not together with `cursor`",
    "cursor": "`next_cursor` of the page before, for the same order, filters and search",
    "sort": "fields to sort by; `-` in front reverses, `:nullsfirst` or `:nullslast` behind "
    "places nulls",
    "fields": "the fields to show; the key and `_links` always come along",
    "count": "what `total` tells: `exact`, `estimated` or `none`",
    "expand": "related records to show along with each record",
    "q": "words that all occur in the fields that are searched",
}
"""The parameters of a list besides its filters, and what each says."""

NULLS_FIRST: Final = "nullsfirst"
PLACES: Final = (NULLS_FIRST, "nullslast")
"""Where `sort` puts nulls: `sort=-due:nullslast`."""

READ_PARAMETERS: Final = ("fields", "expand")
"""The parameters of a single record."""

RESERVED: Final = frozenset(PARAMETERS)
"""Names that mean something else than the field of that name."""

GROUP: Final = "or"
"""First word of the filters of which one is enough: `or[LABEL][field][op]`."""

_STRUCTURED = frozenset({Type.ARRAY, Type.OBJECT, Type.JSON})


def operators_of(field: Field) -> frozenset[Op]:
    """The operators by which a list can be filtered on a field."""
    if field.type is Type.ARRAY and field.items in _STRUCTURED:
        return _NULL
    return OPERATORS[field.type]


def parameters_of(entity: Entity) -> tuple[str, ...]:
    """The parameters of a list of records, besides its filters."""
    return tuple(name for name in PARAMETERS if name != "q" or entity.search)
