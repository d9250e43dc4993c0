"""Filters, orders and pages find the same records in the same order on every adapter."""

from __future__ import annotations

from typing import Any

from tests.conformance.sessions import Session, on_every_adapter

TEXTS = ["b", "B", "a", "ä", "z", "Z", "é", "e", "10", "9", "😀", "\uffee", "%", "_", "a%b",
         "axb", "a_b",
         "\\", "'", '"', ",", "", " ", "~", "İ", "ß", "ss"]  # fmt: skip
"""Texts that languages, cases and encodings order differently."""


def samples(app: Session, label: str, field: str, values: list[Any]) -> None:
    """One sample for each value of a field, and one without a value."""
    if app.get(f"/samples?label={label}&limit=1").body["total"]:
        return
    for value in (*values, None):
        app.made("/samples", label=label, **{field: value})


def found(app: Session, label: str, field: str, query: str) -> list[Any]:
    """The values of a field on the page that a query asks for, without nulls."""
    items = app.items(f"/samples?label={label}&{query}")
    return [item[field] for item in items if item[field] is not None]


@on_every_adapter
def test_texts_are_ordered_by_code_point(app: Session) -> None:
    samples(app, "texts", "notes", TEXTS)
    wanted = sorted(TEXTS)
    assert found(app, "texts", "notes", "sort=notes") == wanted
    assert found(app, "texts", "notes", "sort=-notes") == wanted[::-1]
    for text in ("a", "Z", "é", "\uffee", ""):
        above = [value for value in wanted if value > text]
        assert found(app, "texts", "notes", f"sort=notes&notes[gt]={text}") == above
        below = [value for value in wanted if value <= text]
        assert found(app, "texts", "notes", f"sort=notes&notes[lte]={text}") == below


@on_every_adapter
def test_texts_are_literal(app: Session) -> None:
    samples(app, "texts", "notes", TEXTS)
    for piece, sent in (
        ("%", "%25"),
        ("_", "_"),
        ("\\", "%5C"),
        ("a", "a"),
        ("'", "'"),
        ("ß", "ß"),
        ("", ""),
    ):
        for operator, holds in (
            ("contains", str.__contains__), ("startswith", str.startswith), ("endswith",
                                                                             str.endswith),
        ):  # fmt: skip
            wanted = [text for text in TEXTS if holds(text, piece)]
            query = f"notes[{operator}]={sent}"
            assert found(app, "texts", "notes", query) == wanted, query
    assert found(app, "texts", "notes", "notes=A") == []
    assert found(app, "texts", "notes", "notes[in]=a,\\,,%5C%5C") == ["a", "\\", ","]
    assert found(app, "texts", "notes", "notes[nin]=a,b,") == [
        text for text in TEXTS if text not in ("a", "b", "")
    ]


@on_every_adapter
def test_nulls_have_one_place(app: Session) -> None:
    samples(app, "nulls", "count", [3, -1, 2])
    orders = {}
    for sort in ("count", "-count"):
        items = app.items(f"/samples?label=nulls&sort={sort}")
        orders[sort] = [item["count"] for item in items]
    assert orders["count"] == orders["-count"][::-1]
    assert set(orders["count"]) == {-1, 2, 3, None}
    for query, total in (
        ("count[null]=true", 1), ("count[null]=false", 3), ("count[ne]=3", 2), ("count[nin]=3",
                                                                                2),
        ("count[gt]=-100", 3), ("count[lt]=100", 3), ("count[between]=-1,2", 2),
        ("count[between]=2,-1", 0),
        ("count[in]=3,3,2", 2), ("count[eq]=3&count[gt]=3", 0),
    ):  # fmt: skip
        answer = app.get(f"/samples?label=nulls&{query}")
        assert answer.body.get("total") == total, (query, answer.body)


ORDERED: dict[str, list[Any]] = {
    "big": [-(2**63), -1, 0, 9, 10, 2**53, 2**53 + 1, 2**63 - 1],
    "ratio": [-1e300, -1.5, 0.0, 5e-324, 0.1, 1.0, 2.5, 1e300],
    "share": ["-10", "-9.5", "0", "0.1", "0.25", "1", "9", "10",
              "123456789012345678901234567890.5"],
    "at": ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z",
           "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000001Z", "9999-12-31T23:59:59.999999Z"],
    "day": ["1900-01-01", "1999-12-31", "2024-02-29", "9999-12-31"],
    "hour": ["00:00:00", "00:00:00.000001", "09:00:00", "23:59:59.999999"],
    "length": ["-P1D", "PT0S", "PT1S", "PT1H", "P1D", "P27D", "P1M", "P1Y"],
    "key": ["00000000-0000-0000-0000-000000000001", "0fffffff-0000-4000-8000-000000000000",
            "a0000000-0000-4000-8000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
}  # fmt: skip


@on_every_adapter
def test_every_type_is_compared_by_value(app: Session) -> None:
    for field, values in ORDERED.items():
        samples(app, f"order {field}", field, values[1::2] + values[::2])
        assert found(app, f"order {field}", field, f"sort={field}") == values
        middle = len(values) // 2
        for operator, wanted in (
            ("gt", values[middle + 1 :]), ("gte", values[middle:]), ("lt", values[:middle]),
            ("lte", values[: middle + 1]), ("eq", values[middle : middle + 1]),
            ("ne", values[:middle] + values[middle + 1 :]),
        ):  # fmt: skip
            query = f"sort={field}&{field}[{operator}]={values[middle]}"
            assert found(app, f"order {field}", field, query) == wanted, query
        query = f"sort=-{field}&{field}[between]={values[1]},{values[-2]}"
        assert found(app, f"order {field}", field, query) == values[-2:0:-1]


@on_every_adapter
def test_other_spellings_of_one_value(app: Session) -> None:
    made = app.made("/samples", label="spelling", share="1.50", at="2024-02-29T12:00:00+02:00",
                    length="PT90M", hour="08:00", key="ABCDEFAB-0000-7000-8000-00000000000A",
                    ratio=100.0, live=False, level=2, kind="it's")  # fmt: skip
    for query in (
        "share=1.5", "share=01.500", "at=2024-02-29T10:00:00Z", "at=2024-02-29T11:00:00%2B01:00",
        "at=2024-02-29 10:00:00", "length=PT1H30M", "length=PT5400S", "hour=08:00:00Z",
        "hour=10:00%2B02:00", "key=abcdefab-0000-7000-8000-00000000000A", "ratio=1e2",
        "ratio=100",
        "live=false", "level=2", "kind=it's", "live[ne]=true", "at[in]=2024-02-29T10:00:00Z",
    ):  # fmt: skip
        items = app.items(f"/samples?label=spelling&{query}")
        assert [item["id"] for item in items] == [made["id"]], query
    for query in ("live=False", "live=1", "level=5", "kind=its", "share=1e2", "share=",
                  "at=2024-02-29",
                  "ratio=NaN", "ratio=1e400", "big=1.0", "hour=8:00", "words=a", "tree=1",
                  "blob=AA==",
                  "free[eq]=1", "live[gt]=true", "label[like]=a", "label[]=a", "label[eq=a",
                  "[eq]=a",
                  "live[null]=yes", "big[between]=1", "big[between]=1,2,3",
                  "big[in]=1,,2"):  # fmt: skip
        app.refused(400, "GET", f"/samples?{query}")


@on_every_adapter
def test_elements_of_arrays(app: Session) -> None:
    words, things = ["a,b", "c"], [1, "1", {"x": None}]
    others = {"numbers": [1, 2, 2], "prices": ["1.50"]}
    app.made("/samples", label="arrays", words=words, things=things, **others)
    for query, total in (
        ("words[contains]=a\\,b", 1), ("words[contains]=a", 0), ("words[contains]=c,a\\,b", 1),
        ("numbers[contains]=2", 1), ("numbers[contains]=2,3", 0), ("numbers[contains]=1,2", 1),
        ("words[null]=false", 1), ("things[null]=true", 0), ("prices[contains]=1.5", 1),
        ("prices[contains]=1.50", 1), ("prices[contains]=15", 0),
    ):  # fmt: skip
        assert app.get(f"/samples?label=arrays&{query}").body["total"] == total, query
    for query in (
        "numbers[contains]=a",
        "numbers[contains]=1.0",
        "words[gt]=a",
        "tree[contains]=a",
    ):
        app.refused(400, "GET", f"/samples?{query}")


def pages(app: Session, query: str, limit: int) -> list[Any]:
    """Every record that a query finds, page by page."""
    items: list[Any] = []
    cursor = ""
    while True:
        page = app.get(f"/samples?{query}&limit={limit}{cursor}")
        assert page.status == 200, page.body
        items += page.body["items"]
        if page.body["next_cursor"] is None:
            return items
        assert len(page.body["items"]) == limit
        cursor = f"&cursor={page.body['next_cursor']}"


@on_every_adapter
def test_pages_meet_every_record_once(app: Session) -> None:
    samples(app, "texts", "notes", TEXTS)
    samples(app, "nulls", "count", [3, -1, 2])
    for field, values in ORDERED.items():
        samples(app, f"order {field}", field, values[1::2] + values[::2])
    for query in ("label=texts", "label=texts&sort=notes", "label=texts&sort=-notes",
                  "label=texts&sort=live,-notes",
                  "label=nulls&sort=count", "label=nulls&sort=-count",
                  "label=nulls&sort=ratio,-count",
                  "label=order share&sort=-share", "label=order at&sort=at",
                  "label=order length&sort=length",
                  "label=order ratio&sort=-ratio", "label=order hour&sort=hour",
                  "label=order key&sort=-key",
                  "label[startswith]=order&sort=live,-day,at"):  # fmt: skip
        whole = app.items(f"/samples?{query}")
        assert whole
        for limit in (1, 4):
            assert pages(app, query, limit) == whole, (query, limit)
        offsets = [app.items(f"/samples?{query}&limit=1&offset={n}") for n in range(3)]
        assert [item for page in offsets for item in page] == whole[:3]


@on_every_adapter
def test_cursors_belong_to_their_list(app: Session) -> None:
    samples(app, "texts", "notes", TEXTS)
    cursor = app.get("/samples?label=texts&sort=notes&limit=2").body["next_cursor"]
    assert (
        app.get(f"/samples?sort=notes&label=texts&limit=5&cursor={cursor}").status
        == 200
    )
    for query in (
        f"label=texts&sort=-notes&cursor={cursor}", f"label=texts&cursor={cursor}",
        f"sort=notes&cursor={cursor}", f"label=texts&sort=notes&cursor={cursor[:-1]}",
        f"label=texts&sort=notes&cursor={cursor}A", "cursor=", "cursor=x", "cursor=%00",
        "cursor=é",
        f"label=texts&sort=notes&offset=1&cursor={cursor}",
    ):  # fmt: skip
        answer = app.send("GET", f"/samples?{query}")
        assert answer.status == 400, query
    app.refused(400, "GET", f"/tasks?cursor={cursor}")


@on_every_adapter
def test_orders_that_are_refused(app: Session) -> None:
    for sort in ("", ",", ",,", "notes,", "-", "--notes", "nothing", "secret", "tree", "words",
                 "blob",
                 "notes,notes", "notes,-notes", "notes desc", "%00"):  # fmt: skip
        answer = app.refused(400, "GET", f"/samples?sort={sort}")
        assert answer.body["errors"][0]["parameter"] == "sort"
    app.refused(400, "GET", "/samples?sort=notes&sort=label")
    many = ["label", "notes", "mail", "count", "big", "small", "medium", "weight", "ratio",
            "price",
            "share", "live", "kind", "level", "at", "since", "day"]  # fmt: skip
    assert app.get(f"/samples?sort={','.join(many[:16])}").status == 200
    app.refused(400, "GET", f"/samples?sort={','.join(many)}")


@on_every_adapter
def test_the_order_of_a_list_without_one_is_the_key(app: Session) -> None:
    for place in (10, 9, -1, 2):
        app.made("/slots", shelf="default", place=place)
    app.made("/slots", shelf="Default", place=5)
    found = app.items("/slots?shelf[in]=default,Default")
    assert [(item["shelf"], item["place"]) for item in found] == [
        ("Default", 5), ("default", -1), ("default", 2), ("default", 9), ("default", 10),
    ]  # fmt: skip
