"""What an expression means: types, and every fault of meaning with its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from forge.expressions import Expression, ValueType, check, parse, result_type

from .strategies import TREES

FIELDS = {
    "name": ValueType.TEXT,
    "count": ValueType.INTEGER,
    "ratio": ValueType.NUMBER,
    "price": ValueType.DECIMAL,
    "open": ValueType.BOOLEAN,
    "due_at": ValueType.DATETIME,
    "made_at": ValueType.DATETIME,
    "day": ValueType.DATE,
    "hour": ValueType.TIME,
    "effort": ValueType.DURATION,
    "id": ValueType.UUID,
    "tags": ValueType.LIST,
    "data": ValueType.JSON,
    "other": ValueType.ANY,
}


def problems(text: str, result: ValueType | None = None) -> list[tuple[str, str, str]]:
    found = check(parse(text), FIELDS, result=result)
    return [(text[p.start : p.end], p.message, p.help) for p in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("count + 1", "integer"),
        ("count / 2", "integer"),
        ("count + ratio", "number"),
        ("count * price", "decimal"),
        ("ratio * price", "decimal"),
        ("-effort", "duration"),
        ("name + 'x'", "text"),
        ("due_at - made_at", "duration"),
        ("due_at + duration('P1D')", "datetime"),
        ("duration('P1D') + due_at", "datetime"),
        ("day + effort", "date"),
        ("day - today()", "duration"),
        ("effort + effort", "duration"),
        ("open ? count : ratio", "number"),
        ("open ? null : name", "text"),
        ("min(count, price)", "decimal"),
        ("round(price, 2)", "decimal"),
        ("abs(count)", "integer"),
        ("string(id)", "text"),
        ("int(ratio)", "integer"),
        ("double(name)", "number"),
        ("name.size()", "integer"),
        ("has(tags)", "boolean"),
        ("now()", "datetime"),
        ("user.role", "text"),
        ("[1, 2]", "list"),
        ("null", "null"),
        ("other + 1", "any"),
    ],
)
def test_types(text: str, kind: str) -> None:
    assert problems(text) == []
    assert result_type(parse(text), FIELDS) == kind


@pytest.mark.parametrize(
    "text",
    [
        "due_at > day",
        "due_at > '2024-01-01T00:00:00Z'",
        "day in ['2024-01-01', '2024-02-29']",
        "hour < '12:30'",
        "effort > 'PT2H'",
        "id == '0190aaaa-0000-7000-8000-00000000000a' || id != name",
        "name in tags && 1 in data",
        "count == price && ratio < count",
        "data == null || data == 'x'",
        "price in [1, 2.5]",
        "name.matches('^[A-Z]{3}-[0-9]+$')",
    ],
)
def test_comparable(text: str) -> None:
    assert problems(text, ValueType.BOOLEAN) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nmae == 'x'", ("nmae", "unknown field `nmae`", "did you mean `name`?")),
        ("Name == 'x'", ("Name", "unknown field `Name`", "did you mean `name`?")),
        (
            "now > due_at",
            ("now", "unknown field `now`", "`now` is a function: write `now(...)`"),
        ),
        (
            "user.rol == 'x'",
            ("user.rol", "unknown attribute `user.rol`", "did you mean `role`?"),
        ),
        (
            "old.name == name",
            (
                "old.name",
                "`old` is reserved and has no meaning yet",
                "compare the fields of the record itself",
            ),
        ),
        ("sise(name) > 1", ("sise", "unknown function `sise`", "did you mean `size`?")),
        (
            "name.startswith('x')",
            (
                "startswith",
                "unknown function `startswith`",
                "did you mean `startsWith`?",
            ),
        ),
        (
            "size(name, 1) > 1",
            ("size(name, 1)", "`size` takes one argument, not 2", ""),
        ),
        ("size(count) > 1", ("count", "`size` does not take integer", "")),
        ("ratio % 2 == 0", ("ratio", "`%` needs integers", "")),
        ("name < 5", ("name < 5", "text and integer cannot be compared", "")),
        ("tags < 5", ("tags", "`<` cannot order list", "")),
        ("null < 5", ("null", "`<` cannot order null", "")),
        ("1 + null == 2", ("null", "`+` with null gives null", "")),
        (
            "name + 1 == 'a'",
            (
                "name + 1",
                "`+` does not take text and integer",
                "write `string(...)` to join texts",
            ),
        ),
        (
            "count && open",
            (
                "count",
                "`&&` needs a boolean, not integer",
                "compare with `==`, `<` or `in`, or test with `has(field)`",
            ),
        ),
        (
            "'a' in name",
            (
                "name",
                "`in` needs a list, not text",
                "write `text.contains(part)` to look into a text",
            ),
        ),
        ("count in ['a']", ("'a'", "integer and text cannot be compared", "")),
        (
            "count in [1, null]",
            (
                "null",
                "`null` in a list matches nothing",
                "nothing equals null; test with `field == null`",
            ),
        ),
        ("name in ['a', 1]", ("1", "a list of text holds a integer", "")),
        (
            "due_at > 'soon'",
            (
                "'soon'",
                "the text is not a datetime",
                'write it as `"2025-01-31T12:00:00Z"`',
            ),
        ),
        (
            "effort > duration('2h')",
            (
                "'2h'",
                "the text is not an ISO 8601 duration",
                'write it as `"P1DT2H30M"`',
            ),
        ),
        (
            "has(count + 1)",
            ("has(count + 1)", "`has` takes a field", "write `has(field)`"),
        ),
        (
            "name.matches(name)",
            (
                "name",
                "the pattern of `matches` is a string literal",
                "a pattern from data could stall the service",
            ),
        ),
        (
            "(open ? 1 : 'a') == 1",
            (
                "open ? 1 : 'a'",
                "the branches give integer and text",
                "both branches give one type, or null",
            ),
        ),
        (
            "round(price, count) > 1.0",
            ("count", "the digits of `round` are an integer from 0 to 15", ""),
        ),
    ],
)
def test_faults(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in problems(text)


def test_all_faults_come_at_once_in_the_order_of_the_text() -> None:
    found = problems("foo > 1 && size(count) > 1 && bar(2)", ValueType.BOOLEAN)
    assert [place for place, _, _ in found] == ["foo", "count", "bar"]


@pytest.mark.parametrize(
    ("text", "result", "message"),
    [
        ("count + 1", ValueType.BOOLEAN, "the expression gives integer, not boolean"),
        ("ratio", ValueType.INTEGER, "the expression gives number, not integer"),
        ("count", ValueType.TEXT, "the expression gives integer, not text"),
    ],
)
def test_the_result_has_the_wanted_type(
    text: str, result: ValueType, message: str
) -> None:
    assert [found for _, found, _ in problems(text, result)] == [message]


@pytest.mark.parametrize(
    ("text", "result"),
    [("count", "decimal"), ("count", "number"), ("null", "text"), ("name", "json")],
)
def test_a_narrower_result_fits(text: str, result: str) -> None:
    assert problems(text, ValueType(result)) == []


@settings(max_examples=500, deadline=None)
@given(TREES)
def test_any_tree_is_checked_without_an_exception(tree: Expression) -> None:
    check(tree, FIELDS, result=ValueType.BOOLEAN)
