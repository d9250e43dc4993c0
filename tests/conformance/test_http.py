"""Methods, headers, bounds and preconditions are the same on every adapter."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.conformance.sessions import Session, heard, on_every_adapter

MEGABYTE = 1024 * 1024


@on_every_adapter
def test_head_follows_get(app: Session) -> None:
    made = app.made("/agents", name="Head")
    path = made["_links"]["self"]
    read, head = app.get(path), app.send("HEAD", path)
    assert (head.status, head.body) == (200, None)
    assert head.etag == read.etag
    assert head.headers["content-length"] == read.headers["content-length"]
    assert app.send("HEAD", "/agents").status == 200
    assert app.send("HEAD", "/agents/999999999").status == 404
    assert app.send("HEAD", "/agents?limit=0").status == 400


@on_every_adapter
def test_options_and_405_carry_allow(app: Session) -> None:
    allowed = {
        "/samples": "GET, HEAD, OPTIONS, POST",
        "/samples/x": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        "/tasks/x/state": "OPTIONS, PUT",
        "/finance/invoices/x": "DELETE, GET, HEAD, OPTIONS",
        "/health": "GET, HEAD, OPTIONS",
    }
    for path, methods in allowed.items():
        answer = app.send("OPTIONS", path)
        assert (answer.status, answer.headers["allow"]) == (204, methods)
        refused = app.refused(405, "TRACE", path)
        assert refused.headers["allow"] == methods
    assert app.refused(405, "PATCH", "/finance/invoices/x", {}).headers["allow"]
    app.refused(404, "OPTIONS", "/nothing")


@on_every_adapter
def test_paths_that_are_not_served(app: Session) -> None:
    for path in (
        "/",
        "/task",
        "/tasks/",
        "/tasks/a/b",
        "/tasks//state",
        "/Tasks",
        "/finance",
    ):
        app.refused(404, "GET", path)
    assert app.refused(404, "GET", "/tasks/").headers.get("location") is None


@on_every_adapter
def test_a_created_record_is_where_location_says(app: Session) -> None:
    answer = app.post("/accounts", {"code": "a b/c,ü%", "name": "Ä"})
    assert answer.status == 201
    assert answer.headers["location"] == "/accounts/a%20b%2Fc,%C3%BC%25"
    assert answer.body["_links"]["self"] == answer.headers["location"]
    assert app.get(answer.headers["location"]).body == answer.body
    assert app.items("/accounts?name=Ä")[0]["code"] == "a b/c,ü%"
    assert app.delete(answer.headers["location"]).status == 204
    app.refused(404, "GET", answer.headers["location"])


@on_every_adapter
def test_a_version_that_has_passed_is_412(app: Session) -> None:
    slot = {"shelf": "etag", "place": 1}
    made = app.post("/slots", slot)
    path, first = made.headers["location"], made.etag
    changed = app.patch(path, {"label": "x"}, headers={"If-Match": first})
    assert (changed.status, changed.body["label"]) == (200, "x")
    assert changed.etag != first
    stale = {"If-Match": first}
    app.refused(412, "PATCH", path, {"label": "y"}, headers=stale)
    app.refused(412, "DELETE", path, headers=stale)
    app.refused(412, "DELETE", path, headers={"If-Match": f"W/{changed.etag}"})
    app.refused(412, "DELETE", path, headers={"If-Match": "garbage"})
    assert app.get(path).body["label"] == "x"
    same = app.patch(
        path, {"label": "x"}, headers={"If-Match": f'"no", {changed.etag}'}
    )
    assert same.etag == changed.etag
    assert app.delete(path, headers={"If-Match": "*"}).status == 204
    app.refused(404, "DELETE", path, headers={"If-Match": "*"})


@on_every_adapter
def test_a_known_version_is_304(app: Session) -> None:
    made = app.post("/agents", {"name": "Known"})
    path = made.headers["location"]
    for known in (made.etag, f"W/{made.etag}", f'"a", {made.etag}', "*"):
        answer = app.get(path, headers={"If-None-Match": known})
        assert (answer.status, answer.body, answer.etag) == (304, None, made.etag)
    assert app.get(path, headers={"If-None-Match": '"other"'}).status == 200


@on_every_adapter
def test_the_state_has_a_version_too(app: Session) -> None:
    app.made("/accounts", code="versions", name="V")
    made = app.post("/tasks", {"title": "v", "account_code": "versions"})
    path = made.headers["location"]
    moved = app.put(
        f"{path}/state", {"state": "active"}, headers={"If-Match": made.etag}
    )
    assert moved.status == 200
    app.refused(
        412,
        "PUT",
        f"{path}/state",
        {"state": "waiting"},
        headers={"If-Match": made.etag},
    )
    # What is no state at all is wrong whatever the version.
    wrong = app.refused(
        400, "PUT", f"{path}/state", {"state": "x"}, headers={"If-Match": made.etag}
    )
    assert wrong.body["allowed_states"] == ["waiting", "done", "gone"]
    replaced = {"title": "w", "account_code": "versions"}
    app.refused(412, "PUT", path, replaced, headers={"If-Match": made.etag})
    assert app.put(path, replaced, headers={"If-Match": moved.etag}).status == 200


@on_every_adapter
def test_a_body_over_the_limit_is_413(app: Session) -> None:
    body = b'{"name": "' + b"x" * MEGABYTE + b'"}'
    assert (
        app.refused(413, "POST", "/agents", content=body).body["title"]
        == "Body too large"
    )

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    headers = {"Content-Type": "application/json"}
    answer = heard(app.client.post("/agents", content=chunks(), headers=headers))
    app.note("POST /agents in chunks", answer)
    assert answer.status == 413
    fits = b'{"name": "' + b"x" * (MEGABYTE - 12) + b'"}'
    assert len(fits) == MEGABYTE
    made = app.post("/agents", content=fits)
    assert made.status == 201
    app.delete(made.headers["location"])


@on_every_adapter
def test_bodies_are_json(app: Session) -> None:
    app.refused(
        415,
        "POST",
        "/agents",
        content=b"name=x",
        headers={"Content-Type": "text/plain"},
    )
    for content in (
        b"",
        b"{",
        b'{"name": NaN}',
        b'{"name": "\xff"}',
        b'{"name": 1, "name": 2}',
    ):
        assert app.refused(400, "POST", "/agents", content=content).body["title"]
    kind = {"Content-Type": "application/vnd.agent+json; charset=utf-8"}
    assert app.post("/agents", content=b'{"name": "x"}', headers=kind).status == 201
    for value in (None, 1, "a", True, [], [{}]):
        app.refused(422, "POST", "/agents", content=json.dumps(value).encode())


@on_every_adapter
def test_limits_of_a_page(app: Session) -> None:
    assert app.get("/agents?limit=1000").status == 200
    for query in (
        "limit=1001",
        "limit=0",
        "limit=-1",
        "limit=",
        "limit=a",
        "limit=1.0",
        "offset=-1",
    ):
        answer = app.refused(400, "GET", f"/agents?{query}")
        assert answer.body["errors"][0]["parameter"] == query.partition("=")[0]
    assert app.get(f"/agents?offset={2**63 - 1}").body["items"] == []
    app.refused(400, "GET", f"/agents?offset={2**63}")
    answer = app.refused(400, "GET", "/agents?nmae=x")
    assert answer.faults == [("nmae", "unknown-parameter")]
    assert "`name`" in answer.body["errors"][0]["detail"]
