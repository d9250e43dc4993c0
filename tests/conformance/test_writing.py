"""Replacing, restoring, several writes at once and preferences, the same on every adapter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.conformance.sessions import Session, on_every_adapter

_numbers: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
MINIMAL = {"Prefer": "return=minimal"}


def fresh(app: Session) -> int:
    """A number that no other record of an adapter has, the same one on each."""
    return next(_numbers[app.served.adapter])


def account(app: Session) -> str:
    """The key of a new account."""
    code = f"writing {fresh(app)}"
    app.made("/accounts", code=code, name="w")
    return code


def paper(app: Session, **more: Any) -> tuple[str, str]:
    """Path and version of a new paper."""
    made = app.post("/papers", {"title": f"title {fresh(app)}"} | more)
    assert made.status == 201, made.body
    return made.headers["location"], made.etag


@on_every_adapter
def test_a_replacement_sets_what_is_left_out_back(app: Session) -> None:
    word = {"class": "put", "order": 1, "self": "s", "lambda": 9}
    path = app.post("/words", word).headers["location"]
    changed = app.put(path, {"class": "put again"})
    assert changed.status == 200
    assert (changed.body["self"], changed.body["order"], changed.body["lambda"]) == (
        None,
        None,
        3,
    )
    assert app.get(path).body == changed.body
    assert app.refused(422, "PUT", path, {"order": 1}).faults == [
        ("/class", "required")
    ]
    assert app.refused(422, "PUT", path, {"class": "x", "id": "y"}).faults == [
        ("/id", "read-only")
    ]
    nowhere = "/words/00000000-0000-7000-8000-000000000000"
    app.refused(404, "PUT", nowhere, {"class": "x"})
    app.delete(path)


@on_every_adapter
def test_a_replacement_that_follows_from_a_narrow_update_is_as_narrow(
    app: Session,
) -> None:
    path, version = paper(app, body="kept", about={"a": 1})
    named = {"If-Match": version}
    assert app.refused(422, "PUT", path, {"pages": 2}, headers=named).faults == [
        ("/title", "required")
    ]
    refused = app.refused(
        422, "PUT", path, {"pages": 2, "title": "t", "body": "x"}, headers=named
    )
    assert refused.faults == [("/body", "read-only")]
    whole = {"pages": 2, "title": f"title {fresh(app)}"}
    ruled = app.send("PUT", path, whole | {"pages": 100}, headers=named)
    assert (ruled.status, ruled.faults) == (409, [("/pages", "too_long")])
    changed = app.put(path, whole, headers=named)
    assert changed.status == 200
    assert changed.body["body"] == "kept"
    assert changed.body["about"] is None
    assert changed.body["stamp"] == "changed"


@on_every_adapter
def test_a_change_has_to_name_a_version_where_the_route_demands_it(
    app: Session,
) -> None:
    path, version = paper(app)
    for method, below, body in (
        ("PATCH", "", {"pages": 2}),
        ("PUT", "", {"pages": 2, "title": "x"}),
        ("DELETE", "", None),
        ("POST", "/restore", None),
    ):
        app.refused(428, method, path + below, body)
    app.refused(412, "PATCH", path, {"pages": 2}, headers={"If-Match": '"old"'})
    changed = app.patch(path, {"pages": 2}, headers={"If-Match": version})
    assert (changed.status, changed.body["pages"]) == (200, 2)
    app.refused(412, "DELETE", path, headers={"If-Match": version})
    assert app.delete(path, headers={"If-Match": "*"}).status == 204


@on_every_adapter
def test_a_deletion_is_taken_back(app: Session) -> None:
    path = f"/accounts/{account(app)}"
    app.refused(404, "POST", f"{path}/restore")
    first = app.get(path)
    assert app.delete(path).status == 204
    app.refused(404, "GET", path)
    app.refused(412, "POST", f"{path}/restore", headers={"If-Match": first.etag})
    back = app.post(f"{path}/restore")
    assert (back.status, back.body["deleted_at"]) == (200, None)
    assert app.get(path).body == back.body
    app.refused(404, "POST", "/accounts/nothing/restore")
    assert (
        app.refused(405, "GET", f"{path}/restore").headers["allow"] == "OPTIONS, POST"
    )
    app.refused(404, "POST", "/words/00000000-0000-7000-8000-000000000000/restore")


@on_every_adapter
def test_what_took_its_place_keeps_a_record_deleted(app: Session) -> None:
    mail = f"m{fresh(app)}@example.com"
    old = {"code": f"old {fresh(app)}", "name": "o", "mail": mail}
    path = app.post("/accounts", old).headers["location"]
    assert app.delete(path).status == 204
    app.made("/accounts", code=f"new {fresh(app)}", name="n", mail=mail)
    refused = app.refused(409, "POST", f"{path}/restore")
    assert refused.faults == [("/mail", "not-unique")]


@on_every_adapter
def test_a_client_may_prefer_not_to_see_the_record(app: Session) -> None:
    made = app.post("/words", {"class": f"prefer {fresh(app)}"}, headers=MINIMAL)
    path = made.headers["location"]
    assert (made.status, made.body) == (201, None)
    assert made.headers["preference-applied"] == "return=minimal"
    assert made.etag == app.get(path).etag
    changed = app.patch(path, {"order": 5}, headers=MINIMAL)
    assert (changed.status, changed.body) == (204, None)
    assert changed.etag == app.get(path).etag
    assert app.put(path, {"class": f"{fresh(app)}"}, headers=MINIMAL).status == 204
    shown = app.patch(
        path,
        {"order": 6},
        headers={"Prefer": "respond-async, return=representation; x"},
    )
    assert (shown.status, shown.body["order"]) == (200, 6)
    assert shown.headers["preference-applied"] == "return=representation"
    plain = app.patch(path, {"order": 7}, headers={"Prefer": "return=nothing"})
    assert (plain.status, "preference-applied" in plain.headers) == (200, False)
    app.delete(path)
    code = account(app)
    task = app.made("/tasks", title="t", account_code=code, resolution="r")
    moved = app.put(f"/tasks/{task['id']}/state", {"state": "active"}, headers=MINIMAL)
    assert (moved.status, moved.body) == (204, None)
    app.delete(f"/accounts/{code}")


@on_every_adapter
def test_bulk_does_several_things_at_once(app: Session) -> None:
    code = account(app)
    kept = app.made("/tasks", title="kept", account_code=code)
    lost = app.made("/tasks", title="lost", account_code=code)
    answer = app.post(
        "/tasks/bulk",
        {
            "operations": [
                {"op": "create", "body": {"title": "one", "account_code": code}},
                {"op": "update", "id": kept["id"], "body": {"title": "two"}},
                {"op": "delete", "id": lost["id"]},
            ]
        },
    )
    assert answer.status == 200
    made, changed, deleted = answer.body["results"]
    assert (made["status"], made["body"]["title"]) == (201, "one")
    assert app.get(made["body"]["_links"]["self"]).body == made["body"]
    assert (changed["status"], changed["body"]["title"]) == (200, "two")
    assert deleted == {"status": 204, "body": None}
    app.refused(404, "GET", f"/tasks/{lost['id']}")
    assert app.post("/tasks/bulk", {"operations": []}).body == {"results": []}


@on_every_adapter
def test_what_fails_in_a_bulk_undoes_all_of_it(app: Session) -> None:
    code = account(app)
    first = app.made("/tasks", title="first", account_code=code)["number"]
    new = {"op": "create", "body": {"title": "new", "account_code": code}}
    nobody = "00000000-0000-7000-8000-000000000000"
    cases: tuple[tuple[Any, int, tuple[str, str]], ...] = (
        (
            {"op": "create", "body": {"title": "", "account_code": code, "x": 1}},
            422,
            ("/operations/1/body/title", "too-short"),
        ),
        (
            {
                "op": "create",
                "body": {"title": "t", "account_code": code, "spent": 2, "estimate": 1},
            },
            422,
            ("/operations/1/body/spent", "rule"),
        ),
        (
            {"op": "create", "body": {"title": "t", "account_code": "?"}},
            422,
            ("/operations/1/body/account_code", "unknown-reference"),
        ),
        (
            {"op": "update", "id": nobody, "body": {"title": "t"}},
            404,
            ("/operations/1/id", "not-found"),
        ),
        ({"op": "delete", "id": "nonsense"}, 404, ("/operations/1/id", "not-found")),
        (
            {"op": "update", "id": nobody, "body": {"state": "active"}},
            422,
            ("/operations/1/body/state", "read-only"),
        ),
        (
            {
                "op": "create",
                "body": {"title": "t", "account_code": code, "number": "x"},
            },
            422,
            ("/operations/1/body/number", "read-only"),
        ),
    )
    for failing, status, fault in cases:
        content = {"operations": [new, failing]}
        refused = app.refused(status, "POST", "/tasks/bulk", content)
        assert fault in refused.faults
    after = app.made("/tasks", title="after", account_code=code)["number"]
    assert int(after.removeprefix("TSK-")) == int(first.removeprefix("TSK-")) + 1
    assert len(app.items(f"/tasks?account_code={code}")) == 2


@on_every_adapter
def test_bulk_tells_of_every_invalid_body(app: Session) -> None:
    operations = [{"op": "create", "body": {"class": n}} for n in (1, "fine", None)]
    refused = app.refused(422, "POST", "/words/bulk", {"operations": operations})
    assert refused.faults == [
        ("/operations/0/body/class", "wrong-type"),
        ("/operations/2/body/class", "null-not-allowed"),
    ]


@on_every_adapter
def test_bulk_may_do_each_thing_for_itself(app: Session) -> None:
    code = account(app)
    once = f"once {fresh(app)}"
    one = {"title": "t", "account_code": code, "once": once}
    answer = app.post(
        "/tasks/bulk",
        {
            "operations": [
                {"op": "create", "body": one},
                {"op": "create", "body": one},
                {"op": "create", "body": {"title": 1}},
                {"op": "delete", "id": "nonsense"},
                {"op": "create", "body": one | {"once": None}},
            ],
            "atomic": False,
        },
    )
    assert answer.status == 200
    results = answer.body["results"]
    assert [r["status"] for r in results] == [201, 409, 422, 404, 201]
    assert results[1]["body"]["type"] == "/problems/conflict"
    assert results[1]["body"]["errors"][0]["pointer"] == "/operations/1/body/once"
    assert results[2]["body"]["errors"][0]["pointer"] == "/operations/2/body/title"
    assert results[3]["body"]["errors"][0]["pointer"] == "/operations/3/id"
    assert not any("instance" in results[n]["body"] for n in (1, 2, 3))
    made = [int(results[n]["body"]["number"].removeprefix("TSK-")) for n in (0, 4)]
    assert made[1] == made[0] + 1


@on_every_adapter
def test_the_form_of_a_bulk_is_checked(app: Session) -> None:
    cases: tuple[tuple[Any, tuple[str, str]], ...] = (
        ([], ("", "wrong-type")),
        ({}, ("/operations", "required")),
        ({"operations": {}}, ("/operations", "wrong-type")),
        ({"operations": [], "atomic": 1}, ("/atomic", "wrong-type")),
        ({"operations": [], "atomik": True}, ("/atomik", "unknown-field")),
        ({"operations": [1]}, ("/operations/0", "wrong-type")),
        ({"operations": [{}]}, ("/operations/0/op", "required")),
        ({"operations": [{"op": "drop"}]}, ("/operations/0/op", "not-an-enum-value")),
        ({"operations": [{"op": "create"}]}, ("/operations/0/body", "required")),
        ({"operations": [{"op": "delete"}]}, ("/operations/0/id", "required")),
        (
            {"operations": [{"op": "delete", "id": [], "x": 1}]},
            ("/operations/0/x", "unknown-field"),
        ),
        (
            {"operations": [{"op": "delete", "id": 1}]},
            ("/operations/0/id", "wrong-type"),
        ),
        (
            {"operations": [{"op": "delete", "id": "x", "if_match": None}]},
            ("/operations/0/if_match", "wrong-type"),
        ),
        (
            {"operations": [{"op": "create", "id": None, "body": {}}]},
            ("/operations/0/id", "not-allowed"),
        ),
        (
            {"operations": [{"op": "create", "id": "x", "body": {}}]},
            ("/operations/0/id", "not-allowed"),
        ),
        (
            {"operations": [{"op": "create", "body": []}]},
            ("/operations/0/body", "wrong-type"),
        ),
        (
            {"operations": [{"op": "delete", "id": "x"}] * 1001},
            ("/operations", "too-long"),
        ),
    )
    for body, fault in cases:
        assert fault in app.refused(422, "POST", "/words/bulk", body).faults, body
    app.refused(400, "POST", "/words/bulk", content=b"{")
    app.refused(400, "POST", "/words/bulk?atomic=true", {"operations": []})
    app.refused(
        415, "POST", "/words/bulk", content=b"x", headers={"Content-Type": "text/plain"}
    )
    offered = app.refused(
        422,
        "POST",
        "/finance/invoices/bulk",
        {"operations": [{"op": "update", "id": "x", "body": {}}]},
    )
    assert offered.faults == [("/operations/0/op", "not-offered")]


@on_every_adapter
def test_the_items_of_a_bulk_name_their_version(app: Session) -> None:
    path, version = paper(app)
    key = path.rpartition("/")[2]
    item: dict[str, Any] = {"op": "update", "id": key, "body": {"pages": 3}}
    named = item | {"if_match": version}
    missing = app.refused(428, "POST", "/papers/bulk", {"operations": [item]})
    assert missing.faults == [("/operations/0/if_match", "precondition-required")]
    done = app.post("/papers/bulk", {"operations": [named]})
    assert done.status == 200
    assert done.body["results"][0]["body"]["stamp"] == "changed"
    stale = app.refused(412, "POST", "/papers/bulk", {"operations": [named]})
    assert stale.faults == [("/operations/0/if_match", "stale-version")]
    version = app.get(path).etag
    ruled = named | {"if_match": version, "body": {"pages": 100}}
    refused = app.send("POST", "/papers/bulk", {"operations": [ruled]})
    assert (refused.status, refused.faults) == (
        409,
        [("/operations/0/body/pages", "too_long")],
    )


@on_every_adapter
def test_a_record_may_be_called_bulk(app: Session) -> None:
    if app.get("/accounts/bulk").status == 404:
        made = app.post("/accounts", {"code": "bulk", "name": "Bulk"})
        assert made.headers["location"] == "/accounts/bulk"
    assert app.get("/accounts/bulk").body["name"] == "Bulk"
    assert app.patch("/accounts/bulk", {"name": "Other"}).body["name"] == "Other"
    assert app.post("/accounts/bulk", {"operations": []}).status == 200
    allowed = "OPTIONS, POST"
    assert app.send("OPTIONS", "/accounts/bulk").headers["allow"] == allowed
    assert app.refused(405, "TRACE", "/accounts/bulk").headers["allow"] == allowed
    assert app.delete("/accounts/bulk").status == 204
    app.refused(404, "GET", "/accounts/bulk")


@on_every_adapter
@pytest.mark.parametrize("kind", ["application/json", "application/merge-patch+json"])
def test_a_patch_is_a_json_merge_patch(app: Session, kind: str) -> None:
    about = {"a": 1, "b": {"c": 2, "d": [1, 2]}, "e": "x"}
    path, version = paper(app, about=about)
    inner = b'{"a": null, "b": {"c": 3, "d": [5]}, "f": {"g": null, "h": 1}}'
    change = b'{"pages": 1, "about": ' + inner + b"}"
    changed = app.patch(
        path, content=change, headers={"If-Match": version, "Content-Type": kind}
    )
    assert changed.status == 200, changed.body
    assert changed.body["about"] == {
        "b": {"c": 3, "d": [5]},
        "e": "x",
        "f": {"h": 1},
    }
    whole = b'{"pages": 1, "about": null}'
    cleared = app.patch(path, content=whole, headers={"If-Match": "*"})
    assert cleared.body["about"] is None
