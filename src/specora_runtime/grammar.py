"""What a query string may say: operators by type and reserved names, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .entity import Field, Type
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

PARAMETERS: Final = ("limit", "offset", "cursor", "sort", "expand")
"""The parameters of a list besides its filters."""

RESERVED: Final = frozenset({*PARAMETERS, "count", "q", "fields"})
"""Names that mean something else than the field of that name."""

_NESTED = frozenset({Type.ARRAY, Type.OBJECT, Type.JSON})


def operators_of(field: Field) -> frozenset[Op]:
    """The operators by which a list can be filtered on a field."""
    if field.type is Type.ARRAY and field.items in _NESTED:
        return _NULL
    return OPERATORS[field.type]
