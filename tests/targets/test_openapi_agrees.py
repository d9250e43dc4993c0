"""The document accepts a value exactly where the service does."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

import jsonschema_rs
import pytest
from pydantic import create_model

from forge.ir import formats as contracts
from forge.ir.entities import Constraints, Field
from forge.ir.types import FORMATS, FieldType
from forge.targets.openapi import bulks, parameters, patterns, schemas, values
from specora_runtime import bulk, formats, grammar, idempotency, query, query_string
from specora_runtime import types as runtime
from specora_runtime.bodies import validate
from specora_runtime.entity import Entity, Type
from specora_runtime.entity import Field as StoredField
from specora_runtime.errors import BadHeader, BadQuery, Invalid
from specora_runtime.words import split_words

T, C, A = FieldType, Constraints, Annotated

TEXTS = [
    "",
    "a",
    "abc",
    "a\nb",
    "é",
    "😀" * 3,
    "a\x00b",
    "x" * 300,
    1,
    None,
    True,
    [],
    {},
]
NUMBERS = [
    0,
    1,
    -1,
    5,
    6,
    2**15,
    2**31,
    2**63 - 1,
    2**63,
    -(2**63),
    0.5,
    2.0,
    -0.0,
    2.5,
    1e18,
    1e300,
    "1",
    None,
    True,
]
DECIMALS = [
    *NUMBERS, "0", "-0", "1.5", "1.50", "1.555", "00012.3", "1e2", "+1", ".5", "5.", "-1.5",
    "999999", "1000000", "999.99", 999.99, 0.1, 0.07, 1.555, 1000000, "", "NaN",
]  # fmt: skip
TIMES = [
    "12:00", "12:00:00", "12:00:60", "24:00", "12:60", "1:00", "12:00:00.5", "12:00:00.",
    "12:00Z", "12:00+01:00", "12:00+1", "noon", 12, None,
]  # fmt: skip
DURATIONS = [
    "P1D", "PT1H", "P1Y2M3DT4H5M6.5S", "P1W", "-P1D", "P-1D", "PT0S", "P", "PT", "P1DT", "1D",
    "P1.5D", "P1M1Y", "P1YT1S", "PT1H1S", "P123456D", 1, None,
]  # fmt: skip
MAILS = [
    "a@b", "a.b@c.example", "a@b.c.", "@b", "a@", "a b@c", "a@b_c", "a@-b", "a@b-", "ü@ü.de",
    "a@b@c", "<a>@b", "a" * 64 + "@b", "a" * 65 + "@b", "a@" + "b" * 64, "a\x00@b", 1, None,
]  # fmt: skip
BASE64 = [
    "",
    "AA==",
    "AAA=",
    "AAAA",
    "AAAAAA==",
    "AAAAAAA=",
    "A",
    "AA",
    "AA=",
    "A===",
    "ääää",
    1,
]
UUIDS = [
    "00000000-0000-0000-0000-000000000000", "ABCDEFAB-0000-7000-8000-00000000000A",
    "00000000000000000000000000000000", "{00000000-0000-0000-0000-000000000000}", "x", 1, None,
]  # fmt: skip
DAYS = [
    "2024-02-29",
    "2023-02-29",
    "2024-1-1",
    "2024-01-01T00:00:00Z",
    "",
    20240101,
    None,
]
INSTANTS = [
    "2024-02-29T12:00:00Z",
    "2024-02-30T12:00:00Z",
    "2024-01-01T00:00:00.123+02:00",
    "x",
]
FREE = [
    None,
    1,
    -1e300,
    1e308,
    "a",
    "a\x00",
    [1, [2]],
    {"a": {"b": None}},
    {"\x00": 1},
    [["\x00"]],
]

CASES: list[tuple[FieldType, Constraints, Any, list[Any]]] = [
    (T.STRING, C(), runtime.Text, TEXTS),
    (
        T.TEXT,
        C(min_length=1, max_length=3),
        A[runtime.Text, runtime.Length(min=1, max=3)],
        TEXTS,
    ),
    (T.EMAIL, C(), runtime.Email, MAILS),
    (T.UUID, C(), runtime.Uuid, UUIDS),
    (T.INTEGER, C(), runtime.Int64, NUMBERS),
    (T.INTEGER, C(min=1, max=5), A[runtime.Int64, runtime.Bounds(ge=1, le=5)], NUMBERS),
    (T.NUMBER, C(min=0), A[runtime.Number, runtime.Bounds(ge=0)], NUMBERS),
    (T.DECIMAL, C(), runtime.DecimalText, DECIMALS),
    (
        T.DECIMAL,
        C(precision=5, scale=2),
        A[runtime.DecimalText, runtime.Precision(precision=5, scale=2)],
        DECIMALS,
    ),
    (
        T.DECIMAL,
        C(scale=1, min=0),
        A[runtime.DecimalText, runtime.Precision(scale=1), runtime.Bounds(ge=0)],
        [d for d in DECIMALS if d != "-0"],
    ),
    (T.BOOLEAN, C(), runtime.Boolean, [True, False, 0, "true", None]),
    (T.DATETIME, C(), runtime.Timestamp, INSTANTS),
    (T.DATE, C(), runtime.Date, DAYS),
    (T.TIME, C(), runtime.Time, TIMES),
    (T.DURATION, C(), runtime.Duration, DURATIONS),
    (T.BINARY, C(), runtime.Base64, BASE64),
    (
        T.BINARY,
        C(min_length=1, max_length=4),
        A[runtime.Base64, runtime.Length(min=1, max=4)],
        BASE64,
    ),
    (T.JSON, C(), runtime.JsonValue, FREE),
    (T.OBJECT, C(), runtime.JsonObject, FREE),
    (
        T.ARRAY,
        C(min_items=1, max_items=1),
        A[runtime.JsonArray, runtime.Items(min=1, max=1)],
        FREE,
    ),
]


def schema_of(field: Field) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"value": values.body(field, nullable=False)},
        "components": {"schemas": {"JsonValue": schemas.JSON_VALUE}},
    }


@pytest.mark.parametrize(
    ("case", "value"),
    [
        pytest.param(case, value, id=f"{case[0]}-{number}-{str(value)[:30]!r}")
        for number, case in enumerate(CASES)
        for value in case[3]
    ],
)
def test_a_body(
    case: tuple[FieldType, Constraints, Any, list[Any]], value: Any
) -> None:
    kind, constraints, annotation, _ = case
    field = Field(name="value", column="value", type=kind, constraints=constraints)
    agree(field, annotation, value)


FORMS: dict[str, list[str]] = {
    "slug": ["a", "a-b", "a--b", "-a", "a-", "A", "ä", "a\n", "", "a_b", "1-2-3"],
    "hostname": [
        "a", "a.example", "a.example.", ".a", "a..b", "-a", "a-", "a_b", "A1.b2", "", "é",
        "x" * 63, "x" * 64, ".".join(["x" * 60] * 5), "a b", "a\n",
    ],
    "ipv4": ["1.2.3.4", "255.255.255.255", "256.1.1.1", "1.2.3", "01.2.3.4", "1.2.3.4\n", ""],
    "ipv6": [
        "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1::2::3", "::1.2.3.4", "fe80::1%0",
        "12345::", "g::", "1:2:3:4:5:6:1.2.3.4", ":1", "",
    ],
    "uri": [
        "https://a.example/b?c#d", "mailto:a@b", "urn:x:y", "a", "/a", "//a", "http:", "http://",
        "http://[::1]:80/", "http://[::1", "http://a b", "http://a/%zz", "http://a/%41", "x:a<b",
        "é:x", "http://é/", "http://a:b@c:1/", "http://a:x/", "x:/a//b", "1x:a", "x:a\n", "",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "text"), [(form, text) for form, texts in FORMS.items() for text in texts]
)
def test_a_form(form: str, text: str) -> None:
    field = Field(name="value", column="value", type=T.STRING, format=form)
    agree(field, A[runtime.Text, runtime.Format(form)], text)


def test_the_forms_are_those_of_the_service() -> None:
    assert contracts.PATTERNS == formats.PATTERNS
    assert contracts.MAX_HOSTNAME == formats.MAX_HOSTNAME
    assert set(formats.PATTERNS) == FORMATS


SOME_DECIMALS = ["1.5", "2", "0", "-0.25"]
ENUMS: list[tuple[FieldType, FieldType | None, list[Any], Any, list[Any]]] = [
    (T.INTEGER, None, [1, 2], A[runtime.Int64, runtime.OneOf(1, 2)], NUMBERS),
    (T.NUMBER, None, [0.5, 1], A[runtime.Number, runtime.OneOf(0.5, 1)], NUMBERS),
    (
        T.DECIMAL,
        None,
        SOME_DECIMALS,
        A[runtime.DecimalText, runtime.OneOf(*SOME_DECIMALS)],
        [
            *DECIMALS,
            "-0.25",
            "-0.250",
            "-.25",
            "2.0",
            "02",
            "0.0",
            "-0.0",
            1.5,
            2,
            2.0,
            -0.25,
        ],
    ),
    (
        T.ARRAY,
        T.STRING,
        ["a", "b"],
        list[Literal["a", "b"]],
        [[], ["a"], ["a", "b", "a"], ["c"], "a", [1], [None], None, {}],
    ),
    (
        T.ARRAY,
        T.INTEGER,
        [1, 2],
        list[A[runtime.Int64, runtime.OneOf(1, 2)]],
        [[], [1], [2.0], [3], [True], ["1"], 1, [1.5]],
    ),
    (
        T.ARRAY,
        T.DECIMAL,
        SOME_DECIMALS,
        list[A[runtime.DecimalText, runtime.OneOf(*SOME_DECIMALS)]],
        [[], ["1.50"], [1.5, "2"], ["1"], [True]],
    ),
    (
        T.ARRAY,
        None,
        ["a", 1],
        list[A[runtime.JsonValue, runtime.OneOf("a", 1)]],
        [[], ["a", 1], [1.0], [True], ["b"], [None]],
    ),
]


@pytest.mark.parametrize(
    ("case", "value"),
    [
        pytest.param(case, value, id=f"{case[0]}-{number}-{str(value)[:30]!r}")
        for number, case in enumerate(ENUMS)
        for value in case[4]
    ],
)
def test_an_enum(
    case: tuple[FieldType, FieldType | None, list[Any], Any, list[Any]], value: Any
) -> None:
    kind, items, legal, annotation, _ = case
    field = Field(
        name="value", column="value", type=kind, items_type=items, enum=tuple(legal)
    )
    agree(field, annotation, value)


def agree(field: Field, annotation: Any, value: Any) -> None:
    body = {"value": value}
    document = jsonschema_rs.is_valid(
        schema_of(field), body, draft=jsonschema_rs.Draft202012, validate_formats=True
    )
    model = create_model("Model", __base__=runtime.Body, value=(annotation, ...))
    assert document == accepted(model, body), "the document and the service disagree"


def accepted(model: Any, body: dict[str, Any]) -> bool:
    try:
        validate(model, None, json.dumps(body).encode())
    except Invalid:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    ["a", "_a", " ß ", "\u00a6 ", "_", "", " ", "\u3000", "\u4e00", "\U0001d15f", "\U0001d400",
     "\U0001f600", "a\x00", "\x00"],
)  # fmt: skip
def test_words_to_search_for(text: str) -> None:
    schema = {"type": "string", "pattern": patterns.words()}
    cut = "\x00" not in text and bool(split_words(text))
    assert jsonschema_rs.is_valid(schema, text) == cut


def test_the_bounds_of_writing_are_those_of_the_service() -> None:
    assert bulks.MOST == bulk.MAX_OPERATIONS
    form = parameters.IDEMPOTENCY_KEY["schema"]
    assert form["maxLength"] == idempotency.MAX_LENGTH
    for text in ("a", "a b", '"', "~" * 255, "", " a", "a ", "\x7f", "é", "~" * 256):
        legal = len(text) <= form["maxLength"] and re.search(form["pattern"], text)
        try:
            idempotency._name([text])
        except BadHeader:
            assert not legal, text
        else:
            assert legal, text


def test_the_operators_are_those_of_the_service() -> None:
    assert parameters.RESERVED == grammar.RESERVED
    assert (parameters.MAX_LIMIT, parameters.DEFAULT_LIMIT, parameters.MAX_SORTS) == (
        query.MAX_LIMIT,
        query.DEFAULT_LIMIT,
        query.MAX_SORTS,
    )
    for kind in FieldType:
        legal = {operator.value for operator in grammar.OPERATORS[Type(kind.value)]}
        assert set(parameters.OPERATORS[kind]) == legal, kind
        assert (kind in parameters.SORTABLE) == (
            Type(kind.value) in grammar.SORTABLE
        ), kind


EXAMPLES = {
    T.INTEGER: "1", T.NUMBER: "1.5", T.DECIMAL: "1.5", T.BOOLEAN: "true", T.DURATION: "P1D",
    T.UUID: "00000000-0000-0000-0000-000000000000", T.DATE: "2024-01-01", T.TIME: "12:00",
    T.DATETIME: "2024-01-01T00:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("name", ["price", "limit"])
def test_every_documented_filter_is_understood(kind: FieldType, name: str) -> None:
    field = Field(name=name, column=name, type=kind)
    stored = StoredField(name=name, type=Type(kind.value))
    entity = Entity(name="thing", table="things", fields=(stored,), key=(name,))
    for operator in parameters.operators_of(field):
        text = "true" if operator == "null" else EXAMPLES.get(kind, "a")
        text = f"{text},{text}" if operator == "between" else text
        wanted = parameters.parameter_name(field, operator)
        (found,) = query_string.parse_query(entity, [(wanted, text)]).filters
        assert (found.field, found.op.value) == (name, operator)


def test_nothing_else_is_understood() -> None:
    entity = Entity(
        name="thing",
        table="things",
        fields=(StoredField(name="price", type=Type.NUMBER),),
        key=("price",),
    )
    for name in ("price[contains]", "other", "q"):
        with pytest.raises(BadQuery):
            query_string.parse_query(entity, [(name, "1")])
