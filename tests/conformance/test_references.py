"""References: links, unknown targets, and what a delete does to those who refer."""

from __future__ import annotations

from typing import Any

from tests.conformance.sessions import Session, on_every_adapter

NIL = "00000000-0000-7000-8000-000000000000"


def task(app: Session, code: str, **values: Any) -> dict[str, Any]:
    """A task of an account that is made where it is missing."""
    if app.get(f"/accounts/{code}").status == 404:
        app.made("/accounts", code=code, name=code)
    return app.made("/tasks", title=code, account_code=code, **values)


@on_every_adapter
def test_links_lead_to_what_a_record_refers_to(app: Session) -> None:
    agent = app.made("/agents", name="linked")
    made = task(app, "linked", agent_number=agent["number"])
    links = made["_links"]
    assert links["self"] == f"/tasks/{made['id']}"
    assert links["collection"] == "/tasks"
    assert app.get(links["account_code"]).body["code"] == "linked"
    assert app.get(links["agent_number"]).body == agent
    assert "parent" not in links
    child = task(app, "linked", parent_id=made["id"])
    assert child["_links"]["parent"] == links["self"]
    assert app.items("/tasks?account_code=linked")[0]["_links"] == links


@on_every_adapter
def test_a_reference_to_nothing_names_its_field(app: Session) -> None:
    app.made("/accounts", code="refers", name="x")
    body = {"title": "x", "account_code": "refers"}
    for name, value in (
        ("account_code", "nobody"),
        ("agent_number", 2**62),
        ("parent_id", NIL),
    ):
        answer = app.refused(422, "POST", "/tasks", body | {name: value})
        assert answer.faults == [(f"/{name}", "unknown-reference")]
        assert answer.body["type"] == "/problems/unknown-reference"
    path = app.made("/tasks", **body)["_links"]["self"]
    for name, value in (
        ("account_code", "nobody"),
        ("agent_number", 2**62),
        ("parent_id", NIL),
    ):
        answer = app.refused(422, "PATCH", path, {name: value})
        assert answer.faults == [(f"/{name}", "unknown-reference")]
    assert app.get(path).body["account_code"] == "refers"
    app.refused(422, "PATCH", path, {"account_code": None})


@on_every_adapter
def test_a_softly_deleted_target_is_no_target(app: Session) -> None:
    app.made("/accounts", code="leaves", name="x")
    assert app.delete("/accounts/leaves").status == 204
    answer = app.refused(
        422, "POST", "/tasks", {"title": "x", "account_code": "leaves"}
    )
    assert answer.faults == [("/account_code", "unknown-reference")]


@on_every_adapter
def test_restrict_keeps_what_is_referred_to(app: Session) -> None:
    made = task(app, "kept")
    path = made["_links"]["self"]
    answer = app.refused(409, "DELETE", "/accounts/kept")
    assert (answer.body["type"], answer.body["entity"]) == ("/problems/in-use", "task")
    assert answer.body["count"] == 1
    note = app.made("/notes", task_id=made["id"], body="n")
    answer = app.refused(409, "DELETE", path)
    assert (answer.body["entity"], answer.body["count"]) == ("note", 1)
    assert app.delete(note["_links"]["self"]).status == 204
    assert app.delete(path).status == 204
    assert app.delete("/accounts/kept").status == 204


@on_every_adapter
def test_set_null_lets_go(app: Session) -> None:
    agent = app.made("/agents", name="leaves")
    made = task(app, "orphan", agent_number=agent["number"])
    assert app.delete(agent["_links"]["self"]).status == 204
    left = app.get(made["_links"]["self"])
    assert left.body["agent_number"] is None
    assert "agent_number" not in left.body["_links"]


@on_every_adapter
def test_cascade_takes_children_along(app: Session) -> None:
    root = task(app, "tree")
    child = task(app, "tree", parent_id=root["id"])
    leaf = task(app, "tree", parent_id=child["id"])
    assert app.delete(root["_links"]["self"]).status == 204
    for gone in (root, child, leaf):
        app.refused(404, "GET", gone["_links"]["self"])
    assert app.get("/tasks?account_code=tree").body["total"] == 0


@on_every_adapter
def test_a_cascade_that_somebody_blocks_changes_nothing(app: Session) -> None:
    root = task(app, "blocked")
    leaf = task(app, "blocked", parent_id=root["id"])
    app.made("/notes", task_id=leaf["id"], body="n")
    answer = app.refused(409, "DELETE", root["_links"]["self"])
    assert answer.body["entity"] == "note"
    assert app.get("/tasks?account_code=blocked").body["total"] == 2


@on_every_adapter
def test_a_circle_of_cascades_ends(app: Session) -> None:
    root = task(app, "circle")
    child = task(app, "circle", parent_id=root["id"])
    assert app.patch(root["_links"]["self"], {"parent_id": child["id"]}).status == 200
    assert app.patch(child["_links"]["self"], {"parent_id": child["id"]}).status == 200
    assert app.delete(child["_links"]["self"]).status == 204
    assert app.get("/tasks?account_code=circle").body["total"] == 0


@on_every_adapter
def test_one_delete_of_each_kind(app: Session) -> None:
    agent = app.made("/agents", name="both")
    made = task(app, "both", agent_number=agent["number"])
    note = app.made(
        "/notes", task_id=made["id"], agent_number=agent["number"], body="n"
    )
    assert app.delete(agent["_links"]["self"]).status == 204
    app.refused(404, "GET", note["_links"]["self"])
    assert app.get(made["_links"]["self"]).body["agent_number"] is None


@on_every_adapter
def test_a_soft_delete_cascades_softly(app: Session) -> None:
    app.made("/accounts", code="billed", name="x")
    invoice = app.made("/finance/invoices", unit_price="2.50", account_code="billed")
    assert invoice["_links"]["account_code"] == "/accounts/billed"
    assert app.delete("/accounts/billed").status == 204
    app.refused(404, "GET", invoice["_links"]["self"])
    assert app.get("/finance/invoices?account_code=billed").body["total"] == 0


@on_every_adapter
def test_references_of_two_fields(app: Session) -> None:
    for place in (1, 2, 3):
        app.made("/slots", shelf="pairs", place=place)
    body = {"shelf": "pairs", "place": 1, "day": "2024-02-29"}
    spare = {"spare_shelf": "pairs", "spare_place": 2}
    kept = {"kept_shelf": "pairs", "kept_place": 3}
    made = app.made("/bookings", **body, **spare, **kept)
    path = made["_links"]["self"]
    for wrong, field in (
        (body | {"place": 9}, "shelf"),
        (body | spare | {"spare_shelf": "none"}, "spare_shelf"),
        (body | kept | {"kept_place": 9}, "kept_shelf"),
    ):
        answer = app.refused(422, "POST", "/bookings", wrong)
        assert answer.faults == [(f"/{field}", "unknown-reference")]
    assert app.post("/bookings", body | {"spare_shelf": "half"}).status == 201
    answer = app.refused(409, "DELETE", "/slots/pairs,3")
    assert (answer.body["entity"], answer.body["count"]) == ("booking", 1)
    assert app.delete("/slots/pairs,2").status == 204
    left = app.get(path).body
    assert (left["spare_shelf"], left["spare_place"]) == (None, None)
    assert app.patch(path, {"kept_shelf": None, "kept_place": None}).status == 200
    assert app.delete("/slots/pairs,3").status == 204
    assert app.delete("/slots/pairs,1").status == 204
    app.refused(404, "GET", path)
    assert app.get("/bookings?shelf=pairs").body["total"] == 0
