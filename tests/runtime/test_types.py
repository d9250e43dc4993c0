from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import ConfigDict, create_model

from specora_runtime.bodies import MalformedJson, validate
from specora_runtime.constraints import whole_text_end
from specora_runtime.errors import Invalid
from specora_runtime.types import (
    UNSET,
    Base64,
    Body,
    Boolean,
    Bounds,
    Date,
    DecimalText,
    Duration,
    Email,
    Int16,
    Int32,
    Int64,
    Items,
    JsonArray,
    JsonObject,
    JsonValue,
    Length,
    Number,
    Pattern,
    Precision,
    Representation,
    Text,
    Time,
    Timestamp,
    Uuid,
)

MONEY = Annotated[DecimalText, Precision(precision=6, scale=2), Bounds(ge="0.5")]
RECENT = Annotated[Timestamp, Bounds(ge="2024-01-01T00:00:00Z")]
UUID_TEXT = "550e8400-e29b-41d4-a716-446655440000"


def read(kind: Any, value: str) -> Any:
    model = create_model("Model", __base__=Body, field=(kind, ...))
    return validate(model, None, f'{{"field": {value}}}'.encode())["field"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Text, '"a\\nb"', "a\nb"),
        (Annotated[Text, Length(max=3)], '"😀😀😀"', "😀😀😀"),
        (Annotated[Text, Pattern("b")], '"abc"', "abc"),
        (Email, '"иван+x@почта.рф"', "иван+x@почта.рф"),
        (Uuid, f'"{UUID_TEXT.upper()}"', UUID_TEXT),
        (Int64, "9223372036854775807", 2**63 - 1),
        (Int32, "-2147483648", -(2**31)),
        (Int16, "32767", 32767),
        (Number, "1", 1.0),
        (Number, "-2.5e3", -2500.0),
        (MONEY, '"12.30"', Decimal("12.3")),
        (MONEY, "12.300", Decimal("12.3")),
        (MONEY, "7", Decimal(7)),
        (
            DecimalText,
            "12345678901234567890.12345",
            Decimal("12345678901234567890.12345"),
        ),
        (DecimalText, "0.00", Decimal(0)),
        (Boolean, "true", True),
        (Timestamp, '"2024-01-01T01:00:00+01:00"', datetime(2024, 1, 1, tzinfo=UTC)),
        (Date, '"2024-02-29"', date(2024, 2, 29)),
        (Time, '"23:59:59"', time(23, 59, 59)),
        (Duration, '"PT1H"', "PT1H"),
        (Base64, '"AAEC"', b"\x00\x01\x02"),
        (JsonValue, '[1, {"a": null}]', [1, {"a": None}]),
        (JsonObject, '{"a": 1.5}', {"a": 1.5}),
        (JsonArray, "[]", []),
        (Annotated[list[Int16], Items(max=2)], "[1, 2]", [1, 2]),
        (Literal["a", "b"], '"b"', "b"),
        (Text | None, "null", None),
    ],
)
def test_a_value_becomes_native(kind: Any, value: str, expected: object) -> None:
    found = read(kind, value)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (Text, "5", "wrong-type"),
        (Text, "null", "null-not-allowed"),
        (Text, '"a\\u0000"', "bad-text"),
        (Text, '"\\ud800"', "bad-text"),
        (Annotated[Text, Length(max=2)], '"abc"', "too-long"),
        (Annotated[Text, Length(min=2)], '"😀"', "too-short"),
        (Annotated[Text, Pattern("^[a-z]+$")], '"abc\\n"', "pattern"),
        (Annotated[Text, Pattern("^[a-z]+$")], '"ABC"', "pattern"),
        (Annotated[Text, Pattern("a"), Length(max=2)], '"aaa"', "too-long"),
        (Email, '"nobody"', "bad-format"),
        (Email, '"a\\u0000@b.c"', "bad-format"),
        (Uuid, '"550e8400"', "bad-format"),
        (Uuid, "null", "null-not-allowed"),
        (Int64, "9223372036854775808", "out-of-range"),
        (Int32, "2147483648", "out-of-range"),
        (Int16, "-32769", "out-of-range"),
        (Int64, "1.5", "wrong-type"),
        (Int64, "true", "wrong-type"),
        (Int64, '"1"', "wrong-type"),
        (Int64, "1e400", "out-of-range"),
        (Int64, "1" * 5000, "out-of-range"),
        (Annotated[Int32, Bounds(ge=1, le=5)], "6", "out-of-range"),
        (Annotated[Int32, Bounds(ge=1, le=5)], "0", "out-of-range"),
        (Number, "1e400", "out-of-range"),
        (Number, "1" * 400, "out-of-range"),
        (Number, "true", "wrong-type"),
        (Number, '"1"', "wrong-type"),
        (Annotated[Number, Bounds(le=1.5)], "1.6", "out-of-range"),
        (MONEY, '"1.234"', "scale"),
        (MONEY, "1.234", "scale"),
        (MONEY, '"12345.67"', "out-of-range"),
        (MONEY, '"0.49"', "out-of-range"),
        (MONEY, "true", "wrong-type"),
        (MONEY, '"1e2"', "bad-format"),
        (MONEY, '"Infinity"', "bad-format"),
        (DecimalText, "1e999999999", "out-of-range"),
        (DecimalText, "1e-999999999", "out-of-range"),
        (DecimalText, "1e99999999999999999999", "out-of-range"),
        (DecimalText, "1e-99999999999999999999", "out-of-range"),
        (DecimalText, "1" * 5000, "out-of-range"),
        (Boolean, "1", "wrong-type"),
        (Boolean, '"true"', "wrong-type"),
        (Timestamp, "1700000000", "wrong-type"),
        (Timestamp, '"2024-13-01T00:00:00Z"', "bad-format"),
        (Timestamp, '"0001-01-01T00:00:00+01:00"', "bad-format"),
        (
            Annotated[Timestamp, Bounds(ge="2024-01-01T00:00:00Z")],
            '"2023-01-01T00:00:00Z"',
            "out-of-range",
        ),
        (Annotated[Date, Bounds(le=date(2024, 1, 1))], '"2024-01-02"', "out-of-range"),
        (Date, '"2023-02-29"', "bad-format"),
        (Time, '"25:00"', "bad-format"),
        (Duration, '"1 hour"', "bad-format"),
        (Base64, '"A"', "bad-format"),
        (Annotated[Base64, Length(max=2)], '"AAEC"', "too-long"),
        (JsonObject, "[]", "wrong-type"),
        (JsonArray, "{}", "wrong-type"),
        (JsonValue, '{"a": "\\u0000"}', "bad-text"),
        (JsonValue, '["\\udfff"]', "bad-text"),
        (JsonValue, "[1e400]", "out-of-range"),
        (JsonValue, "[" * 100 + "]" * 100, "bad-format"),
        (Annotated[list[Int16], Items(max=1)], "[1, 2]", "too-long"),
        (Annotated[list[Int16], Items(min=1)], "[]", "too-short"),
        (Annotated[JsonArray, Items(max=1)], "[1, 2]", "too-long"),
        (Literal["a", "b"], '"c"', "not-an-enum-value"),
        (Literal["a", "b"], "1", "not-an-enum-value"),
        (Literal["a", "b"], "null", "null-not-allowed"),
    ],
)
def test_a_value_is_refused_with_its_code(kind: Any, value: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(kind, value)
    assert [error.code for error in caught.value.errors] == [code]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "01", "+1", "'a'"])
def test_what_json_does_not_know_is_malformed(value: str) -> None:
    with pytest.raises(MalformedJson):
        read(Number, value)


def test_an_update_tells_a_field_left_out_from_null() -> None:
    class Update(Body):
        note: Text | None = UNSET
        subject: Annotated[Text, Length(max=3)] = UNSET

    assert validate(Update, None, b"{}") == {}
    assert validate(Update, None, b'{"note": null}') == {"note": None}


def test_a_field_may_be_called_differently_on_the_wire() -> None:
    class Aliased(Body):
        class_: Text

        model_config: ClassVar[ConfigDict] = {
            "alias_generator": lambda name: name.rstrip("_")
        }

    assert validate(Aliased, None, b'{"class": "a"}') == {"class": "a"}
    with pytest.raises(Invalid) as caught:
        validate(Aliased, None, b'{"class_": "a"}')
    assert [error.code for error in caught.value.errors] == [
        "required",
        "unknown-field",
    ]


def test_models_document_their_wire_form() -> None:
    class Documented(Body):
        subject: Annotated[Text, Length(max=3), Pattern("a")]
        at: Timestamp
        count: Annotated[Int32, Bounds(ge=1)]
        price: MONEY
        tags: Annotated[list[Text], Items(max=2)]

    properties = Documented.model_json_schema()["properties"]
    for schema in properties.values():
        del schema["title"]
    assert properties == {
        "subject": {"type": "string", "maxLength": 3, "pattern": "a"},
        "at": {"type": "string", "format": "date-time"},
        "count": {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "price": {"type": "string", "format": "decimal"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    }


def test_a_representation_is_made_by_name_or_alias() -> None:
    class Shown(Representation):
        id: Uuid
        at: Timestamp

    shown = Shown(id=UUID_TEXT, at="2024-01-01T00:00:00Z")  # type: ignore[arg-type]
    assert (
        shown.model_dump_json() == f'{{"id":"{UUID_TEXT}","at":"2024-01-01T00:00:00Z"}}'
    )


@pytest.mark.parametrize(
    ("regex", "expected"),
    [("^a$", r"^a\Z"), (r"\$", r"\$"), ("[$]", "[$]"), (r"[\]$]$", r"[\]$]\Z")],
)
def test_a_dollar_is_the_end_of_the_text(regex: str, expected: str) -> None:
    assert whole_text_end(regex) == expected
