from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from domain import CUSTOMER, SAMPLE, TICKET
from hypothesis import given
from hypothesis import strategies as st

from specora_runtime.entity import Entity, Field, Type
from specora_runtime.errors import BadQuery
from specora_runtime.filters import filters_of, split
from specora_runtime.query import Filter, Op, Query, Sort
from specora_runtime.query_string import parse_query


def refused(entity: Entity, *pairs: tuple[str, str]) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse_query(entity, pairs)
    return caught.value


def only(entity: Entity, name: str, text: str) -> Filter:
    (found,) = parse_query(entity, [(name, text)]).filters
    return found


def test_nothing_asked() -> None:
    assert parse_query(TICKET, []) == Query()


@pytest.mark.parametrize(
    ("name", "text", "op", "value"),
    [
        ("string", "open", Op.EQ, "open"),
        ("string", "", Op.EQ, ""),
        ("string[eq]", "a,b", Op.EQ, "a,b"),
        ("string[ne]", "x", Op.NE, "x"),
        ("string[in]", r"a,b\,c,", Op.IN, ("a", "b,c", "")),
        ("string[nin]", "a", Op.NIN, ("a",)),
        ("text[contains]", "50%", Op.CONTAINS, "50%"),
        ("email[startswith]", "a_", Op.STARTSWITH, "a_"),
        ("string[endswith]", "z", Op.ENDSWITH, "z"),
        ("integer[gte]", "-10", Op.GTE, -10),
        ("integer[between]", "1,2", Op.BETWEEN, (1, 2)),
        ("number[lt]", "1.5", Op.LT, 1.5),
        ("decimal[gt]", "1.0005", Op.GT, Decimal("1.0005")),
        ("boolean", "true", Op.EQ, True),
        ("boolean[in]", "true,false", Op.IN, (True, False)),
        ("date[lte]", "2024-02-29", Op.LTE, date(2024, 2, 29)),
        ("time", "10:00", Op.EQ, time(10)),
        (
            "datetime[gt]",
            "2024-01-01T01:00:00+01:00",
            Op.GT,
            datetime(2024, 1, 1, tzinfo=UTC),
        ),
        ("duration", "PT90M", Op.EQ, "PT1H30M"),
        ("binary[null]", "true", Op.NULL, True),
        ("json[null]", "false", Op.NULL, False),
        ("words[contains]", r"a,b\,c", Op.CONTAINS, ("a", "b,c")),
        ("counts[contains]", "1,2", Op.CONTAINS, (1, 2)),
        ("flags[null]", "true", Op.NULL, True),
    ],
)
def test_a_filter_is_read_by_its_type(
    name: str, text: str, op: Op, value: object
) -> None:
    assert only(SAMPLE, name, text) == Filter(name.partition("[")[0], op, value)


def test_everything_together() -> None:
    query = parse_query(
        TICKET,
        [
            ("state[in]", "new,closed"),
            ("price[gte]", "1"),
            ("price[lt]", "2"),
            ("sort", "-created_at,subject"),
            ("limit", "7"),
            ("offset", "14"),
        ],
    )
    assert query == Query(
        filters=(
            Filter("state", Op.IN, ("new", "closed")),
            Filter("price", Op.GTE, Decimal(1)),
            Filter("price", Op.LT, Decimal(2)),
        ),
        sort=(Sort("created_at", descending=True), Sort("subject")),
        limit=7,
        offset=14,
    )


@pytest.mark.parametrize(
    ("pairs", "code", "help"),
    [
        ([("stat", "new")], "unknown-parameter", "did you mean `state`?"),
        ([("stat[gt]", "new")], "unknown-parameter", "did you mean `state`?"),
        ([("limits", "1")], "unknown-parameter", "did you mean `limit`?"),
        ([("state[eqq]", "new")], "unknown-operator", "did you mean `eq`?"),
        ([("state[]", "new")], "unknown-operator", None),
        ([("state[eq", "new")], "unknown-parameter", None),
        ([("state[eq][ne]", "new")], "unknown-parameter", None),
        ([("", "x")], "unknown-parameter", None),
        ([("count", "exakt")], "bad-value", "did you mean `exact`?"),
        ([("fields", "subjet")], "unknown-field", "did you mean `subject`?"),
        ([("fields", "")], "empty-fields", None),
        ([("fields", "id,id")], "duplicate-field", None),
        ([("q", "x")], "unknown-parameter", None),
        ([("sort", "subject:nullsfrist")], "bad-value", "did you mean `nullsfirst`?"),
        ([("sort", "subject:")], "bad-value", None),
        ([("or[a][stat]", "new")], "unknown-parameter", "did you mean `state`?"),
        ([("or[a][state][eqq]", "new")], "unknown-operator", "did you mean `eq`?"),
        ([("or[a][quantity]", "x")], "bad-value", None),
        ([("or[][state]", "new")], "unknown-parameter", None),
        ([("or[state]", "new")], "unknown-parameter", None),
        ([("or", "new")], "unknown-parameter", None),
        (
            [("or[a][state]", "new"), ("or[a][state][eq]", "new")],
            "repeated-parameter",
            None,
        ),
        ([("subject.x", "new")], "unknown-parameter", None),
        ([("expand", "customer")], "unknown-parameter", None),
        ([("quantity[contains]", "1")], "illegal-operator", None),
        ([("quantity", "1.5")], "bad-value", None),
        ([("quantity", "9223372036854775808")], "bad-value", None),
        ([("subject", "a\x00b")], "bad-value", None),
        ([("subject[contains]", "\ud800")], "bad-value", None),
        ([("state[null]", "yes")], "bad-value", "`true` or `false`"),
        ([("quantity[between]", "1")], "bad-value", "quantity[between]=low,high"),
        ([("quantity[in]", "")], "bad-value", None),
        ([("quantity[in]", ",".join(["1"] * 1001))], "too-many-values", None),
        (
            [("state", "opne")],
            "bad-value",
            "the values are `new`, `assigned`, `resolved`, `closed`",
        ),
        (
            [("state[in]", "new,gone")],
            "bad-value",
            "the values are `new`, `assigned`, `resolved`, `closed`",
        ),
        ([("limit", "0")], "out-of-range", None),
        ([("limit", "-1")], "out-of-range", None),
        ([("limit", "1001")], "out-of-range", None),
        ([("limit", "ten")], "out-of-range", None),
        ([("limit", "٣")], "out-of-range", None),
        ([("limit", "+3")], "out-of-range", None),
        ([("limit", "")], "out-of-range", None),
        ([("limit", "9" * 5000)], "out-of-range", None),
        ([("offset", "-1")], "out-of-range", None),
        ([("offset", str(2**63))], "out-of-range", None),
        ([("offset", "0"), ("cursor", "x")], "cursor-and-offset", None),
        ([("sort", "")], "empty-sort", None),
        ([("sort", "subject,")], "empty-sort", None),
        ([("sort", "-")], "empty-sort", None),
        ([("sort", "subject,-subject")], "duplicate-sort", None),
        ([("sort", "subjet")], "unknown-field", "did you mean `subject`?"),
        ([("limit", "1"), ("limit", "1")], "repeated-parameter", None),
        ([("state", "new"), ("state", "new")], "repeated-parameter", None),
        ([("state", "new"), ("state[eq]", "new")], "repeated-parameter", None),
    ],
)
def test_refusals(pairs: list[tuple[str, str]], code: str, help: str | None) -> None:
    fault = refused(TICKET, *pairs)
    assert fault.code == code
    assert fault.parameter in {name for name, _ in pairs}
    if help is not None:
        assert fault.help == help


@pytest.mark.parametrize("name", ["object", "json", "binary", "words"])
def test_values_without_an_order_do_not_sort(name: str) -> None:
    assert refused(SAMPLE, ("sort", name)).code == "illegal-sort"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("secret", "true"),
        ("secret[eq]", "true"),
        ("secret[null]", "true"),
        ("secret[nonsense]", "true"),
        ("sort", "secret"),
        ("sort", "secret:nullsfirst"),
        ("fields", "secret"),
        ("or[a][secret]", "true"),
        ("secret.key", "true"),
    ],
)
def test_a_sensitive_field_is_an_unknown_one(name: str, text: str) -> None:
    public = replace(TICKET, fields=TICKET.visible)
    faults = [refused(entity, (name, text)) for entity in (TICKET, public)]
    assert vars(faults[0]) == vars(faults[1])
    assert faults[0].code in ("unknown-parameter", "unknown-field")


def test_no_help_names_a_sensitive_field() -> None:
    for name in ("secre", "tokens", "secret"):
        assert "secret" not in refused(TICKET, (name, "1")).help
        assert "token" not in refused(CUSTOMER, (name, "1")).help


def test_a_field_may_be_called_like_a_parameter() -> None:
    query = parse_query(CUSTOMER, [("limit[eq]", "5"), ("limit", "9")])
    assert query == Query((Filter("limit", Op.EQ, 5),), limit=9)


def test_a_field_called_like_a_refused_parameter_is_named_in_full() -> None:
    counted = Entity(name="x", table="x", fields=(Field(name="q", type=Type.INTEGER),))
    assert refused(counted, ("q", "5")).help == "did you mean `q[eq]`?"
    assert only(counted, "q[eq]", "5") == Filter("q", Op.EQ, 5)


def test_filters_and_sorts_are_bounded() -> None:
    fields = tuple(Field(name=f"f{n}", type=Type.INTEGER) for n in range(100))
    wide = Entity(name="wide", table="wide", fields=fields)
    many = [(field.name, "1") for field in fields]
    assert refused(wide, *many).code == "too-many-filters"
    names = ",".join(field.name for field in fields[:17])
    assert refused(wide, ("sort", names)).code == "too-many-sorts"


def test_answers_repeat_only_the_beginning_of_what_came() -> None:
    assert len(refused(TICKET, ("x" * 10_000, "1")).detail) < 120


@given(st.lists(st.text(alphabet="ab,\\"), min_size=1))
def test_a_comma_list_can_hold_any_text(pieces: list[str]) -> None:
    written = [p.replace("\\", "\\\\").replace(",", "\\,") for p in pieces]
    assert split(",".join(written)) == tuple(pieces)


@given(st.text())
def test_every_text_splits(text: str) -> None:
    assert "".join(split(text)).replace("\\", "").replace(",", "") == text.replace(
        "\\", ""
    ).replace(",", "")


@given(st.lists(st.tuples(st.text(), st.text())))
def test_strangers_get_an_answer_or_a_refusal(pairs: list[tuple[str, str]]) -> None:
    with suppress(BadQuery):
        parse_query(SAMPLE, pairs)


_NAMES = st.sampled_from([*(field.name for field in SAMPLE.fields), "limit", "sort"])
_OPS = st.sampled_from(["", *(f"[{op.value}]" for op in Op)])


@given(st.lists(st.tuples(st.builds("{}{}".format, _NAMES, _OPS), st.text())))
def test_every_operator_takes_any_text(pairs: list[tuple[str, str]]) -> None:
    with suppress(BadQuery):
        parse_query(SAMPLE, pairs)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"string": "a"}, Filter("string", Op.EQ, "a")),
        ({"string": None}, Filter("string", Op.NULL, True)),
        ({"string[in]": ["a", "b"]}, Filter("string", Op.IN, ("a", "b"))),
        ({"string[in]": "a,b"}, Filter("string", Op.IN, ("a", "b"))),
        ({"integer[gte]": 3}, Filter("integer", Op.GTE, 3)),
        ({"boolean": True}, Filter("boolean", Op.EQ, True)),
        ({"words[contains]": ["a"]}, Filter("words", Op.CONTAINS, ("a",))),
        ({"json[null]": False}, Filter("json", Op.NULL, False)),
    ],
)
def test_filters_of_a_mapping(conditions: dict[str, Any], expected: Filter) -> None:
    assert filters_of(SAMPLE, conditions) == (expected,)


@pytest.mark.parametrize(
    "conditions",
    [
        {"strin": "a"},
        {"integer": "a"},
        {"integer": 1.5},
        {"integer[in]": 3},
        {"integer[in]": [None]},
        {"integer[between]": [1]},
        {"boolean[null]": 1},
    ],
)
def test_filters_of_a_mapping_are_as_strict(conditions: dict[str, Any]) -> None:
    with pytest.raises(BadQuery):
        filters_of(SAMPLE, conditions)
