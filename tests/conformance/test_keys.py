"""Keys that clients choose, that the database counts and of several fields."""

from __future__ import annotations

from urllib.parse import quote

from tests.conformance.sessions import Session, on_every_adapter

NIL = "00000000-0000-7000-8000-000000000000"


@on_every_adapter
def test_a_key_of_text(app: Session) -> None:
    for code in (
        "plain",
        "a/b",
        "..",
        ".",
        "%2F",
        "a?b#c",
        " x ",
        "é",
        "😀",
        "a,b",
        "state",
    ):
        made = app.made("/accounts", code=code, name=code)
        path = f"/accounts/{quote(code, safe='')}"
        if code not in (".", ".."):
            # Clients of HTTP resolve dots before they send a path.
            assert app.get(path).body == made, code
            assert app.patch(path, {"name": "new"}).body["name"] == "new"
            assert app.send("HEAD", made["_links"]["self"]).status == 200
        app.refused(409, "POST", "/accounts", {"code": code, "name": "again"})
    assert app.items("/accounts?code[in]=a\\,b,plain&sort=code")[0]["code"] == "a,b"
    app.refused(404, "GET", "/accounts/PLAIN")
    app.refused(404, "GET", "/accounts/a%00b")
    app.refused(404, "GET", "/accounts/a%FFb")


@on_every_adapter
def test_a_key_stays(app: Session) -> None:
    path = app.made("/accounts", code="stays", name="x")["_links"]["self"]
    answer = app.refused(422, "PATCH", path, {"code": "goes"})
    assert answer.faults == [("/code", "read-only")]
    app.refused(422, "POST", "/accounts", {"name": "x"})
    app.refused(422, "POST", "/accounts", {"code": "", "name": "x"})


@on_every_adapter
def test_a_key_that_the_database_counts(app: Session) -> None:
    first, second = app.made("/agents", name="one"), app.made("/agents", name="two")
    assert second["number"] == first["number"] + 1
    assert first["_links"]["self"] == f"/agents/{first['number']}"
    for wrong in (
        "0",
        "-1",
        "01",
        "+1",
        "1.0",
        "1e3",
        str(2**63),
        str(2**70),
        "١",
        "a",
        NIL,
    ):
        app.refused(404, "GET", f"/agents/{wrong}")
    app.refused(422, "POST", "/agents", {"number": 7, "name": "x"})
    app.refused(422, "PATCH", first["_links"]["self"], {"number": 7})
    assert app.delete(second["_links"]["self"]).status == 204
    assert app.made("/agents", name="three")["number"] == second["number"] + 1


@on_every_adapter
def test_a_uuid_in_a_path(app: Session) -> None:
    made = app.made("/samples", label="uuid")
    upper = app.get(f"/samples/{made['id'].upper()}")
    assert (upper.status, upper.body) == (200, made)
    for wrong in (NIL, "x", NIL[:-1], NIL.replace("-", ""), f"{{{NIL}}}"):
        for method in ("GET", "DELETE"):
            app.refused(404, method, f"/samples/{wrong}")
        app.refused(404, "PATCH", f"/samples/{wrong}", {})


@on_every_adapter
def test_a_key_of_two_fields(app: Session) -> None:
    made = app.made("/slots", shelf="a,b\\c/d", place=-7)
    path = made["_links"]["self"]
    assert path == "/slots/a%5C,b%5C%5Cc%2Fd,-7"
    assert app.get(path).body == made
    assert app.patch(path, {"label": "here"}).body["label"] == "here"
    app.refused(422, "PATCH", path, {"place": 8})
    answer = app.refused(409, "POST", "/slots", {"shelf": "a,b\\c/d", "place": -7})
    assert answer.faults == [("/shelf", "not-unique"), ("/place", "not-unique")]
    app.made("/slots", shelf="a,b\\c/d", place=7)
    for wrong in ("a,b,7", "a", "a,", ",", ",7", "a,7,", "a%5C,7", "a,x", f"a,{2**63}"):
        app.refused(404, "GET", f"/slots/{wrong}")
    assert app.delete(path).status == 204
    app.refused(404, "DELETE", path)
    assert app.made("/slots", shelf="a,b\\c/d", place=-7)["label"] is None


@on_every_adapter
def test_a_repeated_value_is_a_conflict(app: Session) -> None:
    first = app.made("/samples", label="unique", code="UN-1", shelf="s", slot=1)
    other = app.made("/samples", label="unique", shelf="s", slot=2)
    path = other["_links"]["self"]
    answer = app.refused(409, "POST", "/samples", {"label": "unique", "code": "UN-1"})
    assert (answer.faults, answer.body["title"]) == (
        [("/code", "not-unique")],
        "Conflict",
    )
    answer = app.refused(409, "PATCH", path, {"slot": 1})
    assert answer.faults == [("/shelf", "not-unique"), ("/slot", "not-unique")]
    assert app.get(path).body == other
    app.refused(409, "PUT", path, {"label": "unique", "shelf": "s", "slot": 1})
    for _ in range(2):
        # Nulls are never equal.
        app.made("/samples", label="unique", shelf="s", slot=None)
    assert app.delete(first["_links"]["self"]).status == 204
    assert app.patch(path, {"slot": 1}).status == 200


@on_every_adapter
def test_a_softly_deleted_record_frees_its_values_and_keeps_its_key(
    app: Session,
) -> None:
    body = {"code": "soft", "mail": "soft@x.example", "name": "Soft", "tags": ["soft"]}
    path = app.made("/accounts", **body)["_links"]["self"]
    assert app.get("/accounts?tags[contains]=soft").body["total"] == 1
    app.refused(409, "POST", "/accounts", body | {"code": "soft 2"})
    assert app.delete(path).status == 204
    for method, sent in (("GET", None), ("DELETE", None), ("PATCH", {"name": "x"})):
        app.refused(404, method, path, sent)
    for query in ("code=soft", "tags[contains]=soft", "deleted_at[null]=false"):
        assert app.get(f"/accounts?{query}").body["total"] == 0
    app.refused(422, "POST", "/accounts", body | {"deleted_at": "2024-01-01T00:00:00Z"})
    assert app.post("/accounts", body | {"code": "soft 3"}).status == 201
    app.refused(409, "POST", "/accounts", {"code": "soft", "name": "again"})
