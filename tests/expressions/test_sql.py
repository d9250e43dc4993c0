"""SQL for constraints: the same meaning as in Python, on real SQLite."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forge.expressions import (
    Expression,
    Literal,
    ValueType,
    check,
    parse,
    to_python,
    to_sql,
)
from forge.expressions.sql import Dialect
from specora_runtime import expressions as ops

from .typed import FIELDS, RECORDS, conditions, integers, numbers, texts

_STORED = {
    ValueType.INTEGER: ("INTEGER", lambda value: value),
    ValueType.NUMBER: ("REAL", lambda value: value),
    ValueType.TEXT: ("TEXT", lambda value: value),
    ValueType.BOOLEAN: ("INTEGER", int),
    ValueType.DATE: ("TEXT", lambda value: value.isoformat()),
    ValueType.DATETIME: (
        "TEXT",
        lambda value: value.isoformat(timespec="microseconds"),
    ),
}


def quoted(name: str) -> str:
    return f'"{name}"'


def sql(text: str, dialect: Dialect = "sqlite", **fields: str) -> str | None:
    types = {name: ValueType(kind) for name, kind in fields.items()}
    return to_sql(parse(text), dialect, quoted, types)


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{name}" {_STORED[kind][0]}' for name, kind in FIELDS.items())
    connection.execute(f"CREATE TABLE records ({columns})")
    return connection


def in_sqlite(
    connection: sqlite3.Connection, expression: str, record: dict[str, Any]
) -> Any:
    values = [
        None if record[name] is None else _STORED[kind][1](record[name])
        for name, kind in FIELDS.items()
    ]
    connection.execute("DELETE FROM records")
    connection.execute(
        f"INSERT INTO records VALUES ({','.join('?' * len(values))})", values
    )
    (found,) = connection.execute(f"SELECT {expression} FROM records").fetchone()
    return found


def in_python(expression: Expression, record: dict[str, Any]) -> Any:
    found = eval(to_python(expression, FIELDS), {"ops": ops, "record": record})
    return int(found) if isinstance(found, bool) else found


def assert_agreement(
    connection: sqlite3.Connection, expression: Expression, record: dict[str, Any]
) -> None:
    assert check(expression, FIELDS, result=None) == ()
    printed = to_sql(expression, "sqlite", quoted, FIELDS)
    assert printed is not None
    expected, found = (
        in_python(expression, record),
        in_sqlite(connection, printed, record),
    )
    assert (type(found), found) == (type(expected), expected), printed


EVERY = settings(
    max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck)
)


@EVERY
@given(conditions(), RECORDS)
def test_python_and_sqlite_agree_on_conditions(
    database: sqlite3.Connection, expression: Expression, record: dict[str, Any]
) -> None:
    assert_agreement(database, expression, record)


@EVERY
@given(conditions(2), RECORDS)
def test_python_and_sqlite_agree_on_short_conditions(
    database: sqlite3.Connection, expression: Expression, record: dict[str, Any]
) -> None:
    assert_agreement(database, expression, record)


@EVERY
@given(
    st.one_of(integers(1), numbers(1), texts(1), integers(), numbers(), texts()),
    RECORDS,
)
def test_python_and_sqlite_agree_on_values(
    database: sqlite3.Connection, expression: Expression, record: dict[str, Any]
) -> None:
    assert_agreement(database, expression, record)


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@example("'; DROP TABLE records; --")
@example("\\'")
def test_hostile_texts_stay_literals(database: sqlite3.Connection, text: str) -> None:
    printed = to_sql(Literal(text), "sqlite", quoted, {})
    assert printed is not None
    assert database.execute(f"SELECT {printed}").fetchone() == (text,)


@pytest.mark.parametrize(
    ("text", "postgres"),
    [
        ('"it\'s"', "'it''s'"),
        (r'"a\\\u202e"', r"E'a\\\U0000202E'"),
        (r'"\\\'"', r"E'\\'''"),
        (r'"\x00"', None),
    ],
)
def test_postgres_literals(text: str, postgres: str | None) -> None:
    assert sql(text, "postgres") == postgres


@pytest.mark.parametrize(
    ("text", "sqlite", "postgres"),
    [
        ("a && (b || a)", '"a" AND ("b" OR "a")', '"a" AND ("b" OR "a")'),
        ("a && b && a", '"a" AND "b" AND "a"', '"a" AND "b" AND "a"'),
        (
            "i - -1 > 0",
            '("i" - (-1)) > 0',
            '(CAST("i" AS numeric) - CAST(-1 AS numeric)) > 0',
        ),
        ("i / j == 1", '("i" / NULLIF("j", 0)) = 1', None),
        ("s < t", '"s" < "t"', '"s" COLLATE "C" < "t" COLLATE "C"'),
        ("s in ['x', 'y']", "\"s\" IN ('x', 'y')", "\"s\" IN ('x', 'y')"),
        ("s in []", "FALSE", "FALSE"),
        ("p > 0.1", None, '"p" > (0.1)'),
        ("p != null", '"p" IS NOT NULL', '"p" IS NOT NULL'),
        ("n > 0.1", '"n" > 0.1', '"n" > CAST(0.1 AS double precision)'),
        ("d >= '2024-02-29'", "\"d\" >= '2024-02-29'", "\"d\" >= DATE '2024-02-29'"),
        (
            "u > v + duration('PT2H')",
            None,
            '"u" > ("v" + INTERVAL \'7200 seconds\')',
        ),
        (
            "u > '2024-01-01T12:00:00+02:00'",
            None,
            "\"u\" > TIMESTAMPTZ '2024-01-01T10:00:00+00:00'",
        ),
    ],
)
def test_text(text: str, sqlite: str | None, postgres: str | None) -> None:
    kinds = FIELDS | {"p": ValueType.DECIMAL}
    assert to_sql(parse(text), "sqlite", quoted, kinds) == sqlite
    if postgres is not None:
        assert to_sql(parse(text), "postgres", quoted, kinds) == postgres


@pytest.mark.parametrize(
    "text",
    [
        "s == user.id",
        "u < now()",
        "d == today()",
        "s.matches('a')",
        "'x' in tags",
        "size(tags) > 1",
        "effort > duration('PT1H')",
        "data == 'x'",
        "unknown == 1",
        "round(n, 2) > 1.0",
        "int(n) == 1",
        "string(n) == '1'",
        "u > d",
        "p / p == 1",
    ],
)
@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_what_sql_cannot_say(text: str, dialect: Dialect) -> None:
    kinds = FIELDS | {
        "tags": ValueType.LIST,
        "effort": ValueType.DURATION,
        "data": ValueType.JSON,
        "p": ValueType.DECIMAL,
    }
    assert to_sql(parse(text), dialect, quoted, kinds) is None


def test_a_constraint_refuses_what_python_calls_false() -> None:
    printed = sql("i > j || s == 'free'", i="integer", j="integer", s="text")
    connection = sqlite3.connect(":memory:")
    connection.execute(
        f"CREATE TABLE t (i INTEGER, j INTEGER, s TEXT, CHECK ({printed}))"
    )
    for row in ((2, 1, "x"), (1, 2, "free"), (None, 1, "x"), (1, 2, None)):
        connection.execute("INSERT INTO t VALUES (?, ?, ?)", row)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO t VALUES (1, 2, 'x')")


def test_the_smallest_integer_has_no_absolute_value_that_fails() -> None:
    printed = sql("abs(i) > 0", i="integer")
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (i INTEGER)")
    connection.execute("INSERT INTO t VALUES (?)", (-(2**63),))
    assert connection.execute(f"SELECT {printed} FROM t").fetchone() == (1,)


def test_repeated_operands_stay_bounded() -> None:
    text = "s"
    for _ in range(30):
        text = f"min(t, {text} + 'x')"
    assert to_sql(parse(f"{text} == 'x'"), "postgres", quoted, FIELDS) is None
