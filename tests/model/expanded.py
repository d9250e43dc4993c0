"""`expand`: what is shown beside a record is what a read of it would show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any
from urllib.parse import urlencode

from forge.ir.application import Application
from forge.ir.entities import Entity
from tests.model.answers import Fault, Row
from tests.model.lists import PARAMETERS, Query, Term
from tests.model.shown import home_of, shown
from tests.model.store import Store
from tests.model.values import show

Tree = dict[str, "Tree"]
"""What is wanted beside a record, by the name of the relation; and beside that."""

PATHS, STEPS, MANY_STEPS = 16, 4, 2
"""Most paths, most steps of one, and most of its steps that lead to many records."""
SHOWN, SHOWN_INSIDE = 100, 10
SHOWN_OF_MANY = {100: 100, 200: 50, 500: 20, 1000: 10}
"""Most records that a relation shows, and that one inside another shows."""


@dataclass(frozen=True, slots=True)
class Way:
    """From a record to those that hold the same values."""

    name: str
    target: Entity
    pairs: tuple[tuple[str, str], ...]
    """Fields of the record, and of the related ones."""
    many: bool
    edge: str
    reversed: bool
    """Whether the edge points from the record that is referred to."""


def ways(ir: Application, entity: Entity) -> list[Way]:
    """All that can be shown beside a record."""
    return [*_own(ir, entity), *_others(ir, entity)]


def _own(ir: Application, entity: Entity) -> Iterator[Way]:
    """The references of a record."""
    ends = ir.relations.ends[entity.fqn]
    for key, end in zip(entity.all_foreign_keys(), ends, strict=True):
        target = ir.entity(key.entity)
        if end.expand and target is not None:
            pairs = tuple(zip(key.fields, key.references, strict=True))
            yield Way(end.expand, target, pairs, False, end.edge, end.reversed)


def _others(ir: Application, entity: Entity) -> Iterator[Way]:
    """The references of others to a record."""
    for other in ir.entities:
        ends = ir.relations.ends[other.fqn]
        for key, end in zip(other.all_foreign_keys(), ends, strict=True):
            if end.inverse and key.entity == entity.fqn:
                pairs = tuple(zip(key.references, key.fields, strict=True))
                yield Way(end.inverse, other, pairs, True, end.edge, end.reversed)


def way_of(ir: Application, entity: Entity, name: str) -> Way | None:
    """The way of a name, which may be the name of an edge.

    An edge that leads both ways is the record's own reference, and one of several
    references is none of them.
    """
    found = ways(ir, entity)
    of_edge = [way for way in found if way.edge and way.edge == name]
    of_edge = [way for way in of_edge if not way.many] or of_edge
    alias = of_edge[0] if len(of_edge) == 1 else None
    return next((way for way in found if way.name == name), alias)


def read_expand(ir: Application, entity: Entity, text: str) -> Tree:
    """What `expand` asks for. Raises `Fault`."""
    paths = text.split(",")
    if len(paths) > PATHS:
        raise Fault("expand", "too-many-paths")
    tree: Tree = {}
    for path in paths:
        steps = path.split(".")
        if len(steps) > STEPS:
            raise Fault("expand", "too-deep")
        at, place, many = entity, tree, 0
        for step in steps:
            way = way_of(ir, at, step)
            if way is None:
                raise Fault("expand", "unknown-relation")
            many += way.many
            if many > MANY_STEPS:
                raise Fault("expand", "too-deep")
            at, place = way.target, place.setdefault(way.name, {})
    return tree


@dataclass(frozen=True, slots=True)
class Beside:
    """Shows what is beside the records of a store."""

    ir: Application
    store: Store

    def add(
        self,
        entity: Entity,
        row: Row,
        tree: Tree,
        whole: dict[str, Any],
        most: int = SHOWN,
    ) -> dict[str, Any]:
        """The representation of a record, with what is wanted beside it."""
        for name, below in tree.items():
            way = next(way for way in ways(self.ir, entity) if way.name == name)
            home = home_of(self.ir, way.target.fqn)
            assert home is not None
            rows = self._related(way, row)
            inside = SHOWN_INSIDE if way.many else most
            found = [
                self.add(
                    way.target,
                    one,
                    below,
                    shown(self.ir, home, way.target, one),
                    inside,
                )
                for one in rows[:most]
            ]
            if not way.many:
                whole[name] = found[0] if found else None
                continue
            whole[name] = found
            if len(rows) > most:
                rest = f"{home.base_path}?{_asked(way, row, most)}"
                whole["_links"][f"{name}:next"] = rest
        return whole

    def _related(self, way: Way, row: Row) -> list[Row]:
        """The related records that a read would find; many come in the order of their keys."""
        wanted = [row[mine] for mine, _ in way.pairs]
        if None in wanted:
            return []
        rows = [
            one
            for one in self.store.seen(way.target)
            if [one[theirs] for _, theirs in way.pairs] == wanted
        ]
        keys = map(way.target.field, way.target.primary_key)
        order = Query([], [Term(key) for key in keys if key is not None])
        return sorted(rows, key=cmp_to_key(order.compare)) if way.many else rows


def _asked(way: Way, row: Row, most: int) -> str:
    """The query string of the list of those that are not shown."""
    asked: dict[str, str] = {}
    for mine, theirs in way.pairs:
        field = way.target.field(theirs)
        assert field is not None
        value = show(field.type, row[mine])
        text = str(value).lower() if isinstance(value, bool) else str(value)
        asked[f"{theirs}[eq]" if theirs in PARAMETERS else theirs] = text
    return urlencode(asked | {"offset": str(most)})
