"""Handlers, hooks and called functions of a domain, which do the same on every adapter."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conformance.apps import HERE, Served, generate, served_on_all
from tests.conformance.sessions import Session, on_every_adapter


@pytest.fixture(scope="module")
def trio(
    postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, ...]]:
    """The domain `shipping` on each adapter."""
    app = generate(HERE / "shipping", tmp_path_factory.mktemp("shipping") / "app")
    state = tmp_path_factory.mktemp("behaviors")
    with served_on_all(app, state, postgres_server_url) as found:
        yield found


def parcel(app: Session, label: str, **values: Any) -> str:
    """The path of a new parcel."""
    path: str = app.made("/parcels", label=label, **values)["_links"]["self"]
    return path


@on_every_adapter
def test_a_handler_is_asked_and_its_answer_shown(app: Session) -> None:
    path = parcel(app, "loaded", weight=2)
    answer = app.post(f"{path}/load", {"amount": 3})
    assert answer.status == 200
    assert answer.body == {
        "weight": 5,
        "at": "2024-01-01T00:00:00Z",
        "price": "1.50",
        "class": None,
    }
    assert app.get(path).body["weight"] == 5


@on_every_adapter
def test_a_handler_is_asked_nothing_that_breaks_the_contract(app: Session) -> None:
    path = parcel(app, "checked")
    for body, status, fault in (
        ({}, 422, ("/amount", "required")),
        ({"amount": 0}, 422, ("/amount", "out-of-range")),
        ({"amount": "1"}, 422, ("/amount", "wrong-type")),
        ({"amount": 1, "class": "c"}, 422, ("/class", "not-an-enum-value")),
        ({"amount": 1, "amout": 1}, 422, ("/amout", "unknown-field")),
        ({"amount": 1, "at": "soon"}, 422, ("/at", "bad-value")),
        ({"amount": 1000}, 422, ("/amount", "rule")),
    ):
        answer = app.refused(status, "POST", f"{path}/load", body)
        assert (answer.faults[0][0], answer.status) == (fault[0], status), answer.body
    app.refused(400, "POST", f"{path}/load", content=b"{")
    app.refused(415, "POST", f"{path}/load", content=b"{}", headers=_xml())
    app.refused(400, "POST", f"{path}/load?fast=1", {"amount": 1})
    app.refused(404, "POST", "/parcels/nothing/load", {"amount": 1})
    app.refused(412, "POST", f"{path}/load", {"amount": 1}, headers=_stale())
    app.refused(405, "GET", f"{path}/load")
    assert app.get(path).body["weight"] == 1


def _xml() -> dict[str, str]:
    return {"Content-Type": "application/xml"}


def _stale() -> dict[str, str]:
    return {"If-Match": '"old"'}


@on_every_adapter
def test_a_handler_refuses_and_everything_is_undone(app: Session) -> None:
    path = parcel(app, "unlucky")
    answer = app.post(f"{path}/load", {"amount": 13})
    assert (answer.status, answer.faults) == (409, [("/amount", "unlucky")])
    answer = app.post("/parcels/copies", {"label": "copy twice"})
    assert (answer.status, answer.faults) == (409, [("/label", "not-unique")])
    assert app.get("/parcels/by-label/copy%20twice").status == 404


@on_every_adapter
def test_shapes_of_answers(app: Session) -> None:
    path = parcel(app, "heavy one", weight=100)
    page = app.get("/parcels/heavy").body
    assert (page["total"], page["next_cursor"]) == (1, None)
    assert page["items"] == [app.get(path).body]
    found = app.get("/parcels/by-label/heavy%20one")
    assert found.body == app.get(path).body
    assert found.etag == app.get(path).etag
    made = app.post("/parcels/copies", {"label": "copied", "weight": 7})
    assert (made.status, made.body["weight"]) == (201, 7)
    assert made.headers["location"] == made.body["_links"]["self"]
    said = app.get(f"{path}/depots/a%2Fb/steps/1")
    assert said.body == {"message": "heavy one at a/b: 1"}
    app.refused(404, "GET", f"{path}/depots/a%00b/steps/1")
    swapped = app.put(path, {"weight": 101})
    assert (swapped.status, swapped.body["weight"]) == (200, 101)
    allowed = app.refused(405, "PATCH", "/parcels/heavy", {}).headers["allow"]
    assert allowed == "GET, HEAD, OPTIONS"
    gone = app.post(f"{path}/forget")
    assert (gone.status, gone.body) == (204, None)
    app.refused(404, "GET", path)


@on_every_adapter
def test_a_repeated_request_is_answered_once(app: Session) -> None:
    path = parcel(app, "once", weight=1)
    key = {"Idempotency-Key": f"once-{app.served.adapter}"}
    for _ in range(2):
        answer = app.post(f"{path}/load", {"amount": 1}, headers=key)
        assert (answer.status, answer.body["weight"]) == (200, 2)
    app.refused(422, "POST", f"{path}/load", {"amount": 2}, headers=key)
    assert app.get(path).body["weight"] == 2


@on_every_adapter
def test_a_stub_answers_501(app: Session) -> None:
    app.refused(501, "POST", f"{parcel(app, 'later')}/later")


@on_every_adapter
def test_faults_of_functions_leak_nothing_and_change_nothing(app: Session) -> None:
    path = parcel(app, "failing")
    for how in ("raise", "field", "missing", "more", "none"):
        answer = app.send("POST", f"{path}/fail/{how}")
        assert answer.status == 500
        assert set(answer.body) == {"type", "title", "status", "instance", "request_id"}
        app.transcript.pop()  # The id of the request differs.
    assert app.get(path).body["note"] is None
    log = app.served.log()
    assert "behaviors/parcel.py" in log
    assert "the secret of the house" in log
    assert "what backend.behaviors.parcel.fail returned does not fit" in log


@on_every_adapter
def test_hooks_of_a_create(app: Session) -> None:
    assert app.made("/parcels", label="  trimmed ")["label"] == "trimmed"
    answer = app.refused(422, "POST", "/parcels", {"label": "refused"})
    assert answer.faults == [("/label", "refused")]
    for label in ("none", "unknown", "wrong", "state", "empty"):
        assert app.send("POST", "/parcels", {"label": label}).status == 500, label
        app.transcript.pop()
    assert "it must return the data to store, not NoneType" in app.served.log()
    app.made("/parcels", label="nested")
    assert app.get("/parcels/by-label/nested%20too").status == 200


@on_every_adapter
def test_hooks_write_in_the_same_transaction(app: Session) -> None:
    app.made("/depots", code="north")
    path = parcel(app, "counted", depot_code="north")
    assert app.get("/depots/north").body["parcels"] == 1
    app.refused(409, "POST", "/parcels", {"label": "counted", "depot_code": "north"})
    assert app.get("/depots/north").body["parcels"] == 1
    assert app.delete(path).status == 204
    assert app.get("/depots/north").body["parcels"] == 0
    app.refused(422, "PATCH", "/depots/north", {"parcels": -1})


@on_every_adapter
def test_what_a_hook_writes_has_no_place_in_the_request(app: Session) -> None:
    for label, status, code in (
        ("overflows", 422, "bad-value"),
        ("takes", 409, "not-unique"),
    ):
        answer = app.refused(status, "POST", "/parcels", {"label": label})
        assert answer.faults == [("", code)]
        items = [{"op": "create", "body": {"label": label}}]
        answer = app.refused(status, "POST", "/parcels/bulk", {"operations": items})
        assert answer.faults == [("/operations/0/body", code)]
    assert app.get("/depots/taken").status == 404


@on_every_adapter
def test_hooks_of_updates_and_deletes(app: Session) -> None:
    path = parcel(app, "frozen")
    answer = app.send("PATCH", path, {"note": "x"})
    assert (answer.status, answer.body["detail"]) == (403, "is frozen")
    assert app.patch(path, {"label": "thawed"}).status == 200
    app.refused(422, "PATCH", path, {"note": "undo"})
    assert app.get(path).body["note"] is None
    # Every way to write is a way through the hooks: here, a handler's.
    app.refused(422, "PUT", path, {"weight": -1})
    kept = parcel(app, "kept")
    assert app.send("DELETE", kept).status == 409
    assert app.send("POST", f"{kept}/forget").status == 409
    assert app.get(kept).status == 200


@on_every_adapter
def test_hooks_of_a_restore(app: Session) -> None:
    path = app.made("/quotes", title="comes back")["_links"]["self"]
    assert app.delete(path).status == 204
    back = app.post(f"{path}/restore")
    assert (back.status, back.body["note"]) == (200, "back: True None")
    assert back.body == app.get(path).body
    assert back.etag == app.get(path).etag
    assert app.get("/quotes?title=before%20comes%20back").body["total"] == 1
    for title, status in (("gone for good", 409), ("stumbles", 403)):
        path = app.made("/quotes", title=title)["_links"]["self"]
        assert app.delete(path).status == 204
        assert app.send("POST", f"{path}/restore").status == status
        assert app.get(path).status == 404
    assert app.get("/quotes?title=before%20stumbles").body["total"] == 0
    described = app.get("/openapi.json").body["paths"]["/quotes/{id}/restore"]["post"]
    assert {"403", "409", "422", "501"} <= set(described["responses"])


@on_every_adapter
def test_hooks_of_several_writes_at_once(app: Session) -> None:
    app.made("/depots", code="east")
    items = [
        {"op": "create", "body": {"label": " one ", "depot_code": "east"}},
        {"op": "create", "body": {"label": "refused", "depot_code": "east"}},
    ]
    answer = app.refused(422, "POST", "/parcels/bulk", {"operations": items})
    assert answer.faults == [("/operations/1/body/label", "refused")]
    assert app.get("/depots/east").body["parcels"] == 0
    apart = {"operations": items, "atomic": False}
    results = app.post("/parcels/bulk", apart).body["results"]
    assert [one["status"] for one in results] == [201, 422]
    assert results[0]["body"]["label"] == "one"
    assert app.get("/depots/east").body["parcels"] == 1


@on_every_adapter
def test_hooks_and_calls_of_a_transition(app: Session) -> None:
    path = parcel(app, "moving")
    app.refused(400, "PUT", f"{path}/state", {"state": "lost"})
    sent = app.put(f"{path}/state", {"state": "sent"})
    # The hook sets what the guard wants.
    assert (sent.status, sent.body["note"]) == (200, "to sent")
    lost = app.put(f"{path}/state", {"state": "lost"})
    assert (lost.status, lost.body["note"]) == (200, "refunded from sent")
    assert lost.etag == app.get(path).etag
    stuck = parcel(app, "stuck")
    answer = app.refused(422, "PUT", f"{stuck}/state", {"state": "sent"})
    assert answer.faults == [("", "stuck")]
    assert app.get(stuck).body["state"] == "packed"
    bare = parcel(app, "uninsured")
    app.put(f"{bare}/state", {"state": "sent"})
    assert app.send("PUT", f"{bare}/state", {"state": "lost"}).status == 409
    assert app.get(bare).body["state"] == "sent"


@on_every_adapter
def test_a_record_is_nobody_elses_while_a_handler_works_on_it(app: Session) -> None:
    path = parcel(app, "busy", weight=1)
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda _: app.client.post(f"{path}/load", json={"amount": 1}), range(24)
        )
        assert {answer.status_code for answer in answers} == {200}
    assert app.get(path).body["weight"] == 25


@on_every_adapter
def test_a_handler_of_a_record_may_demand_its_version(app: Session) -> None:
    key = parcel(app, "sealed").rpartition("/")[2]
    path = f"/sealed/{key}"
    app.refused(428, "POST", f"{path}/forget")
    app.refused(412, "POST", f"{path}/forget", headers=_stale())
    assert app.get(f"{path}/depots/x/steps/1").status == 200
    version = {"If-Match": app.get(path).etag}
    assert app.post(f"{path}/forget", headers=version).status == 204
    app.refused(404, "POST", f"{path}/forget", headers=version)
