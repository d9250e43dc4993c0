"""Random well-typed conditions over one table, with records to evaluate them on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from forge.expressions import (
    Binary,
    Call,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    Name,
    Unary,
    ValueType,
)

Trees = st.SearchStrategy[Expression]

FIELDS = {
    "i": ValueType.INTEGER,
    "j": ValueType.INTEGER,
    "n": ValueType.NUMBER,
    "m": ValueType.NUMBER,
    "s": ValueType.TEXT,
    "t": ValueType.TEXT,
    "a": ValueType.BOOLEAN,
    "b": ValueType.BOOLEAN,
    "d": ValueType.DATE,
    "e": ValueType.DATE,
    "u": ValueType.DATETIME,
    "v": ValueType.DATETIME,
}
COMPARISONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
INTEGERS = st.integers(-20, 20)
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False) | st.sampled_from(
    [0.0, 0.1, 0.5, -0.0, 3.0]
)
# A small alphabet lets texts meet; it holds what escapes, folds and sorts differently elsewhere.
TEXTS = st.text("aAbBäÄß'\"\\%_ \t\x1f\u00a0😀\uffeeI\n", max_size=4)
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29)]
)
MOMENTS = st.datetimes(
    datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)
)
VALUES: dict[ValueType, st.SearchStrategy[Any]] = {
    ValueType.INTEGER: INTEGERS,
    # JSON writes 5.0 as 5, so a record may hold an integer in a number field.
    ValueType.NUMBER: NUMBERS | INTEGERS,
    ValueType.TEXT: TEXTS,
    ValueType.BOOLEAN: st.booleans(),
    ValueType.DATE: DATES,
    ValueType.DATETIME: MOMENTS,
}
RECORDS = st.fixed_dictionaries(
    {
        name: st.one_of(st.none(), VALUES[kind], VALUES[kind])
        for name, kind in FIELDS.items()
    }
)


def names(kind: ValueType) -> Trees:
    return st.sampled_from(
        [Name(name) for name, found in FIELDS.items() if found is kind]
    )


def conditions(depth: int = 4) -> Trees:
    """Conditions that SQL can express."""
    if depth == 0:
        return names(ValueType.BOOLEAN) | st.builds(Literal, st.booleans())
    inner = st.deferred(lambda: conditions(depth - 1))
    return st.one_of(
        names(ValueType.BOOLEAN),
        st.builds(Unary, st.just("!"), inner),
        st.builds(Binary, st.sampled_from(["&&", "||"]), inner, inner),
        st.builds(Conditional, inner, inner, inner),
        st.builds(Binary, st.sampled_from(["==", "!="]), inner, inner),
        _compared(depth - 1),
        _null_tests(depth - 1),
        _memberships(depth - 1),
        _text_tests(depth - 1),
    )


def _compared(depth: int) -> Trees:
    pairs = [
        (numbers(depth), numbers(depth)),
        (texts(depth), texts(depth)),
        (names(ValueType.DATE), names(ValueType.DATE)),
        (names(ValueType.DATE), st.builds(Literal, DATES.map(date.isoformat))),
        (names(ValueType.DATETIME), names(ValueType.DATETIME)),
    ]
    return st.one_of(
        st.builds(Binary, COMPARISONS, left, right) for left, right in pairs
    )


def _null_tests(depth: int) -> Trees:
    tested = st.one_of(
        numbers(depth), texts(depth), names(ValueType.DATE), conditions(depth)
    )
    return st.one_of(
        st.builds(
            Binary, st.sampled_from(["==", "!="]), tested, st.just(Literal(None))
        ),
        st.builds(
            Call, st.just("has"), st.sampled_from([(Name(name),) for name in FIELDS])
        ),
    )


def _memberships(depth: int) -> Trees:
    def lists(items: Trees) -> Trees:
        return st.builds(ListLiteral, st.lists(items, max_size=3).map(tuple))

    return st.one_of(
        st.builds(Binary, st.just("in"), numbers(depth), lists(numbers(depth))),
        st.builds(Binary, st.just("in"), texts(depth), lists(texts(depth))),
    )


def _text_tests(depth: int) -> Trees:
    functions = st.sampled_from(["startsWith", "endsWith", "contains"])
    return st.builds(Call, functions, st.tuples(texts(depth), texts(depth)))


def texts(depth: int = 3) -> Trees:
    """Texts that SQL can express."""
    leaves = names(ValueType.TEXT) | st.builds(Literal, TEXTS)
    if depth <= 0:
        return leaves
    inner = st.deferred(lambda: texts(depth - 1))
    return st.one_of(
        leaves,
        st.builds(Call, st.sampled_from(["lower", "upper", "trim"]), st.tuples(inner)),
        st.builds(Binary, st.just("+"), inner, inner),
        st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner)),
        st.builds(Conditional, conditions(depth - 1), inner, inner),
        st.builds(Call, st.just("string"), st.tuples(integers(depth - 1))),
    )


def integers(depth: int = 3) -> Trees:
    """Integers that SQL can express, small enough for 64 bits on the way."""
    leaves = names(ValueType.INTEGER) | st.builds(Literal, INTEGERS)
    if depth <= 0:
        return leaves
    inner = st.deferred(lambda: integers(depth - 1))
    return st.one_of(
        leaves,
        st.builds(Binary, st.sampled_from("+-*/%"), inner, inner),
        st.builds(Unary, st.just("-"), inner),
        st.builds(Call, st.just("size"), st.tuples(texts(depth - 1))),
        st.builds(Call, st.just("abs"), st.tuples(inner)),
        st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner)),
        st.builds(
            Conditional, conditions(depth - 1), inner, inner | st.just(Literal(None))
        ),
    )


def numbers(depth: int = 3) -> Trees:
    """Integers and numbers that SQL can express."""
    leaves = st.one_of(
        names(ValueType.NUMBER), st.builds(Literal, NUMBERS), integers(depth)
    )
    if depth <= 0:
        return leaves
    inner = st.deferred(lambda: numbers(depth - 1))
    return st.one_of(
        leaves,
        st.builds(Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(Unary, st.just("-"), inner),
        st.builds(Call, st.sampled_from(["abs", "double"]), st.tuples(inner)),
        st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner)),
        st.builds(Conditional, conditions(depth - 1), inner, inner),
    )
