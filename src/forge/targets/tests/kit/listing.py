"""A list pages, sorts and counts, and refuses what it does not understand."""

from __future__ import annotations

from typing import Any

import pytest

from . import expect
from .cases import Named, named
from .collecting import Suite, each, needs, when
from .declarations import Field, Resource
from .desk import Desk, Record, key_of, marker
from .exhibits import exhibits
from .forms import SORTABLE, comparable

REFUSED = {
    "limit of zero": ("limit", "0"),
    "limit over the maximum": ("limit", "1001"),
    "limit below zero": ("limit", "-1"),
    "limit that is no number": ("limit", "abc"),
    "limit that is empty": ("limit", ""),
    "limit that is a fraction": ("limit", "1.5"),
    "offset below zero": ("offset", "-1"),
    "offset that is no number": ("offset", "abc"),
    "cursor that nobody issued": ("cursor", "bm9uc2Vuc2U"),
    "sort by an unknown field": ("sort", "no_such_field"),
    "sort by nothing": ("sort", ""),
    "sort with nulls nowhere": ("sort", "id:nullsmiddle"),
    "fields that nobody has": ("fields", "no_such_field"),
    "count in no known way": ("count", "some"),
    "alternatives on an unknown field": ("or[one][no_such_field]", "1"),
    "unknown parameter": ("no_such_field", "1"),
    "parameter in brackets": ("limit[eq", "1"),
}


def _sortable(resource: Resource) -> list[Field]:
    return [f for f in resource.visible if f.type in SORTABLE]


def _tied(resource: Resource) -> Field | None:
    """A field by which several exhibits are equal."""
    fields = [
        f for f in _sortable(resource) if f.settable and f.name not in resource.key
    ]
    unique = {name for key in resource.unique for name in key}
    free = [f for f in fields if f.name not in unique]
    return next(iter(free), None)


class Listing(Suite):
    """`GET` of the collection."""

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_list_has_items_total_and_cursor(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        page = _page(desk, self.resource, records)
        assert set(page) == {"items", "total", "next_cursor"}
        assert page["total"] == len(records)
        assert page["next_cursor"] is None
        shown = {key_of(self.resource, item): item for item in page["items"]}
        for record in records:
            key = key_of(self.resource, record)
            assert shown[key] == desk.current(self.resource, record)

    @needs("list", "create")
    def test_created_record_is_counted(self, desk: Desk) -> None:
        if desk.client.remote:
            pytest.skip("others may use the service at the same time")
        before = expect.content(desk.listed(self.resource, {"limit": "1"}), 200)[
            "total"
        ]
        desk.create(self.resource)
        after = expect.content(desk.listed(self.resource, {"limit": "1"}), 200)["total"]
        assert after == before + 1

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_limit_and_offset_cut_the_list(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        every = _keys(self.resource, _page(desk, self.resource, records))
        assert len(every) == len(records)
        for limit in (1, 2, len(records), 1000):
            page = _page(desk, self.resource, records, limit=str(limit))
            assert _keys(self.resource, page) == every[:limit]
            assert page["total"] == len(records)
            assert (page["next_cursor"] is not None) is (limit < len(records))
        page = _page(desk, self.resource, records, limit="2", offset="1")
        assert _keys(self.resource, page) == every[1:3]
        assert page["total"] == len(records)
        page = _page(desk, self.resource, records, offset=str(len(records)))
        assert page["items"] == []
        assert page["total"] == len(records)

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_cursor_visits_every_record_once(self, desk: Desk) -> None:
        field = _tied(self.resource)
        sorts = ["", *([field.name, f"-{field.name}"] if field else [])]
        records = exhibits(desk, self.resource)
        for sort in sorts:
            params = {"sort": sort} if sort else {}
            whole = _keys(self.resource, _page(desk, self.resource, records, **params))
            for limit in ("1", "3"):
                walked = _walk(desk, self.resource, records, limit=limit, **params)
                assert walked == whole, f"sort {sort!r} in pages of {limit}"

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_cursor_is_bound_to_its_list(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        page = _page(desk, self.resource, records, limit="1")
        cursor = page["next_cursor"]
        other = {"cursor": cursor, "limit": "1", "sort": f"-{self.resource.key[0]}"}
        expect.problem(desk.listed(self.resource, other), 400, parameter="cursor")
        both = marker(self.resource, records) | {"cursor": cursor, "offset": "1"}
        expect.problem(desk.listed(self.resource, both), 400)

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    @each(lambda resource: named(_sortable(resource)))
    def test_sorts_by(self, desk: Desk, case: Named) -> None:
        field = case.field
        records = exhibits(desk, self.resource)
        for sign in ("", "-"):
            sort = {"sort": f"{sign}{field.name}"}
            items = _page(desk, self.resource, records, **sort)["items"]
            shown = [item[field.name] for item in items]
            wanted = _in_order(field, shown, descending=bool(sign))
            assert shown == wanted, f"sort={sort['sort']}"
            assert len(shown) == len(records)

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    @when(lambda resource: len(_sortable(resource)) > 1 and _tied(resource))
    def test_sorts_by_two_fields(self, desk: Desk) -> None:
        first = _tied(self.resource)
        assert first is not None  # the test runs where there is one
        second = next(f for f in reversed(_sortable(self.resource)) if f != first)
        records = exhibits(desk, self.resource)
        sort = {"sort": f"{first.name},-{second.name}"}
        items = _page(desk, self.resource, records, **sort)["items"]
        inner = sorted(
            items, key=lambda item: _rank(second, item[second.name]), reverse=True
        )
        wanted = sorted(inner, key=lambda item: _rank(first, item[first.name]))
        columns = (first.name, second.name)
        assert [[i[c] for c in columns] for i in items] == [
            [i[c] for c in columns] for i in wanted
        ]

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    @each(lambda resource: named(_sortable(resource)))
    def test_nulls_go_where_they_are_put(self, desk: Desk, case: Named) -> None:
        name, records = case.field.name, exhibits(desk, self.resource)
        for sign, first in (("", True), ("-", False)):
            place = "nullsfirst" if first else "nullslast"
            sort = {"sort": f"{sign}{name}:{place}"}
            items = _page(desk, self.resource, records, **sort)["items"]
            empty = [item[name] is None for item in items]
            assert empty == sorted(empty, reverse=first), f"sort={sort['sort']}"

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_fields_choose_what_is_shown(self, desk: Desk) -> None:
        records, key = exhibits(desk, self.resource), set(self.resource.key)
        whole = _page(desk, self.resource, records)["items"]
        for field in self.resource.visible[:5]:
            page = _page(desk, self.resource, records, fields=field.name)
            names = {"_links", field.name, *key} & set(whole[0])
            wanted = [{name: item[name] for name in names} for item in whole]
            assert page["items"] == wanted

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_nobody_counts_without_being_asked(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        page = _page(desk, self.resource, records, limit="1", count="none")
        assert set(page) == {"items", "next_cursor"}

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_of_alternatives_one_is_enough(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        wanted = [_page(desk, self.resource, records[:n])["items"] for n in (1, 2)]
        assert [len(items) for items in wanted] == [1, 2]
        name = self.resource.key[0]
        either = {
            f"or[one][{name}][eq]": str(wanted[0][0][name]),
            f"or[one][{name}][null]": "true",
        }
        items = _page(desk, self.resource, records, **either)["items"]
        assert [item[name] for item in items] == [wanted[0][0][name]] * len(items)
        assert wanted[0][0] in items
        both = either | {f"or[two][{name}][null]": "true"}
        assert _page(desk, self.resource, records, **both)["items"] == []

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_links_lead_to_other_pages(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        asked = marker(self.resource, records) | {"limit": "1"}
        answer = desk.listed(self.resource, asked)
        cursor = expect.content(answer, 200)["next_cursor"]
        assert f'cursor={cursor}>; rel="next"' in answer.headers["link"]
        assert 'rel="first"' in answer.headers["link"]
        answer = desk.listed(self.resource, asked | {"limit": "1000"})
        assert 'rel="next"' not in answer.headers["link"]

    @needs("list", "create")
    @when(lambda resource: resource.narrows)
    def test_links_go_on_by_offset(self, desk: Desk) -> None:
        records = exhibits(desk, self.resource)
        asked = marker(self.resource, records) | {"limit": "1", "offset": "1"}
        links = desk.listed(self.resource, asked).headers["link"]
        last = len(records) - 1
        for relation, offset in (("next", 2), ("prev", 0), ("last", last)):
            assert f'offset={offset}>; rel="{relation}"' in links, links

    @needs("list")
    @pytest.mark.parametrize("name", REFUSED)
    def test_list_refuses(self, desk: Desk, name: str) -> None:
        parameter, value = REFUSED[name]
        answer = desk.listed(self.resource, {parameter: value})
        expect.problem(answer, 400, parameter=parameter)

    @needs("list")
    @when(lambda resource: not resource.search)
    def test_nothing_is_searched_without_a_field_for_it(self, desk: Desk) -> None:
        answer = desk.listed(self.resource, {"q": "word"})
        expect.problem(answer, 400, parameter="q")

    @needs("list")
    def test_list_accepts_the_greatest_limit(self, desk: Desk) -> None:
        expect.content(desk.listed(self.resource, {"limit": "1000"}), 200)

    @needs("list")
    def test_repeated_parameter_is_refused(self, desk: Desk) -> None:
        answer = desk.request(self.resource, "list", "GET", "?limit=1&limit=2")
        expect.problem(answer, 400, parameter="limit")

    @needs("list")
    def test_unknown_parameter_gets_a_suggestion(self, desk: Desk) -> None:
        found = expect.problem(
            desk.listed(self.resource, {"limt": "5"}), 400, parameter="limt"
        )
        assert "limit" in found["errors"][0]["detail"]

    @needs("list", "create")
    def test_head_of_the_list_has_no_body(self, desk: Desk) -> None:
        answer = desk.request(self.resource, "list", "HEAD")
        expect.status(answer, 200)
        assert not answer.content


def _page(desk: Desk, resource: Resource, records: list[Record], **params: str) -> Any:
    """One page of a list that holds these records alone."""
    answer = desk.listed(resource, marker(resource, records) | params)
    return expect.content(answer, 200)


def _keys(resource: Resource, page: Any) -> list[str]:
    return [key_of(resource, item) for item in page["items"]]


def _walk(
    desk: Desk, resource: Resource, records: list[Record], **params: str
) -> list[str]:
    """The keys of every page, by following cursors."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(len(records) + 1):
        page = _page(desk, resource, records, **params, **cursor)
        assert page["total"] == len(records)
        found += _keys(resource, page)
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    return found


def _in_order(field: Field, values: list[Any], *, descending: bool) -> list[Any]:
    return sorted(values, key=lambda v: _rank(field, v), reverse=descending)


def _rank(field: Field, value: Any) -> tuple[bool, Any]:
    """Null counts as greater than every value."""
    if value is None:
        return True, 0
    if field.type == "duration":
        return False, comparable(field.type, value)[0]
    return False, comparable(field.type, value)
