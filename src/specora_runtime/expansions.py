"""`expand`: what a client may see along with a record, and how that is shown.

A related record is shown as a read of it would show it, to those who may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import msgspec

from .entity import Caller, Entity, Field, ForeignKey, Record
from .errors import BadQuery, RoleRequired
from .grammar import RESERVED
from .hints import nearest, quoted
from .links import Renderer, paths_of, renderer
from .operations import Collection, List, Operation, Read
from .relations import (
    MAX_NESTED,
    RELATED,
    Expansion,
    Relation,
    Roles,
    most_related,
)

MAX_DEPTH: Final = 4
"""Most steps of one path of `expand`."""
MAX_PATHS: Final = 16
"""Most paths of one `expand`."""
MAX_TO_MANY: Final = 2
"""Most steps of one path that lead to any number of records."""

_Tree: TypeAlias = "dict[Relation, _Tree]"
_Step: TypeAlias = Callable[[dict[str, Any], Record, Any], None]


class Catalog:
    """The relations between the collections of a service."""

    def __init__(self, collections: Iterable[Collection]) -> None:
        collections = tuple(collections)
        self.targets = paths_of(collections)
        """The collection that records of an entity are read from."""
        self._renderers = {
            name: renderer(collection, self.targets)
            for name, collection in self.targets.items()
        }
        self._relations: dict[str, dict[str, Relation]] = {}
        entities = {c.entity.name: c.entity for c in collections}
        for entity in entities.values():
            self._relations[entity.name] = dict(self._forward(entity))
        for entity in entities.values():
            self._add_inverses(entity)

    def relations(self, entity: Entity) -> Mapping[str, Relation]:
        """What can be seen along with a record of `entity`, by name."""
        return self._relations.get(entity.name, {})

    def all(self) -> Iterable[Relation]:
        """Every relation between records that can be read."""
        for name, found in self._relations.items():
            if name in self.targets:
                yield from found.values()

    def shown(self, entity: Entity, record: Record) -> dict[str, Any]:
        """The representation that a read of the record answers."""
        return self._renderers[entity.name](record)

    def parse(self, entity: Entity, text: str, limit: int = 1) -> tuple[Expansion, ...]:
        """The relations that `expand` names, for so many records. Raises `BadQuery`."""
        paths = text.split(",")
        if len(paths) > MAX_PATHS:
            raise BadQuery("expand", f"more than {MAX_PATHS} paths", "too-many-paths")
        tree: _Tree = {}
        for path in paths:
            self._follow(entity, path, tree)
        return _expansions(tree, most_related(limit))

    def _follow(self, entity: Entity, path: str, tree: _Tree) -> None:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH:
            raise _too_deep(path, f"more than {MAX_DEPTH} levels")
        to_many = 0
        for step in steps:
            relation = self._find(entity, step)
            to_many += relation.many
            if to_many > MAX_TO_MANY:
                raise _too_deep(path, f"more than {MAX_TO_MANY} levels of collections")
            entity, tree = relation.entity, tree.setdefault(relation, {})

    def _find(self, entity: Entity, name: str) -> Relation:
        legal = self.relations(entity)
        found = legal.get(name) or aliases(legal).get(name)
        if found is None:
            raise BadQuery(
                "expand",
                f"{quoted(name)} is not a relation of `{entity.name}`",
                "unknown-relation",
                nearest(name, (*legal, *aliases(legal))) or "it has no relations",
            )
        return found

    def admit(self, expansions: Iterable[Expansion], caller: Caller) -> None:
        """Raise `RoleRequired` where the caller may not read what is to be shown."""
        for one in expansions:
            for roles in one.relation.roles:
                if not caller.has_one_of(roles):
                    raise RoleRequired(roles)
            self.admit(one.nested, caller)

    def renderer(self, base: Renderer, expansions: tuple[Expansion, ...]) -> Renderer:
        """`base`, with what is related beside it."""
        if not expansions:
            return base
        steps = [self._step(one) for one in expansions]

        def render(record: Record) -> dict[str, Any]:
            related = record.pop(RELATED)
            shown = base(record)
            for step, found in zip(steps, related, strict=True):
                step(shown, record, found)
            return shown

        return render

    def _step(self, expansion: Expansion) -> _Step:
        """Adds what is related to a representation of the record."""
        relation, limit = expansion.relation, expansion.limit
        name = relation.name
        show = self.renderer(self._renderers[relation.entity.name], expansion.nested)
        if not relation.many:

            def single(shown: dict[str, Any], _record: Record, found: Any) -> None:
                shown[name] = None if found is None else show(found)

            return single

        path = self.targets[relation.entity.name].path

        def many(shown: dict[str, Any], record: Record, found: Any) -> None:
            shown[name] = [show(one) for one in found[:limit]]
            if len(found) > limit:
                rest = _rest(path, relation, record, limit)
                shown.setdefault("_links", {})[f"{name}:next"] = rest

        return many

    def _forward(self, entity: Entity) -> Iterable[tuple[str, Relation]]:
        for key in entity.foreign_keys:
            name, target = key.expand or key.link, self.targets.get(key.target)
            if name and target is not None and _open(entity, key):
                if name in entity.by_name:
                    continue
                yield (
                    name,
                    Relation(
                        name=name,
                        entity=target.entity,
                        pairs=_pairs(
                            entity, key.fields, target.entity, key.target_fields
                        ),
                        many=False,
                        edge=key.edge,
                        reversed=key.reversed,
                        roles=_roles(target, Read),
                    ),
                )

    def _add_inverses(self, entity: Entity) -> None:
        collection = self.targets.get(entity.name)
        for key in entity.foreign_keys if collection is not None else ():
            target = self.targets.get(key.target)
            if not key.inverse or target is None or not _open(entity, key):
                continue
            self._relations[key.target][key.inverse] = Relation(
                name=key.inverse,
                entity=entity,
                pairs=_pairs(target.entity, key.target_fields, entity, key.fields),
                many=True,
                edge=key.edge,
                reversed=key.reversed,
                roles=_roles(collection, Read, List),
            )


def aliases(relations: Mapping[str, Relation]) -> dict[str, Relation]:
    """The relations of an entity by the name of their edge, where it means one of them.

    An edge that goes both ways means the entity's own reference.
    """
    by_edge: dict[str, list[Relation]] = {}
    for relation in relations.values():
        if relation.edge:
            by_edge.setdefault(relation.edge, []).append(relation)
    found = {}
    for edge, ways in by_edge.items():
        own = [one for one in ways if not one.many] or ways
        if len(own) == 1:
            found[edge] = own[0]
    return found


def _expansions(tree: _Tree, limit: int) -> tuple[Expansion, ...]:
    found = []
    for relation, below in tree.items():
        inside = MAX_NESTED if relation.many else limit
        nested = _expansions(below, inside)
        found.append(Expansion(relation, limit if relation.many else 1, nested))
    return tuple(found)


def _too_deep(path: str, why: str) -> BadQuery:
    return BadQuery("expand", f"{quoted(path)} has {why}", "too-deep")


def _open(entity: Entity, key: ForeignKey) -> bool:
    """Whether no field of the reference is a secret."""
    return not any(entity.by_name[name].sensitive for name in key.fields)


def _pairs(
    entity: Entity, names: tuple[str, ...], other: Entity, others: tuple[str, ...]
) -> tuple[tuple[Field, Field], ...]:
    return tuple(
        (entity.by_name[mine], other.by_name[theirs])
        for mine, theirs in zip(names, others, strict=True)
    )


def _roles(collection: Collection | None, *kinds: type[Operation]) -> Roles:
    """The roles that the operations of a collection demand."""
    operations = collection.operations if collection is not None else ()
    found = (next((o for o in operations if isinstance(o, k)), None) for k in kinds)
    return tuple(one.roles for one in found if one is not None and one.roles)


def _rest(path: str, relation: Relation, record: Record, limit: int) -> str:
    """The list of the related records that are not shown."""
    wanted = {
        f"{theirs.name}[eq]" if theirs.name in RESERVED else theirs.name: _text(
            record[mine.name]
        )
        for mine, theirs in relation.pairs
    }
    return f"{path or '/'}?{urlencode(wanted | {'offset': str(limit)})}"


def _text(value: Any) -> str:
    """A value as a query string writes it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    built: object = msgspec.to_builtins(value)
    if isinstance(built, bool):
        return "true" if built else "false"
    return str(built)
