"""The graph around a record: what its edges lead to, and what those lead to in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

from .entity import Caller, Entity, Type
from .errors import BadQuery, RoleRequired
from .expansions import Catalog
from .hints import nearest, quoted
from .identity import format_key
from .relations import Relation
from .walks import MAX_DEPTH, MAX_NODES, MAX_STEPS, Node, Step, Walk

PARAMETERS: Final = ("edges", "depth", "direction")

_Names: TypeAlias = tuple[tuple[str, str], ...]

_UNWALKED: Final = frozenset({Type.BINARY, Type.ARRAY, Type.OBJECT, Type.JSON})


class Direction(StrEnum):
    """Which way edges are followed."""

    BOTH = "both"
    FORWARD = "forward"
    """As they point."""
    REVERSE = "reverse"


def plan_walk(
    catalog: Catalog, entity: Entity, given: Mapping[str, str], caller: Caller
) -> Walk:
    """The walk that the parameters of a request ask for.

    What the caller may not see is left out. Raises `BadQuery`, and `RoleRequired` where
    an edge that is named leads to such records.
    """
    depth = _depth(given.get("depth", "1"))
    direction = _direction(given.get("direction", Direction.BOTH))
    edges = _edges(catalog, given["edges"]) if "edges" in given else None
    kinds, steps, reached = {entity.name: 0}, list[Step](), [entity]
    frontier: Sequence[Entity] = (entity,)
    for _ in range(depth):
        found: list[Entity] = []
        for source in frontier:
            for relation in _ways(catalog, source, edges, direction, caller):
                target = relation.entity
                if target.name not in kinds:
                    kinds[target.name] = len(kinds)
                    found.append(target)
                    reached.append(target)
                steps.append(Step(kinds[source.name], relation, kinds[target.name]))
        frontier = found
    if len(steps) > MAX_STEPS:
        raise BadQuery(
            "edges",
            "so many kinds of edges are in reach",
            "too-many-edges",
            "name some",
        )
    return Walk(tuple(reached), tuple(steps), depth)


def edges_of(catalog: Catalog) -> tuple[str, ...]:
    """The names of all edges, in order."""
    return tuple(sorted({one.edge for one in catalog.all() if one.edge}))


def _ways(
    catalog: Catalog,
    source: Entity,
    edges: frozenset[str] | None,
    direction: Direction,
    caller: Caller,
) -> Iterable[Relation]:
    for relation in catalog.relations(source).values():
        if not relation.edge or (edges is not None and relation.edge not in edges):
            continue
        along = relation.many == relation.reversed
        forward = direction is Direction.FORWARD
        if direction is not Direction.BOTH and along != forward:
            continue
        refused = _refused(relation, caller)
        if refused is None and _walkable(relation):
            yield relation
        elif refused is not None and edges is not None:
            # What is asked for by name is not left out in silence.
            raise RoleRequired(refused)


def _walkable(relation: Relation) -> bool:
    """Whether keys on both ends can stand in a statement as texts."""
    fields = [field for pair in relation.pairs for field in pair]
    fields += [relation.entity.by_name[name] for name in relation.entity.key]
    return not any(field.type in _UNWALKED for field in fields)


def _refused(relation: Relation, caller: Caller) -> tuple[str, ...] | None:
    """Roles of which the caller has none and needs one."""
    refused = (roles for roles in relation.roles if not caller.has_one_of(roles))
    return next(refused, None)


def _edges(catalog: Catalog, text: str) -> frozenset[str]:
    names = text.split(",")
    legal = edges_of(catalog)
    for name in names:
        if name not in legal:
            raise BadQuery(
                "edges",
                f"{quoted(name)} is not an edge",
                "unknown-edge",
                nearest(name, legal),
            )
    return frozenset(names)


def _depth(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 3 and text[0] != "0":
        depth = int(text)
        if depth <= MAX_DEPTH:
            return depth
    raise BadQuery(
        "depth", f"{quoted(text)} is not a number from 1 to {MAX_DEPTH}", "out-of-range"
    )


def _direction(text: str) -> Direction:
    if text in Direction.__members__.values():
        return Direction(text)
    raise BadQuery(
        "direction",
        f"{quoted(text)} is not a direction",
        "bad-value",
        nearest(text, list(Direction)),
    )


def shown_graph(catalog: Catalog, walk: Walk, nodes: Sequence[Node]) -> dict[str, Any]:
    """The answer: every node, and every edge of the walk between two of them."""
    order = sorted(nodes, key=lambda node: _place(walk, node))[:MAX_NODES]
    return {
        "nodes": [
            {
                "entity": walk.kinds[node.kind].name,
                "id": format_key(walk.kinds[node.kind], node.record),
                "depth": node.depth,
                "record": catalog.shown(walk.kinds[node.kind], node.record),
            }
            for node in order
        ],
        "edges": list(_shown_edges(walk, order)),
        "truncated": len(nodes) > MAX_NODES,
    }


def _place(walk: Walk, node: Node) -> tuple[Any, ...]:
    key = walk.kinds[node.kind].key
    return node.depth, node.kind, *(node.record[name] for name in key)


def _shown_edges(walk: Walk, nodes: Sequence[Node]) -> Iterable[dict[str, str]]:
    """An edge is where a reference is; which way it was walked makes no difference."""
    ends: dict[tuple[int, int, str, _Names], Relation] = {}
    for step in walk.steps:
        holder, target = step.source, step.target
        names = tuple((mine.name, theirs.name) for mine, theirs in step.relation.pairs)
        if step.relation.many:
            holder, target = target, holder
            names = tuple((theirs, mine) for mine, theirs in names)
        ends.setdefault((holder, target, step.relation.edge, names), step.relation)
    for (holder, target, edge, names), relation in ends.items():
        find = _finder(walk.kinds[target], target, [their for _, their in names], nodes)
        for node in nodes:
            if node.kind != holder:
                continue
            found = find(tuple(node.record[mine] for mine, _ in names))
            if found is not None:
                one = walk.kinds[holder], format_key(walk.kinds[holder], node.record)
                other = walk.kinds[target], found
                if relation.reversed:
                    one, other = other, one
                yield {
                    "edge": edge,
                    "from": one[1],
                    "from_entity": one[0].name,
                    "to": other[1],
                    "to_entity": other[0].name,
                }


def _finder(
    entity: Entity, kind: int, names: Sequence[str], nodes: Iterable[Node]
) -> Callable[[tuple[Any, ...]], str | None]:
    """The key of the node whose fields `names` hold given values."""
    known = {
        tuple(node.record[name] for name in names): format_key(entity, node.record)
        for node in nodes
        if node.kind == kind
    }
    return known.get
