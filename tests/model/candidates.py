"""Values worth sending: for each field a few that it takes, and a few that it does not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from forge.ir.entities import Field
from forge.ir.types import FieldType
from tests.model.values import Refused, read

_TEXTS = [
    "",
    "a",
    "A",
    "b",
    "ab",
    "a%b",
    "a_b",
    "a,b",
    "ä",
    "Ω z",
    "b" * 41,
    "x\\y",
    'say "hi"',
    "\ue000",
    "😀",
]
_JSON = [
    None,
    True,
    1,
    1.5,
    "a",
    [],
    {},
    {"a": 1},
    {"a": {"b": "x"}, "c": None},
    [1, "a", None],
]
_BY_TYPE: dict[FieldType, list[Any]] = {
    FieldType.STRING: [*_TEXTS, 1, True, [], "a\x00"],
    FieldType.TEXT: [*_TEXTS, 1, {}, "a\x00b"],
    FieldType.EMAIL: [
        "a@b.example",
        "b@b.example",
        "A@b.example",
        "ab",
        "@",
        1,
        "a b@c.example",
    ],
    FieldType.UUID: [
        "018f0000-0000-7000-8000-000000000001",
        "018F0000-0000-7000-8000-00000000000A",
        "ffffffff-ffff-4fff-bfff-ffffffffffff",
        "018f00000000700080000000000000001",
        "x",
        1,
    ],
    FieldType.INTEGER: [
        0,
        1,
        2,
        3,
        -1,
        7,
        1.0,
        1.5,
        "1",
        True,
        2**15,
        2**31,
        2**63 - 1,
        2**63,
    ],
    FieldType.NUMBER: [0, 1, 1.5, -2.25, 10, 100.0, 1e300, "1", False],
    FieldType.DECIMAL: [
        "0",
        "1",
        "1.5",
        "1.50",
        "2.25",
        "-3.75",
        "10",
        2,
        2.5,
        "1e3",
        "x",
        True,
        "1234567890.12",
    ],
    FieldType.BOOLEAN: [True, False, 0, "true"],
    FieldType.ARRAY: [
        [],
        ["a"],
        ["a", "b"],
        ["b", "a"],
        [1, 2],
        ["1.50"],
        [1.5],
        ["a", None],
        "a",
        {},
        [True, {"a": 1}],
    ],
    FieldType.OBJECT: [
        {},
        {"a": 1},
        {"a": "x", "b": {"c": True}},
        {"a": None},
        {"a": "y", "n": 2.5},
        [],
        "a",
    ],
    FieldType.JSON: _JSON[1:],
    FieldType.DATETIME: [
        "2024-02-29T12:00:00Z",
        "2024-02-29T13:00:00.25+01:00",
        "1999-12-31T23:59:59.999999Z",
        "2100-01-01T00:00:00Z",
        "2100-01-01T00:00:01Z",
        "2024-02-30T00:00:00Z",
        "yesterday",
        5,
    ],
    FieldType.DATE: [
        "2024-02-29",
        "1900-01-01",
        "1899-12-31",
        "9999-12-31",
        "2024-02-30",
        "2024-2-3",
        20240229,
    ],
    FieldType.TIME: [
        "12:00:00",
        "12:00",
        "00:00:00.5",
        "23:59:59.999999",
        "24:00:00",
        "noon",
        12,
    ],
    FieldType.DURATION: [
        "PT1H",
        "PT60M",
        "PT90M",
        "P1D",
        "P30D",
        "P1M",
        "P1Y2M3DT4H5M6S",
        "-P1D",
        "PT0S",
        "P",
        "1h",
        1,
    ],
    FieldType.BINARY: ["", "AA==", "AQI=", "AAECAwQFBgcI", "A", "AA", "ä", 1],
}


@cache
def _index(field: Field) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    fits: list[Any] = []
    refused: list[Any] = []
    for value in (*_BY_TYPE[field.type], *_bounds(field), *field.enum):
        try:
            read(field, value)
            fits.append(value)
        except Refused:
            refused.append(value)
    return tuple(fits), tuple(refused)


def legal(field: Field) -> tuple[Any, ...]:
    """Values that a field takes."""
    return _lookup(field)[0]


def illegal(field: Field) -> tuple[Any, ...]:
    """Values that a field does not take."""
    return _lookup(field)[1]


_known: dict[int, tuple[Field, tuple[tuple[Any, ...], tuple[Any, ...]]]] = {}


def _lookup(field: Field) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    found = _known.get(id(field))
    if found is None or found[0] is not field:
        found = _known[id(field)] = (field, _index.__wrapped__(field))
    return found[1]


def _bounds(field: Field) -> Iterable[Any]:
    limits = field.constraints
    for limit in (limits.min, limits.max):
        if isinstance(limit, int | float):
            yield from (limit, limit - 1, limit + 1)
        elif limit is not None:
            yield limit
    if field.type in (FieldType.STRING, FieldType.TEXT):
        for length in (limits.min_length, limits.max_length):
            if length:
                yield from ("c" * (length - 1), "c" * length, "c" * (length + 1))
        if limits.pattern:
            yield from ("AB-1", "CD-22", "AB-1\n", "EF-333")
    if field.type is FieldType.DECIMAL and limits.scale is not None:
        yield from (
            f"0.{'0' * (limits.scale - 1)}1" if limits.scale else "0",
            f"0.{'0' * limits.scale}1",
        )
