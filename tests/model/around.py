"""The graph around a record: what its edges lead to, and the edges between those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forge.ir.application import Application
from forge.ir.entities import Entity
from tests.model.answers import Fault, Problem, Row
from tests.model.expanded import Way, ways
from tests.model.shown import home_of, shown
from tests.model.store import Store, known
from tests.model.unknown import Joined
from tests.model.words import key_parts

PARAMETERS = ("edges", "depth", "direction")
DIRECTIONS = ("both", "forward", "reverse")
DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """Which edges are followed, and how far."""

    edges: frozenset[str] | None
    depth: int
    direction: str

    def follows(self, way: Way) -> bool:
        """Whether a way is an edge that is asked for, in the direction that is."""
        if not way.edge or (self.edges is not None and way.edge not in self.edges):
            return False
        along = way.many == way.reversed
        return self.direction == "both" or along == (self.direction == "forward")


def edges_of(ir: Application) -> list[str]:
    """The names of all edges."""
    served = [e for e in ir.entities if home_of(ir, e.fqn) is not None]
    return sorted({w.edge for e in served for w in ways(ir, e) if w.edge})


def read_graph(ir: Application, pairs: Sequence[tuple[str, str]]) -> Asked:
    """What a query string asks for. Raises `Problem`."""
    given = dict(pairs)
    faults = []
    names = [name for name, _ in pairs]
    for name in names:
        if name not in PARAMETERS:
            faults.append(Fault(name, "unknown-parameter"))
        elif names.count(name) > 1:
            faults.append(Fault(name, "repeated-parameter"))
    edges = given["edges"].split(",") if "edges" in given else None
    if not set(edges or ()) <= {*edges_of(ir)}:
        faults.append(Fault("edges", "unknown-edge"))
    depth = given.get("depth", "1")
    if depth not in map(str, range(1, DEEPEST + 1)):
        faults.append(Fault("depth", "out-of-range"))
    direction = given.get("direction", "both")
    if direction not in DIRECTIONS:
        faults.append(Fault("direction", "bad-value"))
    if faults:
        raise Problem(*(fault.told for fault in faults))
    return Asked(None if edges is None else frozenset(edges), int(depth), direction)


@dataclass(frozen=True, slots=True)
class _Node:
    entity: Entity
    row: Row
    depth: int
    id: str


def graph(
    ir: Application, store: Store, entity: Entity, row: Row, asked: Asked
) -> dict[str, Any]:
    """A record and those around it, in the order of `in_order`."""
    nodes = _nodes(ir, store, _node(entity, row, 0), asked)
    edges = [edge for way in _walked(ir, entity, asked) for edge in _edges(way, nodes)]
    shown_nodes = []
    for node in nodes:
        home = home_of(ir, node.entity.fqn)
        assert home is not None
        shown_nodes.append(
            {
                "entity": node.entity.name,
                "id": node.id,
                "depth": node.depth,
                "record": shown(ir, home, node.entity, node.row),
            }
        )
    return in_order({"nodes": shown_nodes, "edges": edges, "truncated": False})


def in_order(found: dict[str, Any]) -> dict[str, Any]:
    """The same graph, with its parts in an order that no document says."""
    nodes = sorted(found["nodes"], key=lambda n: (n["depth"], n["entity"], n["id"]))
    edges = sorted(found["edges"], key=lambda edge: sorted(edge.items()))
    return found | {"nodes": nodes, "edges": edges}


def _node(entity: Entity, row: Row, depth: int) -> _Node:
    found = str(Joined(tuple(key_parts(entity, known(row)))))
    return _Node(entity, row, depth, found)


def _nodes(ir: Application, store: Store, first: _Node, asked: Asked) -> list[_Node]:
    """Every record within reach, at the depth at which it is met first."""
    met = {(first.entity.fqn, first.id): first}
    level = [first]
    for depth in range(1, asked.depth + 1):
        found = []
        for node in level:
            for way in filter(asked.follows, ways(ir, node.entity)):
                wanted = [node.row[mine] for mine, _ in way.pairs]
                for row in store.seen(way.target) if None not in wanted else ():
                    if [row[theirs] for _, theirs in way.pairs] == wanted:
                        other = _node(way.target, row, depth)
                        if met.setdefault((way.target.fqn, other.id), other) is other:
                            found.append(other)
        level = found
    return list(met.values())


@dataclass(frozen=True, slots=True)
class _Reference:
    """An edge stands where a reference does, whichever way it was followed."""

    holder: Entity
    target: Entity
    pairs: tuple[tuple[str, str], ...]
    edge: str
    reversed: bool


def _walked(ir: Application, entity: Entity, asked: Asked) -> list[_Reference]:
    """The references that are followed from any kind of record within reach."""
    seen, level = {entity.fqn}, [entity]
    found: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], _Reference] = {}
    for _ in range(asked.depth):
        following = []
        for source in level:
            for way in filter(asked.follows, ways(ir, source)):
                holder, target, pairs = source, way.target, way.pairs
                if way.many:
                    holder, target = target, holder
                    pairs = tuple((theirs, mine) for mine, theirs in pairs)
                one = _Reference(holder, target, pairs, way.edge, way.reversed)
                found.setdefault((holder.fqn, target.fqn, way.edge, pairs), one)
                if way.target.fqn not in seen:
                    seen.add(way.target.fqn)
                    following.append(way.target)
        level = following
    return list(found.values())


def _edges(way: _Reference, nodes: list[_Node]) -> list[dict[str, str]]:
    found = []
    for node in nodes:
        if node.entity.fqn != way.holder.fqn:
            continue
        wanted = [node.row[mine] for mine, _ in way.pairs]
        for other in nodes:
            if other.entity.fqn != way.target.fqn or None in wanted:
                continue
            if [other.row[theirs] for _, theirs in way.pairs] == wanted:
                one, two = (other, node) if way.reversed else (node, other)
                found.append(
                    {
                        "edge": way.edge,
                        "from": one.id,
                        "from_entity": one.entity.name,
                        "to": two.id,
                        "to_entity": two.entity.name,
                    }
                )
    return found
