"""The graph around a record: what its edges lead to, which way, and how far."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from . import expect
from .collecting import Suite, each, needs
from .declarations import Resource
from .desk import Desk, Record, key_of
from .expanding import related, seer, tenant
from .reading import MALFORMED_KEYS, unknown_key
from .referring import ReferenceCase, pointing_to, settable
from .unique import tied

_REFUSED = {
    "edges": ("no_such_edge", ""),
    "depth": ("0", "11", "-1", "x", ""),
    "direction": ("up",),
}
_LEGAL = {"forward", "reverse"}


def _edges(resource: Resource) -> list[ReferenceCase]:
    return [c for c in settable(resource) if c.reference.edge and c.reference.route]


def _shared(resource: Resource) -> list[ReferenceCase]:
    """Edges by which two records can lead to the same one."""
    unique = tied(resource)
    return [
        case
        for case in _edges(resource)
        if case.reference.inverse and not unique.intersection(case.reference.fields)
    ]


class Graph(Suite):
    """`GET` of the graph around one record."""

    @needs("create", "graph")
    @each(_edges)
    def test_edge_leads_to_what_is_referred_to(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        resource, reference = self.resource, case.reference
        target, parent, child = related(desk, resource, case)
        mine, theirs = _name(resource, child), _name(target, parent)
        graph = _around(desk, resource, child, target, edges=reference.edge)
        nodes = {(node["entity"], node["id"]): node for node in graph["nodes"]}
        assert nodes[mine]["depth"] == 0
        assert nodes[theirs]["depth"] == 1, nodes
        assert nodes[theirs]["record"] == desk.current(target, parent)
        wanted = _edge(reference.edge, mine, theirs)
        turned = _edge(reference.edge, theirs, mine)
        if reference.reversed:
            wanted, turned = turned, wanted
        assert graph["edges"].count(wanted) == 1, graph["edges"]
        assert turned not in graph["edges"]
        assert graph["truncated"] is False
        legal = "reverse" if reference.reversed else "forward"
        for direction in sorted(_LEGAL):
            params = {"edges": reference.edge, "direction": direction}
            found = _around(desk, resource, child, target, **params)
            reached = theirs in _names(found)
            assert reached is (direction == legal), direction

    @needs("create", "read", "list", "graph")
    @each(_shared)
    def test_depth_is_how_far_edges_are_followed(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        resource, reference = self.resource, case.reference
        target, parent, child = related(desk, resource, case)
        sibling = desk.create(resource, pointing_to(reference, parent))
        for depth in (1, 2):
            params = {"edges": reference.edge, "depth": str(depth)}
            graph = _around(desk, resource, child, target, **params)
            assert _name(target, parent) in _names(graph)
            reached = _name(resource, sibling) in _names(graph)
            assert reached is (depth == 2), f"depth={depth}: {graph['nodes']}"

    @needs("graph")
    @pytest.mark.parametrize("name", _REFUSED)
    def test_graph_refuses(self, desk: Desk, name: str) -> None:
        for value in _REFUSED[name]:
            answer = _ask(desk, self.resource, unknown_key(self.resource), name, value)
            expect.problem(answer, 400, parameter=name)

    @needs("graph")
    def test_unknown_key_has_no_graph(self, desk: Desk) -> None:
        for key in (unknown_key(self.resource), *MALFORMED_KEYS):
            expect.problem(_ask(desk, self.resource, key, "depth", "1"), 404)


def _ask(desk: Desk, resource: Resource, key: str, name: str, value: str) -> Any:
    suffix = f"/{key}/graph"
    return desk.request(resource, "graph", "GET", suffix, params={name: value})


def _around(
    desk: Desk, resource: Resource, record: Record, target: Resource, **params: str
) -> Any:
    """The graph around a record, for a role that may see both ends of an edge."""
    answer = desk.request(
        resource,
        "graph",
        "GET",
        f"/{key_of(resource, record)}/graph",
        params=params,
        role=seer(desk, resource.graph, target.read, resource.read, resource.list),
        headers=tenant(desk, resource, target),
    )
    if answer.status_code == 403 and desk.client.enforces_roles:
        pytest.skip("the edges of this name lead to records that need other roles too")
    return expect.content(answer, 200)


def _name(resource: Resource, record: Record) -> tuple[str, str]:
    return resource.entity, unquote(key_of(resource, record))


def _names(graph: Any) -> set[tuple[str, str]]:
    return {(node["entity"], node["id"]) for node in graph["nodes"]}


def _edge(name: str, source: tuple[str, str], target: tuple[str, str]) -> Any:
    return {
        "edge": name,
        "from": source[1],
        "from_entity": source[0],
        "to": target[1],
        "to_entity": target[0],
    }
