"""Transitions, guards, effects, computed fields and rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.conformance.sessions import Session, on_every_adapter


def task(app: Session, **values: Any) -> str:
    """The path of a new task."""
    if app.get("/accounts/flow").status == 404:
        app.made("/accounts", code="flow", name="x")
    path: str = app.made(
        "/tasks", **{"title": "flow", "account_code": "flow"} | values
    )["_links"]["self"]
    return path


def move(app: Session, path: str, *states: str) -> dict[str, Any]:
    """The task after steps that are all legal."""
    body: dict[str, Any] = {}
    for state in states:
        answer = app.put(f"{path}/state", {"state": state})
        assert (answer.status, answer.body.get("state")) == (200, state), answer.body
        body = answer.body
    return body


@on_every_adapter
def test_a_new_task_is_in_the_initial_state(app: Session) -> None:
    path = task(app)
    made = app.get(path).body
    assert made["state"] == "new"
    steps = [name for name in made["_links"] if name.startswith("state:")]
    assert steps == ["state:active", "state:gone"]
    for method, where in (("POST", "/tasks"), ("PATCH", path), ("PUT", path)):
        body = {"title": "x", "account_code": "flow", "state": "active"}
        answer = app.refused(422, method, where, body)
        assert answer.faults == [("/state", "read-only")]


@on_every_adapter
def test_illegal_steps_tell_the_legal_ones(app: Session) -> None:
    path = task(app)
    for wanted in ("done", "new", "nowhere", "", "x" * 500, "🦄"):
        answer = app.refused(400, "PUT", f"{path}/state", {"state": wanted})
        assert answer.body["allowed_states"] == ["active", "gone"], wanted
        assert answer.body["state"] == "new"
    last = move(app, path, "gone")
    assert not [name for name in last["_links"] if name.startswith("state:")]
    answer = app.refused(400, "PUT", f"{path}/state", {"state": "active"})
    assert answer.body["allowed_states"] == []


@on_every_adapter
def test_bodies_of_a_step(app: Session) -> None:
    path = task(app)
    for body in ({}, {"state": None}, {"state": 1}, {"state": ["active"]}, [], "active",
                 {"state": "active", "title": "x"}, {"state": "a\x00"}):  # fmt: skip
        app.refused(422, "PUT", f"{path}/state", body)
    app.refused(404, "PUT", "/tasks/nothing/state", {"state": "active"})
    assert app.get(path).body["state"] == "new"


@on_every_adapter
def test_guards(app: Session) -> None:
    path = task(app, spent=11)
    answer = app.refused(422, "PUT", f"{path}/state", {"state": "gone"})
    assert answer.body["type"] == "/problems/guard-unmet"
    assert answer.faults == [("", "condition")]
    move(app, path, "active")
    answer = app.refused(422, "PUT", f"{path}/state", {"state": "done"})
    assert answer.faults == [("/resolution", "required")]
    app.patch(path, {"resolution": ""})
    app.refused(422, "PUT", f"{path}/state", {"state": "done"})
    app.patch(path, {"resolution": "fixed", "estimate": 12})
    move(app, path, "done", "gone")


@on_every_adapter
def test_effects_of_a_step(app: Session) -> None:
    path = task(app, resolution="r")
    first = move(app, path, "active", "done")
    assert first["outcome"] == "it's done"
    assert first["finished_at"].endswith("Z")
    again = move(app, path, "active")
    assert (again["finished_at"], again["outcome"]) == (None, "it's done")
    assert again["updated_at"] >= first["updated_at"]
    assert app.get(path).body == again


@on_every_adapter
def test_types_with_steps_of_their_own(app: Session) -> None:
    path = task(app, type="quick")
    answer = app.refused(400, "PUT", f"{path}/state", {"state": "active"})
    assert answer.body["allowed_states"] == ["done", "gone"]
    done = move(app, path, "done")
    assert done["outcome"] == "it's done"
    assert [s for s in done["_links"] if s.startswith("state:")] == [
        "state:active",
        "state:gone",
    ]
    other = task(app)
    app.patch(other, {"type": "quick"})
    move(app, other, "done")


@on_every_adapter
def test_computed_fields_follow(app: Session) -> None:
    path = task(app, title="shout ä", estimate=1.5, price="0.10")
    made = app.get(path).body
    assert (made["shout"], made["left"], made["total"]) == ("SHOUT ä", 1.5, "0.30")
    changed = app.patch(path, {"spent": 0.25, "price": "33333333.33"}).body
    assert (changed["left"], changed["total"]) == (1.25, "99999999.99")
    cleared = app.patch(path, {"estimate": None}).body
    assert cleared["left"] is None
    for name in ("left", "total", "shout", "number", "created_by", "updated_by"):
        answer = app.refused(422, "PATCH", path, {name: cleared[name]})
        assert answer.faults == [(f"/{name}", "read-only")]
    assert (made["created_by"], made["updated_by"]) == (None, None)


@on_every_adapter
def test_amounts_are_exact(app: Session) -> None:
    for quantity, price, amount in (
        (3, "0.1", "0.3000"),
        (1000000, "12345678.1234", "12345678123400.0000"),
        (7, "0.0001", "0.0007"),
    ):
        made = app.made("/finance/invoices", quantity=quantity, unit_price=price)
        assert made["amount"] == amount
        # It reads the amount, and the contract declares it before that.
        assert Decimal(made["double"]) == 2 * Decimal(amount)
    found = app.items("/finance/invoices?amount=0.3")
    assert [item["amount"] for item in found] == ["0.3000"]


@on_every_adapter
def test_rules_of_a_route(app: Session) -> None:
    task(app)
    body = {"title": "x", "account_code": "flow", "estimate": 1, "spent": 2}
    answer = app.refused(422, "POST", "/tasks", body)
    assert answer.faults == [("/spent", "rule")]
    assert answer.body["errors"][0]["detail"] == "more is spent than estimated"
    assert app.post("/tasks", body | {"spent": 1}).status == 201


@on_every_adapter
def test_tags_and_comments(app: Session) -> None:
    entry = {"author": "eve", "body": "'quoted' \"text\" %_", "at": {"line": 1}}
    path = task(
        app, title="tagged twice", tags=["one", "two, three", "%"], comments=[entry]
    )
    assert app.get(path).body["comments"] == [entry]
    for query, found in (
        ("tags[contains]=one", 1), ("tags[contains]=on", 0), ("tags[contains]=%25", 1),
        ("tags[contains]=two\\, three", 1), ("tags[contains]=one,%25", 1),
        ("tags[contains]=one,four", 0),
        ("tags[null]=false", 1), ("comments[null]=false", 1), ("comments[null]=true", 0),
    ):  # fmt: skip
        assert app.get(f"/tasks?title=tagged+twice&{query}").body["total"] == found, (
            query
        )
    for query in (
        "tags=one",
        "tags[eq]=one",
        "comments[contains]={}",
        "tags[startswith]=o",
    ):
        app.refused(400, "GET", f"/tasks?{query}")
    app.refused(422, "PATCH", path, {"comments": ["text"]})
    app.refused(422, "PATCH", path, {"tags": [1]})
    assert app.patch(path, {"tags": [], "comments": None}).body["tags"] == []
    assert app.get("/tasks?title=tagged+twice&tags[contains]=one").body["total"] == 0
