"""Values that the generated tests are made of: texts for patterns, records for conditions."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from forge.expressions import parse
from forge.targets.tests.conditions import solve
from forge.targets.tests.evaluation import breaks, examples
from forge.targets.tests.kit.declarations import ANY, Field
from forge.targets.tests.kit.patterns import compiled, counterexample, example

PATTERNS = (
    "^[a-z0-9]+(-[a-z0-9]+)*$",
    r"^\+[0-9 ]{6,20}$",
    r"^(box|crate)-\d{3,6}[a-f]?$",
    "^[A-Z]{2}-[0-9]+$",
    r"\A#(?:[0-9a-fA-F]{3}){1,2}\z",
    r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$",
    r"^\$[$]\^\\.*$",
    "^a?b*c+|d{2}$",
    r"(?i)^[\w.-]{3,}$",
    "^[-+]?[0-9]{1,3}([.,][0-9]+)?$",
    "needle",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_examples_match_and_counterexamples_do_not(pattern: str) -> None:
    for seed in range(50):
        text = example(pattern, 0, 40, Random(seed))
        assert text is not None
        assert compiled(pattern).search(text)
        assert len(text) <= 40
    wrong = counterexample(pattern, 0, 40)
    assert wrong is not None
    assert not compiled(pattern).search(wrong)


def test_pattern_without_example() -> None:
    assert example("^a{20}$", 0, 10, Random(0)) is None
    assert example("(?=x)y", 0, 10, Random(0)) is None


FIELDS = {
    field.name: field
    for field in (
        Field("priority", "string", required=True, enum=("low", "high", "critical")),
        Field("resolution", "text"),
        Field("amount", "integer", min=0, max=100),
        Field("price", "decimal", scale=2),
        Field("paid", "boolean", required=True),
        Field("tags", "array", items="string", max_items=3),
        Field("start", "datetime"),
        Field("end", "datetime"),
        Field("code", "string", pattern="^[A-Z]{3}$", example="ABC"),
    )
}


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (
            'priority != "critical" || resolution != null',
            {"priority": "low"},
            {"priority": "critical", "resolution": None},
        ),
        ("amount > 10 && amount <= 20", {"amount": 11}, {"amount": 10}),
        ("amount >= 100", {"amount": 100}, {"amount": 99}),
        ("amount > 100", None, {"amount": 100}),
        ("5 < amount", {"amount": 6}, {"amount": 5}),
        ("paid", {"paid": True}, {"paid": False}),
        ("!paid", {"paid": False}, {"paid": True}),
        ("resolution != null", {"resolution": ANY}, {"resolution": None}),
        ("size(resolution) > 3", {"resolution": ANY}, {"resolution": "xxx"}),
        ('priority in ["low", "high"]', {"priority": "low"}, {"priority": "critical"}),
        ('"new" in tags', {"tags": ["new"]}, {"tags": []}),
        ("price > 1.5", {"price": "2.5"}, {"price": "1.5"}),
        ("size(code) < 5", {"code": ANY}, None),
        ("amount * 2 == 20", {"amount": 10}, {"amount": 1}),
        ('user.role == "admin"', None, None),
    ],
)
def test_values_that_meet_and_break_conditions(
    condition: str, holds: dict[str, Any] | None, fails: dict[str, Any] | None
) -> None:
    tree = parse(condition)
    assert solve(tree, True, FIELDS) == holds
    assert solve(tree, False, FIELDS) == fails


def test_values_of_two_fields_are_in_order() -> None:
    found = solve(parse("end > start"), True, FIELDS)
    assert found is not None
    assert found["end"] > found["start"]


def test_examples_of_an_expression() -> None:
    fields = {f.name: f for f in (Field("a", "integer"), Field("b", "integer", max=5))}
    found = examples(parse("a > 3 ? a - b : a * 2.5"), fields)
    assert found == (({"a": 7, "b": 2}, 5), ({"a": 3, "b": 3}, 7.5))
    assert examples(parse("a / b"), fields) == ()
    assert examples(parse("missing + 1"), fields) == ()


def test_record_that_is_known_to_break_a_rule() -> None:
    rule = parse("limit == null || limit >= used")
    assert breaks({"limit": 4, "used": 12}, rule)
    assert not breaks({"limit": 12, "used": 4}, rule)
    assert not breaks({"limit": None, "used": 4}, rule)
    assert not breaks({"limit": 4}, rule)
