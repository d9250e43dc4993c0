"""The graph around a record, on every adapter."""

from __future__ import annotations

from tests.conformance.sessions import Session, on_every_adapter
from tests.conformance.test_references import task


@on_every_adapter
def test_what_is_around_a_record(app: Session) -> None:
    made = task(app, "around")
    child = task(app, "around", parent_id=made["id"])
    path = made["_links"]["self"]
    found = app.get(f"{path}/graph").body
    assert found["truncated"] is False
    assert [(n["entity"], n["id"], n["depth"]) for n in found["nodes"]] == [
        ("task", made["id"], 0),
        ("task", child["id"], 1),
        ("account", "around", 1),
    ]
    assert found["nodes"][0]["record"] == made
    assert found["nodes"][2]["record"] == app.get("/accounts/around").body
    edges = {(e["edge"], e["from"], e["to"]) for e in found["edges"]}
    assert edges == {
        ("BILLED_TO", made["id"], "around"),
        ("BILLED_TO", child["id"], "around"),
        ("PART_OF", child["id"], made["id"]),
    }


@on_every_adapter
def test_edges_depth_and_direction(app: Session) -> None:
    made = task(app, "walks")
    other = task(app, "walks")
    path = f"{made['_links']['self']}/graph"

    def ids(query: str) -> list[str]:
        return [n["id"] for n in app.get(f"{path}?{query}").body["nodes"]]

    assert ids("edges=PART_OF&depth=10") == [made["id"]]
    assert ids("edges=BILLED_TO") == [made["id"], "walks"]
    assert ids("edges=BILLED_TO,PART_OF&depth=2") == [made["id"], "walks", other["id"]]
    assert ids("edges=BILLED_TO&depth=2&direction=forward") == [made["id"], "walks"]
    assert ids("direction=reverse") == [made["id"]]
    billed = app.get("/accounts/walks/graph?direction=reverse").body
    assert [n["id"] for n in billed["nodes"]] == ["walks", made["id"], other["id"]]


@on_every_adapter
def test_what_is_deleted_is_left_out(app: Session) -> None:
    app.made("/accounts", code="fades", name="x")
    assert len(app.get("/accounts/fades/graph").body["nodes"]) == 1
    assert app.delete("/accounts/fades").status == 204
    app.refused(404, "GET", "/accounts/fades/graph")


@on_every_adapter
def test_refusals(app: Session) -> None:
    path = f"{task(app, 'refusing')['_links']['self']}/graph"
    for query, parameter, code, help in (
        ("edges=BILED_TO", "edges", "unknown-edge", "did you mean `BILLED_TO`?"),
        ("edges=", "edges", "unknown-edge", ""),
        ("depth=0", "depth", "out-of-range", ""),
        ("depth=11", "depth", "out-of-range", ""),
        ("direction=up", "direction", "bad-value", ""),
        ("egdes=PART_OF", "egdes", "unknown-parameter", "did you mean `edges`?"),
        ("depth=1&depth=1", "depth", "repeated-parameter", ""),
    ):
        answer = app.refused(400, "GET", f"{path}?{query}")
        assert answer.faults == [(parameter, code)], query
        assert help in answer.body["errors"][0]["detail"]
    for key in ("00000000-0000-7000-8000-000000000000", "none", "%00"):
        app.refused(404, "GET", f"/tasks/{key}/graph")
    app.refused(404, "GET", "/words/x/graph")
