"""What references are called from either end: in `_links`, in `expand` and in the graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forge.ir.application import Application, Route
from forge.ir.entities import Entity, ForeignKey
from forge.ir.types import STRUCTURED, FieldType, GraphDirection, Operation

RESERVED_LINKS = ("self", "collection")
"""What every `_links` holds besides references."""

_WITHOUT_EQUALITY = STRUCTURED | {FieldType.BINARY}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A way from the records of one entity to those of another, under one name."""

    name: str
    target: str
    """FQN of the entity it leads to."""
    many: bool
    """Whether it goes against the reference, so that any number may be related."""
    edge: str | None
    roles: tuple[str, ...] = ()
    """Some of those that may see what is related; anyone where empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What one reference is called."""

    link: str
    """In `_links` of the record that refers."""
    expand: str = ""
    """In `expand` of the record that refers; empty where that shows nothing."""
    inverse: str = ""
    """In `expand` of the record referred to; empty where that shows nothing."""
    edge: str = ""
    reversed: bool = False
    """Whether the edge points from the record referred to."""


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations of an application."""

    ends: Mapping[str, tuple[Ends, ...]]
    """By FQN: the ends of `all_foreign_keys()`, in their order."""
    of: Mapping[str, tuple[Relation, ...]]
    """By FQN: what can be seen along with a record; its own references come first."""


def relations(app: Application) -> Relations:
    """The relations of `app`, named by fixed rules.

    A reference is called as its link; where a field has that name, after what is left of
    its field without the name of the field referred to, or after the entity. The other
    end has the name of the collection, with `_by_<reference>` where several references
    lead there or the name is taken.
    """
    return app.relations


def name_relations(app: Application) -> Relations:
    """What `relations` gives, worked out anew."""
    return _Namer(app).relations()


def aliases(found: tuple[Relation, ...]) -> dict[str, Relation]:
    """The relations of one entity by the name of their edge.

    An edge that goes both ways means the entity's own reference; one that several
    references share stands for none of them.
    """
    by_edge: dict[str, list[Relation]] = {}
    for relation in found:
        if relation.edge:
            by_edge.setdefault(relation.edge, []).append(relation)
    alias = {}
    for edge, ways in by_edge.items():
        own = [one for one in ways if not one.many] or ways
        if len(own) == 1:
            alias[edge] = own[0]
    return alias


def serving(app: Application) -> dict[str, Route]:
    """The route that records of an entity are read from: the first that can, by FQN."""
    found: dict[str, Route] = {}
    for route in app.routes:
        if route.endpoint(Operation.READ) is not None:
            found.setdefault(route.entity, route)
    return found


def links(entity: Entity) -> tuple[str, ...]:
    """The names of an entity's references in `_links`: `customer` for `customer_id`."""
    taken = _Taken({*RESERVED_LINKS})
    return tuple(_link(key, taken) for key in entity.all_foreign_keys())


def _link(key: ForeignKey, taken: _Taken) -> str:
    if len(key.fields) > 1:
        return taken.claim(key.entity.rpartition("/")[2], "_".join(key.fields))
    name = key.fields[0]
    return taken.claim(name.removesuffix("_id") or name, name)


@dataclass(slots=True)
class _Taken:
    names: set[str] = field(default_factory=set)

    def claim(self, *wanted: str) -> str:
        """The first of `wanted` that is free, else the last of them with a number."""
        free = next((one for one in wanted if one and one not in self.names), "")
        number = 2
        while not free:
            numbered = f"{wanted[-1]}_{number}"
            free = "" if numbered in self.names else numbered
            number += 1
        self.names.add(free)
        return free


class _Namer:
    def __init__(self, app: Application) -> None:
        self.app = app
        routes = serving(app)
        # A route may name an entity that could not be read.
        self.routes = {fqn: routes[fqn] for fqn in routes if app.entity(fqn)}
        self.taken = {e.fqn: _Taken({f.name for f in e.fields}) for e in app.entities}
        self.of: dict[str, list[Relation]] = {e.fqn: [] for e in app.entities}

    def relations(self) -> Relations:
        links_of = {entity.fqn: links(entity) for entity in self.app.entities}
        forward = {e.fqn: self._forward(e, links_of[e.fqn]) for e in self.app.entities}
        ends = {}
        for entity in self.app.entities:
            names = forward[entity.fqn]
            inverse = self._inverse(entity, links_of[entity.fqn], names)
            ends[entity.fqn] = tuple(
                Ends(
                    link=link,
                    expand=names.get(n, ""),
                    inverse=inverse.get(n, ""),
                    edge=(key.graph_edge or "") if _open(entity, key) else "",
                    reversed=key.graph_direction is GraphDirection.REVERSE,
                )
                for n, (key, link) in enumerate(
                    zip(entity.all_foreign_keys(), links_of[entity.fqn], strict=True)
                )
            )
        return Relations(ends, {fqn: tuple(found) for fqn, found in self.of.items()})

    def _forward(self, entity: Entity, own_links: tuple[str, ...]) -> dict[int, str]:
        """The names of the entity's references, by their number."""
        taken = self.taken[entity.fqn]
        keys = [
            (n, key, link)
            for n, (key, link) in enumerate(
                zip(entity.all_foreign_keys(), own_links, strict=True)
            )
            if key.entity in self.routes and _open(entity, key)
        ]
        names: dict[int, str] = {}
        # Links that can stay as they are come before those that have to give way.
        for n, key, link in sorted(keys, key=lambda one: one[2] in taken.names):
            names[n] = taken.claim(link, *_others(key), f"{link}_record")
        for n, key, _ in keys:
            self._add(entity.fqn, names[n], key.entity, key, many=False)
        return names

    def _inverse(
        self, entity: Entity, own_links: tuple[str, ...], forward: Mapping[int, str]
    ) -> dict[int, str]:
        """The names of the other ends of the entity's references, by their number."""
        route = self.routes.get(entity.fqn)
        if route is None:
            return {}
        keys = entity.all_foreign_keys()
        ways = [(n, key) for n, key in enumerate(keys) if _open(entity, key)]
        name = _collection(route)
        names: dict[int, str] = {}
        for n, key in ways:
            if key.entity not in self.routes or not _listed(entity, route, key):
                continue
            by = f"{name}_by_{forward.get(n) or own_links[n]}"
            alone = sum(other.entity == key.entity for _, other in ways) == 1
            taken = self.taken[key.entity]
            names[n] = taken.claim(name, by) if alone else taken.claim(by)
            self._add(key.entity, names[n], entity.fqn, key, many=True)
        return names

    def _add(
        self, fqn: str, name: str, target: str, key: ForeignKey, *, many: bool
    ) -> None:
        route = self.routes[target]
        wanted = (Operation.READ, Operation.LIST) if many else (Operation.READ,)
        endpoints = [one for one in map(route.endpoint, wanted) if one is not None]
        roles = tuple(role for endpoint in endpoints for role in endpoint.roles)
        relation = Relation(
            name=name,
            target=target,
            many=many,
            edge=key.graph_edge,
            roles=roles,
        )
        self.of[fqn].append(relation)


def _others(key: ForeignKey) -> Iterator[str]:
    """Names of a reference whose link is the name of a field."""
    if len(key.fields) == 1:
        shorter = key.fields[0].removesuffix(f"_{key.references[0]}")
        if shorter != key.fields[0]:
            yield shorter
    yield key.entity.rpartition("/")[2]


def _open(entity: Entity, key: ForeignKey) -> bool:
    """Whether no field of the reference is a secret."""
    fields = (entity.field(name) for name in key.fields)
    return not any(one is None or one.sensitive for one in fields)


def _listed(entity: Entity, route: Route, key: ForeignKey) -> bool:
    """Whether a list can be filtered by the reference."""
    endpoint = route.endpoint(Operation.LIST)
    types = {one.type for name in key.fields if (one := entity.field(name))}
    if endpoint is None or types & _WITHOUT_EQUALITY:
        return False
    return endpoint.filters is None or set(key.fields) <= set(endpoint.filters)


def _collection(route: Route) -> str:
    """The name of a collection: what its path ends in."""
    last = route.base_path.rpartition("/")[2].replace("-", "_")
    return last if _NAME.fullmatch(last) else route.name
