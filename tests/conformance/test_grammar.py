"""The grammar of query strings means the same on every adapter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.sessions import Session, on_every_adapter

TREES: list[Any] = [
    {"city": "Berlin", "n": 5},
    {"city": "berlin", "n": 12, "deep": {"er": {"x": True}}},
    {"city": "5", "n": 5.5, "deep": {"er": {"x": "true"}}},
    {"city": 5, "n": "5"},
    {"city": None, "n": 1e3, "deep": {"er": {"x": False}}},
    {"city": ["Berlin"], "n": {"city": "Berlin"}, "deep": [{"er": 1}]},
    {"a.b": "dot", "a": {"b": "path"}, 'q"uo\\te': "odd", "[x]": "brackets"},
    {"0": "zero", "": "empty", "ünï": "ü", "'; --": "sql", "$": "dollar", "n": -0.0},
    {"n": 9007199254740993},
]


def _trees(app: Session) -> None:
    if app.get("/samples?label=trees&limit=1").body["items"]:
        return
    for position, tree in enumerate(TREES):
        app.made("/samples", label="trees", count=position, tree=tree, free=tree)
    for position, free in enumerate((None, "Berlin", 5, [], [{"city": "Berlin"}])):
        app.made("/samples", label="trees", count=100 + position, free=free)


def _counts(app: Session, query: str) -> list[int]:
    items = app.items(f"/samples?label=trees&sort=count&{query}")
    return [item["count"] for item in items]


@pytest.mark.parametrize("field", ["tree", "free"])
@on_every_adapter
def test_values_inside_objects_compare_as_what_they_are(
    app: Session, field: str
) -> None:
    _trees(app)
    rest = [100, 101, 102, 103, 104]
    for query, wanted in (
        ("city=Berlin", [0]),
        ("city=5", [2, 3]),
        ("city[ne]=Berlin", [1, 2, 3, 5]),
        ("city[in]=Berlin,berlin", [0, 1]),
        ("city[nin]=Berlin,5", [1, 5]),
        ("city[null]=false", [0, 1, 2, 3, 5]),
        ("city[null]=true", [4, 6, 7, 8, *rest]),
        ("city[contains]=erl", [0, 1]),
        ("city[startswith]=B", [0]),
        ("city[endswith]=n", [0, 1]),
        ("n=5", [0, 3]),
        ("n=5.0", [0]),
        ("n[gt]=5", [1, 2, 4, 8]),
        ("n[gte]=5", [0, 1, 2, 3, 4, 8]),
        ("n[between]=5,12", [0, 1, 2]),
        ("n=1000", [4]),
        ("n=1e3", [4]),
        ("n=-0", [7]),
        ("n=9007199254740993", [8]),
        ("n=9007199254740992", []),
        ("deep.er.x=true", [1, 2]),
        ("deep.er.x=false", [4]),
        ("deep.er.x[null]=false", [1, 2, 4]),
        ("deep.er[null]=false", [1, 2, 4]),
        ("deep.0.er[null]=false", []),
        ("a.b=path", [6]),
        ("a%5C.b=dot", [6]),
        ("q%22uo%5C%5Cte=odd", [6]),
        ("%5C%5Bx%5C%5D=brackets", [6]),
        ("0=zero", [7]),
        ("%C3%BCn%C3%AF=%C3%BC", [7]),
        ("'; --=sql", [7]),
        ("$=dollar", [7]),
    ):
        assert _counts(app, f"{field}.{query}") == wanted, query


@on_every_adapter
def test_paths_are_checked(app: Session) -> None:
    for name, code in (
        ("label.x", "unknown-parameter"),
        ("tree.", "unknown-parameter"),
        ("tree..x", "unknown-parameter"),
        ("tree.x[eqq]", "unknown-operator"),
        ("tree." + ".".join("x" * 17), "unknown-parameter"),
        ("or[a][tree.x][eqq]", "unknown-operator"),
    ):
        answer = app.get(f"/samples?{name}=1")
        assert (answer.status, answer.faults) == (400, [(name[:60], code)]), name


@on_every_adapter
def test_of_each_group_one_filter_holds(app: Session) -> None:
    _trees(app)
    for query, wanted in (
        ("or[a][count]=1&or[a][tree.city]=Berlin", [0, 1]),
        ("or[a][count][in]=1,2&or[a][count][gte]=103", [1, 2, 103, 104]),
        ("or[a][count][lt]=3&or[a][count]=100&or[b][tree.n]=5&or[b][count]=1", [0, 1]),
        ("or[a][count][lt]=3&or[a][count]=100&count[ne]=1", [0, 2, 100]),
        ("or[a][tree][null]=true&or[a][count]=0&count[lt]=102", [0, 100, 101]),
    ):
        assert _counts(app, query) == wanted, query


@on_every_adapter
def test_pages_of_a_group_go_on(app: Session) -> None:
    _trees(app)
    asked = "/samples?label=trees&or[a][count][lt]=3&or[a][count]=100&limit=3"
    first = app.get(asked).body
    assert first["total"] == 4
    second = app.get(f"{asked}&cursor={first['next_cursor']}").body
    assert [item["count"] for item in second["items"]] == [100]
    other = asked.replace("100", "101")
    assert app.get(f"{other}&cursor={first['next_cursor']}").status == 400


@on_every_adapter
def test_nulls_have_the_place_that_is_asked_for(app: Session) -> None:
    for count in (3, None, 1, None, 2):
        app.made("/samples", label="places", count=count)
    for sort, wanted in (
        ("count", [1, 2, 3, None, None]),
        ("count:nullsfirst", [None, None, 1, 2, 3]),
        ("-count", [None, None, 3, 2, 1]),
        ("-count:nullslast", [3, 2, 1, None, None]),
        ("label,-count:nullslast", [3, 2, 1, None, None]),
    ):
        for limit in (1, 2, 3, 5):
            found, place = [], ""
            while True:
                body = app.get(
                    f"/samples?label=places&sort={sort}&limit={limit}{place}"
                ).body
                found += [item["count"] for item in body["items"]]
                if body["next_cursor"] is None:
                    break
                place = f"&cursor={body['next_cursor']}"
            assert found == wanted, (sort, limit)


@on_every_adapter
def test_fields_choose_what_is_shown(app: Session) -> None:
    made = app.made("/samples", label="chosen", count=7)
    whole = app.get(f"/samples/{made['id']}")
    one = app.get(f"/samples/{made['id']}?fields=count,label")
    assert list(one.body) == ["id", "label", "count", "_links"]
    assert one.body.items() <= whole.body.items()
    assert one.headers["etag"] == whole.headers["etag"]
    (item,) = app.items("/samples?label=chosen&fields=count")
    assert item == {name: whole.body[name] for name in ("id", "count", "_links")}
    for path in (f"/samples/{made['id']}", "/samples"):
        assert app.get(f"{path}?fields=cuont").faults == [("fields", "unknown-field")]
    assert app.get(f"/samples/{made['id']}?limit=1").status == 400


@on_every_adapter
def test_who_counts_and_who_does_not(app: Session) -> None:
    for _ in range(4):
        app.made("/samples", label="counted")
    asked = "/samples?label=counted&limit=2"
    assert app.get(f"{asked}&count=exact").body["total"] == 4
    assert "total" not in app.get(f"{asked}&count=none").body
    ended = app.get("/samples?label=counted&count=estimated").body
    assert ended["total"] == 4
    assert app.get(f"{asked}&count=some").faults == [("count", "bad-value")]


def test_an_estimate_is_no_less_than_what_is_seen(trio: Any) -> None:
    for served in trio:
        app = Session(served)
        for _ in range(3):
            app.made("/samples", label="estimated")
        asked = "/samples?label=estimated&limit=2&count=estimated"
        assert app.get(asked).body["total"] >= 3


@on_every_adapter
def test_links_lead_to_other_pages(app: Session) -> None:
    for count in range(5):
        app.made("/samples", label="linked", count=count)
    place, seen = "/samples?label=linked&sort=-count&fields=count&limit=2", []
    while place:
        answer = app.get(place)
        seen += [item["count"] for item in answer.body["items"]]
        links = _links(answer.headers["link"])
        assert links["first"] == (
            "/samples?label=linked&sort=-count&fields=count&limit=2"
        )
        assert "last" not in links
        place = links.get("next", "")
    assert seen == [4, 3, 2, 1, 0]
    links = _links(app.get("/samples?label=linked&limit=2&offset=2").headers["link"])
    assert links == {
        "first": "/samples?label=linked&limit=2",
        "next": "/samples?label=linked&limit=2&offset=4",
        "prev": "/samples?label=linked&limit=2&offset=0",
        "last": "/samples?label=linked&limit=2&offset=4",
    }
    odd = app.get('/samples?or[a][label]=linked&or[a][notes]=%3E"<&offset=0')
    assert _links(odd.headers["link"])["first"] == (
        "/samples?or%5Ba%5D%5Blabel%5D=linked&or%5Ba%5D%5Bnotes%5D=%3E%22%3C"
    )


def _links(header: str) -> dict[str, str]:
    parts = (part.partition(">; rel=") for part in header.split(", "))
    return {relation.strip('"'): target[1:] for target, _, relation in parts}
