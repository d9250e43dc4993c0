"""`expand`: what is shown beside a record is what a read of it would show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.sessions import Session, on_every_adapter
from tests.conformance.test_references import task
from tests.conformance.test_values import KEPT


def sampled(app: Session, **values: Any) -> dict[str, Any]:
    """A note on a task, taken from a sample that holds `values`."""
    if app.get("/accounts/samples").status == 404:
        app.made("/accounts", code="samples", name="x")
    about = app.made("/tasks", title="t", account_code="samples")
    sample = app.made("/samples", **{"label": "x"} | values)
    return app.made("/notes", task_id=about["id"], sample_id=sample["id"], body="n")


@on_every_adapter
@pytest.mark.parametrize("name", KEPT)
def test_an_expanded_value_is_the_value_that_is_read(app: Session, name: str) -> None:
    for sent, _ in KEPT[name]:
        note = sampled(app, **{name: sent})
        alone = app.get(f"/samples/{note['sample_id']}").body
        shown = app.get(f"/notes/{note['id']}?expand=sample").body
        assert shown.pop("sample") == alone
        assert shown == note
        [deep] = app.items(f"/notes?id={note['id']}&expand=task.notes.sample")
        [again] = deep["task"]["notes"]
        assert again["sample"] == alone


@on_every_adapter
def test_references_of_each_kind(app: Session) -> None:
    agent = app.made("/agents", name="expanded")
    made = task(app, "expanded", agent_number=agent["number"])
    account = app.get("/accounts/expanded").body
    path = made["_links"]["self"]
    shown = app.get(f"{path}?expand=account,agent,parent").body
    assert shown.pop("account") == account
    assert shown.pop("agent") == agent
    assert shown.pop("parent") is None
    assert shown == made
    child = task(app, "expanded", parent_id=made["id"])
    shown = app.get(
        f"{child['_links']['self']}?expand=parent.agent,parent.account"
    ).body
    assert shown["parent"].pop("agent") == agent
    assert shown["parent"].pop("account") == account
    assert shown["parent"] == made
    assert "agent" not in shown


@on_every_adapter
def test_the_other_end_of_a_reference(app: Session) -> None:
    first = task(app, "inverse")
    second = task(app, "inverse", parent_id=first["id"])
    shown = app.get("/accounts/inverse?expand=tasks").body
    assert shown["tasks"] == [first, second]
    assert "tasks:next" not in shown["_links"]
    shown = app.get(f"{first['_links']['self']}?expand=tasks,notes").body
    assert (shown["tasks"], shown["notes"]) == ([second], [])
    [shown] = app.items("/accounts?code=inverse&expand=tasks.parent.account")
    assert [
        one["parent"] and one["parent"]["account"]["code"] for one in shown["tasks"]
    ] == [
        None,
        "inverse",
    ]


@on_every_adapter
def test_an_edge_is_another_name(app: Session) -> None:
    made = task(app, "edge")
    path = made["_links"]["self"]
    assert (
        app.get(f"{path}?expand=BILLED_TO").body
        == app.get(f"{path}?expand=account").body
    )
    inverse = app.get("/accounts/edge?expand=BILLED_TO").body
    assert inverse["tasks"] == [made]
    # The edge goes both ways here, and means the record's own reference.
    assert app.get(f"{path}?expand=PART_OF").body["parent"] is None


@on_every_adapter
def test_references_of_two_fields(app: Session) -> None:
    for place in (1, 2):
        app.made("/slots", shelf="beside", place=place)
    body = {"shelf": "beside", "place": 1, "day": "2024-02-29"}
    made = app.made("/bookings", **body, spare_shelf="beside", spare_place=2)
    links = app.get(made["_links"]["self"]).body["_links"]
    names = [name for name in links if name not in ("self", "collection")]
    shown = app.get(f"{made['_links']['self']}?expand={','.join(names)}").body
    assert [shown[name]["place"] for name in names] == [1, 2]
    slot = app.get("/slots/beside,2?expand=bookings_by_spare_shelf_spare_place")
    assert slot.body["bookings_by_spare_shelf_spare_place"] == [made]
    refused = app.refused(400, "GET", "/slots/beside,2?expand=bookings")
    assert refused.faults == [("expand", "unknown-relation")]
    half = app.made("/bookings", **body, spare_shelf="half")
    assert app.get(f"{half['_links']['self']}?expand={names[1]}").body[names[1]] is None


@on_every_adapter
def test_more_than_is_shown_is_told(app: Session) -> None:
    app.made("/accounts", code="many", name="x")
    made = [app.made("/tasks", title="t", account_code="many") for _ in range(103)]
    shown = app.get("/accounts/many?expand=tasks").body
    assert [one["id"] for one in shown["tasks"]] == [one["id"] for one in made[:100]]
    rest = app.items(shown["_links"]["tasks:next"])
    assert [one["id"] for one in rest] == [one["id"] for one in made[100:]]
    for limit, most in ((100, 100), (101, 50), (201, 20), (1000, 10)):
        page = app.items(f"/accounts?limit={limit}&expand=tasks&code=many")
        assert len(page[0]["tasks"]) == most
        rest = app.items(page[0]["_links"]["tasks:next"])
        assert [one["id"] for one in rest] == [one["id"] for one in made[most:]]
    below = app.get(f"{made[0]['_links']['self']}?expand=account.tasks.notes").body
    assert len(below["account"]["tasks"]) == 100
    parent = made[0]["_links"]["self"]
    for one in made[1:13]:
        app.patch(one["_links"]["self"], {"parent_id": made[0]["id"]})
    nested = app.get("/accounts/many?expand=tasks.tasks").body["tasks"][0]
    assert len(nested["tasks"]) == 10
    assert len(app.items(nested["_links"]["tasks:next"])) == 2
    assert len(app.get(f"{parent}?expand=tasks").body["tasks"]) == 12


@on_every_adapter
def test_what_is_deleted_is_not_shown(app: Session) -> None:
    app.made("/accounts", code="hides", name="x")
    invoice = app.made("/finance/invoices", unit_price="2.50", account_code="hides")
    shown = app.get("/accounts/hides?expand=invoices").body
    assert shown["invoices"] == [invoice]
    assert app.delete(invoice["_links"]["self"]).status == 204
    assert app.get("/accounts/hides?expand=invoices").body["invoices"] == []


@on_every_adapter
def test_a_tag_says_nothing_of_what_is_beside(app: Session) -> None:
    path = task(app, "tagged")["_links"]["self"]
    tag = app.get(path).etag
    known = {"if-none-match": tag}
    assert app.get(path, headers=known).status == 304
    shown = app.get(f"{path}?expand=account", headers=known)
    assert (shown.status, shown.etag) == (200, tag)


@on_every_adapter
def test_what_cannot_be_shown_is_refused(app: Session) -> None:
    path = task(app, "refuses")["_links"]["self"]
    for expand, code, help in (
        ("acount", "unknown-relation", "did you mean `account`?"),
        ("account.taks", "unknown-relation", "did you mean `tasks`?"),
        ("account_code", "unknown-relation", "`account`"),
        ("", "unknown-relation", ""),
        ("account,", "unknown-relation", ""),
        ("account.", "unknown-relation", ""),
        ("*", "unknown-relation", ""),
        ("parent.parent.parent.parent.parent.parent", "too-deep", ""),
        ("tasks.tasks.tasks", "too-deep", ""),
        (",".join(["account"] * 17), "too-many-paths", ""),
        ("%00", "unknown-relation", ""),
        ("HANDLED", "unknown-relation", "did you mean `HANDLES`?"),
    ):
        for place in (path, "/tasks"):
            answer = app.refused(400, "GET", f"{place}?expand={expand}")
            assert answer.faults == [("expand", code)], expand
            assert help in answer.body["errors"][0]["detail"], expand
    app.refused(400, "GET", f"{path}?expand=account&expand=agent")
    answer = app.refused(400, "GET", "/words?expand=tasks")
    assert answer.faults == [("expand", "unknown-relation")]
    answer = app.refused(400, "GET", f"{path}?exand=account")
    assert "`expand`" in answer.body["errors"][0]["detail"]
