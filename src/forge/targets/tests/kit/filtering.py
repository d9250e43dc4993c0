"""Filters: every operator of every field, against what plain Python expects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from . import expect
from .cases import Named, named
from .collecting import Suite, each, needs, when
from .declarations import Field, Resource
from .desk import Desk, Record, escape, key_of, marker
from .exhibits import exhibits
from .forms import ORDERED, TEXTUAL, comparable

_RESERVED = frozenset(
    {"limit", "offset", "cursor", "sort", "count", "q", "fields", "expand"}
)
_EQUALITY = ("eq", "ne", "in", "nin")
_ORDER = ("gt", "gte", "lt", "lte", "between")
_OPEN = ("object", "json")
_PARTIAL = ("contains", "startswith", "endswith")

Holds = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class _Filter:
    """An operator of a field."""

    field: Field
    operator: str

    def __str__(self) -> str:
        return f"{self.field.name}[{self.operator}]"


def _operators(field: Field) -> tuple[str, ...]:
    if field.type in TEXTUAL:
        return (*_EQUALITY, *_ORDER, *_PARTIAL, "null")
    if field.type in ORDERED:
        return (*_EQUALITY, *_ORDER, "null")
    if field.type == "boolean":
        return (*_EQUALITY, "null")
    if field.type == "array" and field.items not in ("array", "object", "json"):
        return ("contains", "null")
    return ("null",)


def _filters(resource: Resource) -> list[_Filter]:
    return [
        _Filter(field, operator)
        for field in resource.filterable
        if not field.untestable
        for operator in _operators(field)
        if field.name != resource.soft_delete or operator == "null"
    ]


def _mistyped(resource: Resource) -> list[_Filter]:
    typed = (f for f in resource.filterable if f.type in _WRONG or f.enum)
    return [_Filter(f, "eq") for f in typed if f.type != "array"]


class Filtering(Suite):
    """Parameters of a list that choose records."""

    @needs("list", "create")
    @each(_filters)
    def test_filters(self, desk: Desk, case: _Filter) -> None:
        records = exhibits(desk, self.resource)
        name = case.field.name
        present = [r[name] for r in records if r[name] is not None]
        if not present and case.operator != "null":
            pytest.skip(f"no record has a value of `{name}`")
        for text, holds in _conditions(case, present):
            shown = _found(desk, self.resource, records, case, text)
            wanted = [key_of(self.resource, r) for r in records if holds(r[name])]
            assert sorted(shown) == sorted(wanted), f"{case}={text} over {present}"

    @needs("list", "create")
    @each(lambda resource: named(f for f in resource.filterable if f.type in _OPEN))
    def test_filters_look_into_objects(self, desk: Desk, case: Named) -> None:
        records = exhibits(desk, self.resource)
        words = [(record[case.field.name] or {}).get("word") for record in records]
        present = [word for word in words if word is not None]
        if not present:
            pytest.skip(f"no record has a value of `{case.field.name}`")
        inner = Field(f"{case.field.name}.word", "string")
        for operator in ("eq", "startswith", "null"):
            one = _Filter(inner, operator)
            for text, holds in _conditions(one, present):
                shown = _found(desk, self.resource, records, one, text)
                pairs = zip(records, words, strict=True)
                wanted = [key_of(self.resource, r) for r, word in pairs if holds(word)]
                assert sorted(shown) == sorted(wanted), f"{one}={text}"

    @needs("list", "create")
    @when(
        lambda resource: any(
            f.type in TEXTUAL and not f.enum for f in resource.filterable
        )
    )
    def test_filters_take_text_literally(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        for field in self.resource.filterable:
            if field.type not in TEXTUAL or field.enum:
                continue
            for text in ("%", "_", "a%", "' OR '1'='1", "\\"):
                case = _Filter(field, "contains")
                shown = _found(desk, self.resource, records, case, text)
                wanted = [
                    key_of(self.resource, r)
                    for r in records
                    if text in (r[field.name] or "")
                ]
                assert sorted(shown) == sorted(wanted), f"{case}={text}"

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_filters_are_combined(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        names = [f.name for f in self.resource.filterable if f.type in ORDERED][:4]
        params: dict[str, str] = {}
        for name in names:
            value = records[0][name]
            if value is not None:
                params[f"{name}[eq]"] = _text(value)
        page = _list(desk, self.resource, marker(self.resource, records) | params)
        wanted = [
            key_of(self.resource, r)
            for r in records
            if all(r[n] == records[0][n] for n in names if records[0][n] is not None)
        ]
        assert sorted(_keys(self.resource, page)) == sorted(wanted)

    @needs("list")
    @each(_mistyped)
    def test_filter_refuses_a_wrong_value(self, desk: Desk, case: _Filter) -> None:
        wrong = _WRONG.get(case.field.type, "no such value")
        for operator in ("", "[eq]", "[in]", "[gt]"):
            if operator == "[gt]" and case.field.type == "boolean":
                continue
            if not operator and case.field.name in _RESERVED:
                continue
            parameter = f"{case.field.name}{operator}"
            answer = desk.listed(self.resource, {parameter: wrong})
            expect.problem(answer, 400, parameter=parameter)

    @needs("list")
    @each(lambda resource: [_Filter(f, "no_such") for f in resource.filterable])
    def test_filter_refuses_an_unknown_operator(
        self, desk: Desk, case: _Filter
    ) -> None:
        illegal = "no_such" if case.field.type in ORDERED else "gt"
        for operator in ("no_such", illegal, ""):
            parameter = f"{case.field.name}[{operator}]"
            answer = desk.listed(self.resource, {parameter: "1"})
            expect.problem(answer, 400, parameter=parameter)

    @needs("list")
    @when(lambda resource: len(resource.filterable) < len(resource.visible))
    def test_other_fields_are_no_filters(self, desk: Desk) -> None:
        for field in self.resource.visible:
            if field not in self.resource.filterable:
                parameter = f"{field.name}[null]"
                answer = desk.listed(self.resource, {parameter: "true"})
                expect.problem(answer, 400, parameter=parameter)

    @needs("list")
    @when(lambda resource: any(f.sensitive for f in resource.fields))
    def test_sensitive_fields_are_unknown(self, desk: Desk) -> None:
        for field in self.resource.fields:
            if field.sensitive:
                answer = desk.listed(self.resource, {f"{field.name}[eq]": "1"})
                expect.problem(answer, 400, parameter=f"{field.name}[eq]")
                answer = desk.listed(self.resource, {"sort": field.name})
                expect.problem(answer, 400, parameter="sort")
                near = desk.listed(self.resource, {f"{field.name}x": "1"})
                errors = expect.problem(near, 400)["errors"]
                assert f"`{field.name}`" not in str(errors), errors


def _conditions(case: _Filter, present: list[Any]) -> list[tuple[str, Holds]]:
    """Operands of an operator, and which values each of them lets pass."""
    field, operator = case.field, case.operator
    if operator == "null":
        return [("true", lambda v: v is None), ("false", lambda v: v is not None)]
    if field.type == "array":
        return _containing(present)
    if operator in _PARTIAL:
        return _partial(operator, present)
    ranked = sorted(present, key=lambda value: _order(field, value))
    middle, least, greatest = ranked[len(ranked) // 2], ranked[0], ranked[-1]
    if operator == "between":
        pairs = ((least, middle), (middle, greatest), (greatest, least))
        return [
            (f"{_element(low)},{_element(high)}", _between(field, low, high))
            for low, high in pairs
        ]
    if operator in ("in", "nin"):
        few = [least, greatest]
        texts = [_element(middle), ",".join(map(_element, few))]
        return [
            (text, _among(field, values, negated=operator == "nin"))
            for text, values in zip(texts, ([middle], few), strict=True)
        ]
    return [
        (_text(value), _compared(field, operator, value))
        for value in dict.fromkeys((middle, least, greatest))
    ]


def _compared(field: Field, operator: str, operand: Any) -> Holds:
    test: dict[str, Callable[[Any, Any], bool]] = {
        "eq": lambda one, other: one == other,
        "ne": lambda one, other: one != other,
        "gt": lambda one, other: one > other,
        "gte": lambda one, other: one >= other,
        "lt": lambda one, other: one < other,
        "lte": lambda one, other: one <= other,
    }
    compare, wanted = test[operator], _order(field, operand)
    return lambda value: value is not None and compare(_order(field, value), wanted)


def _between(field: Field, low: Any, high: Any) -> Holds:
    least, greatest = _order(field, low), _order(field, high)
    return lambda value: value is not None and least <= _order(field, value) <= greatest


def _among(field: Field, values: list[Any], *, negated: bool) -> Holds:
    wanted = [_order(field, value) for value in values]
    return lambda value: (
        value is not None and (_order(field, value) in wanted) is not negated
    )


def _partial(operator: str, present: list[Any]) -> list[tuple[str, Holds]]:
    text = str(max(present, key=len))
    size = max(1, len(text) // 2)
    pieces = {
        "startswith": text[:size],
        "endswith": text[-size:],
        "contains": text[1:-1],
    }
    piece = pieces[operator] or text
    test: dict[str, Callable[[str, str], bool]] = {
        "startswith": str.startswith,
        "endswith": str.endswith,
        "contains": str.__contains__,
    }
    return [
        (operand, _holding(test[operator], operand))
        for operand in dict.fromkeys((piece, text, piece.swapcase(), piece + "~"))
        if operand
    ]


def _holding(test: Callable[[str, str], bool], operand: str) -> Holds:
    return lambda value: value is not None and test(value, operand)


def _holding_all(items: list[Any]) -> Holds:
    return lambda value: value is not None and all(item in value for item in items)


def _containing(present: list[Any]) -> list[tuple[str, Holds]]:
    elements = [item for value in present for item in value]
    if not elements:
        return []
    whole = max(present, key=len)
    wanted = [[elements[0]], list(whole), [elements[0], elements[-1]]]
    return [
        (
            ",".join(map(_element, items)),
            _holding_all(items),
        )
        for items in wanted
        if items and all(isinstance(i, str) for i in items)
    ]


def _found(
    desk: Desk, resource: Resource, records: list[Record], case: _Filter, text: str
) -> list[str]:
    plain = case.operator == "eq" and case.field.name not in _RESERVED
    parameter = case.field.name if plain else str(case)
    bounds = marker(resource, records) if resource.narrows else {}
    if parameter in bounds or not bounds:
        # The marker would take the same parameter, or the list knows no such filter.
        bounds.pop(parameter, "")
        page = _list(desk, resource, bounds | {parameter: text, "limit": "1000"})
        if page["total"] > 1000:
            pytest.skip("the list is too long to find records in it")
        mine = {key_of(resource, record) for record in records}
        return [key for key in _keys(resource, page) if key in mine]
    page = _list(desk, resource, bounds | {parameter: text})
    keys = _keys(resource, page)
    assert page["total"] == len(keys), "`total` counts other records"
    return keys


def _list(desk: Desk, resource: Resource, params: dict[str, str]) -> Any:
    return expect.content(desk.listed(resource, params), 200)


def _keys(resource: Resource, page: Any) -> list[str]:
    return [key_of(resource, item) for item in page["items"]]


def _order(field: Field, value: Any) -> Any:
    if field.type == "duration":
        return comparable(field.type, value)[0]
    return comparable(field.type, value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _element(value: Any) -> str:
    return escape(_text(value))


_WRONG = {
    "uuid": "no-uuid",
    "integer": "1.5",
    "number": "many",
    "decimal": "much",
    "boolean": "yes",
    "datetime": "yesterday",
    "date": "2023-02-29",
    "time": "25:00",
    "duration": "1 hour",
}
"""Texts that are no value of a type."""
