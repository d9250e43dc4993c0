"""Every field type and every constraint, on every adapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance.sessions import Session, on_every_adapter

KEPT: dict[str, list[tuple[Any, Any]]] = {
    "label": [("x", "x"), ("😀" * 40, "😀" * 40), ("a'b\"c\\d\n%_\u2028", "a'b\"c\\d\n%_\u2028")],
    "notes": [("", ""), ("\ufeff\u202e\U0010ffff", "\ufeff\u202e\U0010ffff"), (None, None)],
    "mail": [("a.b+c@d.example", "a.b+c@d.example"), ("Ä@Ö.de", "Ä@Ö.de")],
    "count": [(-5, -5), (1000, 1000), (0, 0)],
    "big": [(2**63 - 1, 2**63 - 1), (-(2**63), -(2**63)), (2**53 + 1, 2**53 + 1)],
    "small": [(2**15 - 1, 2**15 - 1), (-(2**15), -(2**15))],
    "medium": [(2**31 - 1, 2**31 - 1), (-(2**31), -(2**31))],
    "weight": [(100.5, 100.5), (-100.5, -100.5), (3, 3.0)],
    "ratio": [(0.1, 0.1), (5e-324, 5e-324), (1.7976931348623157e308, 1.7976931348623157e308)],
    "price": [("0.10", "0.10"), ("99999.99", "99999.99"), (1.5, "1.50"), (7, "7.00")],
    "share": [
        ("0.1000", "0.1"),
        ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
        ("-0", "0"),
        (0.1, "0.1"),
        ("00012.50", "12.5"),
        (10**20, "100000000000000000000"),
    ],
    "live": [(False, False), (True, True)],
    "kind": [("it's", "it's"), ('say "hi"', 'say "hi"')],
    "level": [(1, 1), (3, 3)],
    "words": [(["a"], ["a"]), (["", "b", "b"], ["", "b", "b"])],
    "numbers": [([], []), ([-(2**63), 2**63 - 1, 0], [-(2**63), 2**63 - 1, 0])],
    "things": [([1, "a", None, [True, {"x": []}]], [1, "a", None, [True, {"x": []}]])],
    "tree": [({}, {}), ({"b": 1, "a": {"": [1.5]}}, {"b": 1, "a": {"": [1.5]}})],
    "free": [
        (None, None), (0, 0), ("", ""), (False, False), ([], []), ({}, {}),
        (1.0, 1.0), (1e15, 1e15), (0.1, 0.1), (2**53 + 1, 2**53 + 1), (2**70, 2**70),
        (1e300, int(1e300)), (10**308, 10**308), ("null", "null"), ({"n": 1e22}, {"n": 10**22}),
    ],
    "at": [
        ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00+02:00", "2024-02-29T10:00:00Z"),
        ("2024-02-29 12:00:00", "2024-02-29T12:00:00Z"),
        ("2024-02-29t12:00:00.123456789z", "2024-02-29T12:00:00.123456Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("9999-12-31T23:59:59+00:01", "9999-12-31T23:58:59Z"),
        ("1969-12-31T23:59:60Z", "1970-01-01T00:00:00Z"),
    ],
    "since": [("2000-01-01T01:00:00+01:00", "2000-01-01T00:00:00Z")],
    "day": [("1900-01-01", "1900-01-01"), ("9999-12-31", "9999-12-31")],
    "hour": [("00:00", "00:00:00"), ("23:59:59.5", "23:59:59.500000"), ("00:30Z", "00:30:00"),
             ("00:30:00+01:00", "23:30:00"), ("12:00:00-05:00", "17:00:00")],
    "length": [("PT90M", "PT1H30M"), ("P2W", "P14D"), ("-P1D", "-P1D"), ("P1Y14M", "P2Y2M"),
               ("PT0S", "PT0S"), ("P1M30DT0.5S", "P1M30DT0.5S")],
    "key": [("ABCDEFAB-0000-7000-8000-00000000000A", "abcdefab-0000-7000-8000-00000000000a")],
    "blob": [("", ""), ("AAEC/w==", "AAEC/w=="), ("AAECAwQFBgc=", "AAECAwQFBgc=")],
}  # fmt: skip
"""What may be sent for each field, and how it comes back."""

REFUSED: dict[str, dict[str, list[Any]]] = {
    "label": {
        "too-short": [""],
        "too-long": ["x" * 41],
        "wrong-type": [1],
        "null-not-allowed": [None],
        "bad-text": ["a\x00b"],
    },
    "code": {
        "pattern": ["ab-1", "AB-", "AB-1\n", "AB-١"],
    },
    "mail": {
        "bad-format": ["x", "a@b\n", ""],
        "too-long": ["x" * 60 + "@b"],
    },
    "count": {
        "out-of-range": [-6, 1001],
        "wrong-type": [1.5, "1", True],
    },
    "big": {
        "out-of-range": [2**63, -(2**63) - 1, 10**400],
    },
    "small": {
        "out-of-range": [2**15],
    },
    "medium": {
        "out-of-range": [2**31],
    },
    "weight": {
        "out-of-range": [100.51],
        "wrong-type": ["1", False],
    },
    "price": {
        "scale": ["1.505", 1.505],
        "out-of-range": ["-0.01", "100000"],
        "bad-format": ["1e2", "", "NaN"],
        "wrong-type": [True],
    },
    "share": {
        "bad-format": ["1,5", "Infinity"],
        "wrong-type": [[]],
    },
    "live": {
        "wrong-type": [0, "true"],
        "null-not-allowed": [None],
    },
    "kind": {
        "not-an-enum-value": ["other", ""],
    },
    "level": {
        "not-an-enum-value": [4],
        "wrong-type": ["1"],
    },
    "words": {
        "too-short": [[]],
        "too-long": [["a"] * 4],
        "wrong-type": [[1], {}],
        "bad-text": [["\x00"]],
    },
    "numbers": {
        "out-of-range": [[2**63]],
        "wrong-type": [[1.5]],
    },
    "things": {
        "wrong-type": [{}],
        "bad-text": [["\x00"]],
    },
    "tree": {
        "wrong-type": [[], "{}"],
        "bad-text": [{"\x00": 1}],
    },
    "free": {
        "bad-text": ["\x00"],
        "out-of-range": [10**309],
    },
    "at": {
        "bad-format": [
            "2024-02-30T00:00:00Z",
            "2024-01-01",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00+24:00",
        ],
        "wrong-type": [1700000000],
    },
    "since": {
        "out-of-range": ["1999-12-31T23:59:59.999999Z", "2100-01-01T00:00:01Z"],
    },
    "day": {
        "out-of-range": ["1899-12-31"],
        "bad-format": ["2023-02-29", "10000-01-01"],
    },
    "hour": {
        "bad-format": ["24:00", "12:60", "noon"],
    },
    "length": {
        "bad-format": ["P", "1D", "P99999999D"],
        "wrong-type": [5],
    },
    "key": {
        "bad-format": ["abcdefab00007000800000000000000a", "x"],
    },
    "blob": {
        "too-long": ["AAECAwQFBgcI"],
        "bad-format": ["A", "AA==\n", "_-=="],
    },
}
"""What is refused for each field, by the code of the error."""

NAMED = [
    "class=a&order=1",
    "from=there",
    "limit[eq]=5",
    "lambda[gt]=3",
    "select[null]=true",
    "import[gte]=2",
    "model_config[contains]=m",
    "self=s",
]
"""Filters, each of which finds the one word."""
READ_ONLY = ("id", "created_at", "updated_at")


@on_every_adapter
def test_every_value_comes_back(app: Session) -> None:
    for name, values in KEPT.items():
        for given, wanted in values:
            made = app.made("/samples", **{"label": "kept", name: given})
            assert same(made[name], wanted), (name, given, made[name])
            path = made["_links"]["self"]
            assert app.get(path).body == made
            changed = app.patch(path, {name: given})
            assert (changed.status, changed.body) == (200, made), (name, given)


@on_every_adapter
def test_every_wrong_value_is_refused(app: Session) -> None:
    path = app.made("/samples", label="refused", words=["kept"])["_links"]["self"]
    before = app.get(path)
    found = {}
    for name, given, _ in refusals():
        for method, where in (("POST", "/samples"), ("PATCH", path)):
            body = {"label": "refused", name: given}
            if method == "POST" or name != "code":
                answer = app.refused(422, method, where, body)
                found[method, name, repr(given)] = codes(answer.faults, name)
    wanted = {(name, repr(given)): [code] for name, given, code in refusals()}
    assert {(name, given): code for (_, name, given), code in found.items()} == wanted
    assert app.get(path).etag == before.etag
    assert app.get("/samples?label=refused").body["total"] == 1


def same(one: Any, other: Any) -> bool:
    """Equality of JSON values, in which `1` is not `true`."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def codes(faults: list[tuple[str, str]], name: str) -> list[str]:
    """The codes of the faults of one field."""
    return [code for place, code in faults if place.split("/")[1] == name]


def refusals() -> Iterator[tuple[str, Any, str]]:
    """Every field, with a value that is refused and the code of the error."""
    for name, by_code in REFUSED.items():
        for code, values in by_code.items():
            for given in values:
                yield name, given, code


@on_every_adapter
def test_defaults_and_nulls(app: Session) -> None:
    made = app.made("/samples", label="defaults")
    shown = {"notes": "none yet", "live": True, "kind": "plain"}
    assert {name: made[name] for name in shown} == shown
    others = set(made) - {*shown, *READ_ONLY, "label", "_links"}
    assert {name: made[name] for name in others} == dict.fromkeys(others)
    assert "secret" not in made
    assert app.made("/samples", label="defaults", notes=None)["notes"] is None


@on_every_adapter
def test_what_only_the_service_sets_is_refused(app: Session) -> None:
    path = app.made("/samples", label="own", code="OW-1")["_links"]["self"]
    for name in READ_ONLY:
        for method, where in (("POST", "/samples"), ("PATCH", path), ("PUT", path)):
            answer = app.refused(422, method, where, {"label": "own", name: None})
            assert (f"/{name}", "read-only") in answer.faults
    answer = app.refused(422, "PATCH", path, {"code": "OW-2"})
    assert answer.faults == [("/code", "read-only")]
    answer = app.refused(
        422, "POST", "/samples", {"label": "own", "lable": 1, "a/b~": 2}
    )
    assert answer.faults == [("/lable", "unknown-field"), ("/a~1b~0", "unknown-field")]


@on_every_adapter
def test_faults_are_told_all_at_once(app: Session) -> None:
    answer = app.refused(
        422, "POST", "/samples", {"count": 9999, "words": ["a", 1, None], "x": 1}
    )
    assert answer.faults == [
        ("/label", "required"), ("/count", "out-of-range"), ("/words/1", "wrong-type"),
        ("/words/2", "null-not-allowed"), ("/x", "unknown-field"),
    ]  # fmt: skip


@on_every_adapter
def test_replacing_clears_what_is_left_out(app: Session) -> None:
    made = app.made(
        "/samples", label="put", code="PU-1", notes="x", live=False, free={"a": 1}
    )
    path = made["_links"]["self"]
    answer = app.put(path, {"label": "put again"})
    assert answer.status == 200
    shown = {
        "label": "put again",
        "code": "PU-1",
        "notes": "none yet",
        "live": True,
        "free": None,
    }
    assert {name: answer.body[name] for name in shown} == shown
    assert answer.body["created_at"] == made["created_at"]
    app.refused(422, "PUT", path, {})
    app.refused(
        404, "PUT", "/samples/00000000-0000-7000-8000-000000000000", {"label": "x"}
    )


@on_every_adapter
def test_an_empty_change_keeps_the_version(app: Session) -> None:
    made = app.post("/samples", {"label": "still", "tree": {"a": 1}, "share": "1.50"})
    path = made.headers["location"]
    for body in ({}, {"label": "still"}, {"tree": {"a": 1}}, {"share": 1.5}):
        assert app.patch(path, body).etag == made.etag
    assert app.patch(path, {"tree": {"a": True}}).etag != made.etag


@on_every_adapter
def test_secrets_are_stored_and_never_shown(app: Session) -> None:
    answer = app.post("/samples", {"label": "secret", "secret": "hush-hush"})
    path = answer.headers["location"]
    for heard in (answer, app.get(path), app.get("/samples?label=secret")):
        assert "hush" not in str(heard.body)
    for query in ("secret=x", "sort=secret", "secret[null]=true"):
        app.refused(400, "GET", f"/samples?{query}")
    changed = app.patch(path, {"secret": "other"})
    assert changed.etag != answer.etag
    replaced = app.put(path, {"label": "secret"})
    assert replaced.status == 200


@on_every_adapter
def test_names_that_mean_something_elsewhere(app: Session) -> None:
    values = {"class": "a", "order": 1, "from": "here", "select": True, "limit": 5, "lambda": 4,
              "json": {"x": 1}, "model_config": "m", "self": "s", "import": "1.25"}  # fmt: skip
    made = app.made("/words", **values)
    assert {name: made[name] for name in values} == values
    path = made["_links"]["self"]
    assert (
        app.patch(path, {"from": "there", "import": 2, "select": None}).body["import"]
        == "2"
    )
    for query in NAMED:
        assert [item["id"] for item in app.items(f"/words?{query}")] == [made["id"]], (
            query
        )
    answer = app.refused(409, "POST", "/words", {"class": "a", "order": 1})
    assert answer.faults == [("/class", "not-unique"), ("/order", "not-unique")]
    app.refused(422, "PATCH", path, {"class": None})
    for sort in ("class", "-order", "from", "select", "-limit", "lambda", "import"):
        assert len(app.items(f"/words?sort={sort}")) == 1
    assert app.delete(path).status == 204
