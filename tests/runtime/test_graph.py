from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from domain import BOOKING, CUSTOMER, FOLDER, PAPER, SEAT, TICKET
from related import catalog, logged
from store import STORES, Store, customer, opened, ticket

from specora_runtime import graph, sql_graph
from specora_runtime.entity import Caller, Entity, Record
from specora_runtime.errors import BadQuery, RoleRequired

ANYONE = Caller(unrestricted=True)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


def around(
    store: Store, entity: Entity, id: str, caller: Caller = ANYONE, **given: str
) -> dict[str, Any]:
    """The graph around a record, which takes one statement."""
    relations = catalog(store)
    walk = graph.plan_walk(relations, entity, given, caller)
    with logged(store) as statements:
        nodes = store.run(store.of(entity).graph(id, walk, caller=caller))
    assert len(statements) == 1
    return graph.shown_graph(relations, walk, nodes)


def ids(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(node["entity"], node["id"], node["depth"]) for node in found["nodes"]]


def test_what_is_around_a_record(store: Store) -> None:
    owner, backup = customer(store), customer(store, "Bob")
    first = ticket(store, customer_id=owner["id"], backup_id=backup["id"])
    second = ticket(store, customer_id=owner["id"])
    found = around(store, TICKET, first["id"])
    assert ids(found) == [
        ("ticket", first["id"], 0),
        ("customer", owner["id"], 1),
        ("customer", backup["id"], 1),
    ]
    assert found["truncated"] is False
    submitted, covers = found["edges"]
    assert submitted == {
        "edge": "SUBMITTED_BY",
        "from": first["id"],
        "from_entity": "ticket",
        "to": owner["id"],
        "to_entity": "customer",
    }
    assert (covers["from"], covers["to"]) == (backup["id"], first["id"])
    found = around(store, TICKET, first["id"], edges="SUBMITTED_BY", depth="2")
    assert ids(found) == [
        ("ticket", first["id"], 0),
        ("customer", owner["id"], 1),
        ("ticket", second["id"], 2),
    ]
    assert [edge["from"] for edge in found["edges"]] == [first["id"], second["id"]]
    record = found["nodes"][1]["record"]
    assert record["_links"]["self"] == f"/customers/{owner['id']}"
    assert "token" not in record


def test_directions(store: Store) -> None:
    owner, backup = customer(store), customer(store, "Bob")
    made = ticket(store, customer_id=owner["id"], backup_id=backup["id"])
    for direction, entity, id, wanted in (
        ("forward", TICKET, made["id"], {owner["id"]}),
        ("reverse", TICKET, made["id"], {backup["id"]}),
        ("both", TICKET, made["id"], {owner["id"], backup["id"]}),
        ("forward", CUSTOMER, owner["id"], set()),
        ("reverse", CUSTOMER, owner["id"], {made["id"]}),
        ("forward", CUSTOMER, backup["id"], {made["id"]}),
    ):
        found = around(store, entity, id, direction=direction)
        assert {node["id"] for node in found["nodes"][1:]} == wanted, direction


def test_circles_end(store: Store) -> None:
    first = store.create(FOLDER, name="a")
    second = store.create(FOLDER, name="b", parent_id=first["id"])
    store.run(store.of(FOLDER).update(first["id"], {"parent_id": second["id"]}))
    found = around(store, FOLDER, first["id"], depth="10")
    assert ids(found) == [("folder", first["id"], 0), ("folder", second["id"], 1)]
    assert len(found["edges"]) == 2


def test_what_is_deleted_is_no_node_and_no_way(store: Store) -> None:
    top = store.create(FOLDER, name="top")
    middle = store.create(FOLDER, name="middle", parent_id=top["id"])
    paper = store.create(PAPER, title="p", folder_id=top["id"])
    store.create(PAPER, title="q", folder_id=middle["id"])
    found = around(store, FOLDER, top["id"], depth="3")
    assert len(found["nodes"]) == 4
    store.run(store.of(FOLDER).delete(middle["id"]))
    found = around(store, FOLDER, top["id"], depth="3")
    assert {node["id"] for node in found["nodes"]} == {top["id"], paper["id"]}
    assert around(store, FOLDER, middle["id"])["nodes"] == []


def test_keys_of_several_fields_and_of_numbers(store: Store) -> None:
    store.create(SEAT, hall="a,b", place=1)
    made: Record = store.create(BOOKING, hall="a,b", place=1)
    found = around(store, BOOKING, str(made["id"]), depth="10")
    assert ids(found) == [("booking", str(made["id"]), 0), ("seat", "a\\,b,1", 1)]
    assert found["edges"][0]["to"] == "a\\,b,1"
    assert around(store, SEAT, "nobody,1")["nodes"] == []


def test_what_the_caller_may_not_read_is_left_out(store: Store) -> None:
    store.create(SEAT, hall="x", place=1)
    made = store.create(BOOKING, hall="x", place=1)
    nobody = Caller(role="other")
    assert len(around(store, BOOKING, str(made["id"]), nobody)["nodes"]) == 1
    with pytest.raises(RoleRequired):
        around(store, BOOKING, str(made["id"]), nobody, edges="OF_SEAT")
    reader = Caller(role="reader")
    assert len(around(store, BOOKING, str(made["id"]), reader)["nodes"]) == 2


def test_too_many_nodes_are_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MAX_NODES", 5)
    monkeypatch.setattr(sql_graph, "MAX_NODES", 5)
    owner = customer(store)
    for _ in range(4):
        ticket(store, customer_id=owner["id"])
    found = around(store, CUSTOMER, owner["id"], depth="3")
    assert (len(found["nodes"]), found["truncated"]) == (5, False)
    ticket(store, customer_id=owner["id"])
    found = around(store, CUSTOMER, owner["id"], depth="3")
    assert (len(found["nodes"]), found["truncated"]) == (5, True)
    assert len(found["edges"]) == 4


@pytest.mark.parametrize(
    ("given", "parameter", "code"),
    [
        ({"depth": "0"}, "depth", "out-of-range"),
        ({"depth": "11"}, "depth", "out-of-range"),
        ({"depth": "٣"}, "depth", "out-of-range"),
        ({"depth": ""}, "depth", "out-of-range"),
        ({"edges": "SUBMITED_BY"}, "edges", "unknown-edge"),
        ({"edges": ""}, "edges", "unknown-edge"),
        ({"direction": "up"}, "direction", "bad-value"),
    ],
)
def test_refusals(
    store: Store, given: dict[str, str], parameter: str, code: str
) -> None:
    with pytest.raises(BadQuery) as caught:
        around(store, TICKET, "x", **given)
    assert (caught.value.parameter, caught.value.code) == (parameter, code)
