"""Python source of expressions, and the semantics of the runtime under it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forge.expressions import (
    Literal,
    OwnFunction,
    Parameter,
    ValueType,
    parse,
    to_javascript,
    to_python,
    with_calls,
)
from specora_runtime import expressions as ops

from .strategies import CHARACTERS, to_cel

USER = SimpleNamespace(id="u1", email="a@b.example", role="admin")
ANY = ValueType.ANY
MOMENT = datetime(2024, 2, 28, 12, tzinfo=UTC)


def value(
    text: str, fields: Mapping[str, ValueType] | None = None, /, **record: Any
) -> Any:
    source = to_python(parse(text), fields)
    return eval(source, {"ops": ops, "record": record, "user": USER})


@pytest.mark.parametrize(
    ("text", "python", "javascript"),
    [
        (
            "user.role in ['admin'] || size(name) > 2",
            'ops.or_(ops.member_of(user.role, ["admin"]), ops.gt(ops.size(record["name"]), 2))',
            'ops.or(ops.memberOf(user.role, ["admin"]), ops.gt(ops.size(record["name"]), 2))',
        ),
        (
            "a != null && !b",
            'ops.and_(ops.has(record["a"]), ops.not_(record["b"]))',
            'ops.and(ops.has(record["a"]), ops.not(record["b"]))',
        ),
        (
            "a ? 1 / 2 : -c",
            '(ops.divide(1, 2) if ops.holds(record["a"]) else ops.negate(record["c"]))',
            '(ops.holds(record["a"]) ? ops.quotient(1, 2) : ops.negate(record["c"]))',
        ),
        (
            "name.startsWith('</script>')",
            'ops.starts_with(record["name"], "</script>")',
            'ops.startsWith(record["name"], "\\u003c/script\\u003e")',
        ),
    ],
)
def test_source(text: str, python: str, javascript: str) -> None:
    assert to_python(parse(text)) == python
    assert to_javascript(parse(text)) == javascript


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7 / 0", None),
        ("7 % 0", None),
        ("7.0 / 2", 3.5),
        ("1.0 / 0.0", None),
        ("9223372036854775807 + 1 > 0", True),
        ("none + 1", None),
        ("none == 1", None),
        ("none != 1", None),
        ("none == null", True),
        ("none != null", False),
        ("has(none)", False),
        ("none > 1 || true", True),
        ("none > 1 && true", None),
        ("none > 1 && false", False),
        ("!(none > 1)", None),
        ("none > 1 ? 'a' : 'b'", "b"),
        ("1 in []", False),
        ("none in [1]", None),
        ("2 in [1, none, 2]", True),
        ("3 in [1, none, 2]", None),
        ("size('😀é')", 2),
        ("'ÄB'.lowerAscii()", "Äb"),
        ("'\\u00a0 x\\t'.trim()", "x"),
        ("'\uffee' < '😀'", True),
        ("'ab'.matches('^b$') || 'a\\n'.matches('^a$')", False),
        ("'xay'.matches('a')", True),
        ("round(2.5, 0)", 3.0),
        ("round(-1.005, 2)", -1.01),
        ("string(true) + string(1.5) + string(duration('PT90M'))", "true1.5PT1H30M"),
        ("int('42') + int(2.9)", 44),
        ("int('x')", None),
        ("double('1e3')", 1000.0),
        ("max(1, 2.5)", 2.5),
        ("min(none, 1)", None),
        ("duration('P1Y2M') == duration('P425D')", True),
        ("duration('x')", None),
        ("user.role == 'admin' && user.email.endsWith('.example')", True),
    ],
)
def test_semantics(text: str, expected: object) -> None:
    found = value(text, none=None)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("due + duration('P2D') > made", True),
        ("due - made == duration('PT1H')", True),
        ("due > day", True),
        ("due == '2024-02-28T13:00:00+01:00'", True),
        ("day + duration('P1D') == '2024-02-29'", True),
        ("effort > 'PT59M'", True),
        ("effort + effort == duration('PT2H')", True),
        ("price == 0.1", True),
        ("price * 3 == 0.3", True),
        ("price + ratio == 5.1", True),
        ("ratio / 2 == 2.5", True),
        ("price > text", None),
        ("id == '0190aaaa-0000-7000-8000-00000000000a'", True),
        ("flag == 1", False),
    ],
)
def test_stored_forms(text: str, expected: bool | None) -> None:
    record = {
        "due": MOMENT,
        "made": "2024-02-28T11:00:00Z",
        "day": date(2024, 2, 28),
        "effort": "PT60M",
        "price": Decimal("0.1"),
        "ratio": 5,
        "text": "x",
        "id": UUID("0190aaaa-0000-7000-8000-00000000000a"),
        "flag": True,
    }
    kinds = {
        "due": ValueType.DATETIME,
        "made": ValueType.DATETIME,
        "day": ValueType.DATE,
        "effort": ValueType.DURATION,
        "price": ValueType.DECIMAL,
        "ratio": ValueType.NUMBER,
    }
    assert value(text, kinds, **record) is expected


def test_guards_need_true_and_constraints_refuse_false() -> None:
    assert [ops.holds(found) for found in (True, None, False)] == [True, False, False]
    assert [ops.allows(found) for found in (True, None, False)] == [True, True, False]


def test_the_clock_is_utc() -> None:
    moment, day = ops.now(), ops.today()
    assert moment.tzinfo is UTC
    assert timedelta() <= moment - datetime(day.year, day.month, day.day, tzinfo=UTC)


@given(st.timedeltas(timedelta(days=-3000), timedelta(days=3000)))
def test_durations_survive_their_text(length: timedelta) -> None:
    assert ops.duration(ops.duration_text(length)) == length


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.lists(st.integers() | st.none(), max_size=3),
    st.dictionaries(st.text(), st.none(), max_size=2),
    st.sampled_from(
        [10**400, "PT1H", "9" * 5000, "2024-01-01", Decimal("sNaN"), "1e9999"]
    ),
)
ONE = (
    ops.absolute,
    ops.as_date,
    ops.as_datetime,
    ops.as_decimal,
    ops.as_number,
    ops.as_time,
    ops.duration,
    ops.has,
    ops.holds,
    ops.integer,
    ops.is_null,
    ops.lower,
    ops.negate,
    ops.not_,
    ops.number,
    ops.size,
    ops.string,
    ops.trim,
    ops.upper,
)
TWO = (
    ops.add,
    ops.and_,
    ops.contains,
    ops.divide,
    ops.ends_with,
    ops.eq,
    ops.ge,
    ops.gt,
    ops.largest,
    ops.le,
    ops.lt,
    ops.matches,
    ops.member_of,
    ops.modulo,
    ops.multiply,
    ops.ne,
    ops.or_,
    ops.rounded,
    ops.smallest,
    ops.starts_with,
    ops.subtract,
)


@settings(max_examples=1000, deadline=None)
@given(VALUES, VALUES)
@example(10**400, 0.5)
@example(Decimal("sNaN"), Decimal("sNaN"))
def test_no_operation_raises(left: object, right: object) -> None:
    for single in ONE:
        single(left)
    for double in TWO:
        double(left, right)


HOSTILE = st.one_of(
    st.text(CHARACTERS),
    st.text("'\"\\\n\r\t\0{}$`\u202e\u2028*/#;-"),
    st.sampled_from(
        ['"""', "'''", '\\"""', "'; DROP TABLE x; --", '" + evil() + "', "\u202eabc"]
    ),
)


@settings(max_examples=500)
@given(HOSTILE)
def test_hostile_texts_stay_literals(text: str) -> None:
    parsed = parse(to_cel(Literal(text)))
    assert parsed == Literal(text)
    assert ast.literal_eval(to_python(parsed)) == text
    source = to_python(parse(f"name == {to_cel(Literal(text))}"))
    assert eval(source, {"ops": ops, "record": {"name": text}}) is True
    assert "\n" not in source


def test_what_others_wrote_is_called_only_where_it_matters() -> None:
    calls: list[object] = []

    def seen(found: object) -> object:
        calls.append(found)
        return found

    own = SimpleNamespace(seen=seen)
    function = OwnFunction("seen", "m", "seen", (Parameter("x", ANY, (ANY,)),), 1)

    def told(text: str, **record: Any) -> Any:
        tree = with_calls(parse(text), lambda call: replace(call, own=function))
        source = to_python(tree, {})
        return eval(source, {"ops": ops, "own": own, "record": record})

    for text, outcome in (
        ("false && seen(x)", False),
        ("x && seen(x)", None),
        ("true || seen(x)", True),
        ("x || !seen(x)", None),
        ("x ? seen(1) : seen(2)", 2),
    ):
        assert told(text, x=None) is outcome, text
    assert calls == [None, None, 2]
