"""References and joining entities from what is said of relations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from factory.phrases.facts import Relation

GENERIC: Final = frozenset(
    {
        "BELONGS_TO",
        "HAS",
        "PART_OF",
        "MEMBER_OF",
        "CONTAINED_IN",
        "OF",
        "FOR",
        "WITH",
        "BETWEEN",
        "ASSOCIATED_WITH",
        "LINKED_TO",
        "RELATED_TO",
    }
)
"""Edges that say no more than that there is a relation."""
_OFTEN = frozenset(
    {"BORROW", "RENT", "VISIT", "USE", "WATCH", "PLAY", "TAKE", "RATE", "BORROWED_BY"}
)
"""What the same two can do again."""


@dataclass(frozen=True, slots=True)
class Join:
    """An entity between two others."""

    name: str
    source: str
    target: str
    edge: str
    role: str
    repeats: bool

    @property
    def fields(self) -> tuple[str, str]:
        """The names of its references."""
        other = f"{self.role}_{self.target}_id" if self.role else f"{self.target}_id"
        return f"{self.source}_id", other


@dataclass(frozen=True, slots=True)
class Links:
    """Each relation once: references, and entities that join."""

    references: tuple[Relation, ...]
    joins: tuple[Join, ...]


def linked(relations: Iterable[Relation], things: Iterable[str] = ()) -> Links:
    """Put together what several clauses say of one relation.

    What says no more than that there is a relation gives way to what says which. Where both
    sides have many, or a thing that is told has references to both already, the pair is joined.
    """
    told = list(relations)
    taken = set(things)
    pairs = _joined(told)
    to_one = [r for r in told if not r.many]
    references: list[Relation] = []
    for relation in to_one:
        if _pair(relation) in pairs and relation.owns:
            continue
        references = _with(references, relation)
    joins: list[Join] = []
    for found in pairs.values():
        if not _is_carried(found, references):
            join = _join(found, taken)
            taken.add(join.name)
            joins.append(join)
    return Links(tuple(references), tuple(joins))


def _pair(relation: Relation) -> tuple[str, ...]:
    return tuple(sorted((relation.source, relation.target)))


def _joined(told: list[Relation]) -> dict[tuple[str, ...], Relation]:
    """By pair, the relation in which both sides have many."""
    owners = {(r.target, r.source): r for r in told if r.owns}
    pairs: dict[tuple[str, ...], Relation] = {}
    single = {(r.source, r.target) for r in told if not r.many and not r.owns}
    for relation in told:
        if relation.edge == "CONTAINS" and (relation.target, relation.source) in single:
            continue
        both = relation.owns and (relation.source, relation.target) in owners
        if relation.many or (both and relation.source != relation.target):
            found = relation
            if relation.owns:
                # Said from the side of the target.
                found = replace(
                    relation, source=relation.target, target=relation.source
                )
            pairs.setdefault(_pair(relation), found)
    return pairs


def _with(references: list[Relation], relation: Relation) -> list[Relation]:
    """References with one more, or with what it adds to one of them."""
    for place, one in enumerate(references):
        if (one.source, one.target) != (relation.source, relation.target):
            continue
        if one.role != relation.role or (
            one.prefix != relation.prefix and one.edge == relation.edge
        ):
            continue
        if one.edge == relation.edge or GENERIC & {one.edge, relation.edge}:
            kept = (
                relation if one.edge in GENERIC and one.edge != relation.edge else one
            )
            prefix = one.prefix or relation.prefix
            required = one.required or relation.required
            references[place] = replace(kept, prefix=prefix, required=required)
            return references
    return [*references, relation]


def _is_carried(pair: Relation, references: list[Relation]) -> bool:
    """Whether a thing that is told of refers to both already: `loans` of members and books."""
    if pair.source == pair.target:
        return False
    by_source: dict[str, set[str]] = {}
    for one in references:
        by_source.setdefault(one.source, set()).add(one.target)
    return any(
        {pair.source, pair.target} <= targets
        for source, targets in by_source.items()
        if source not in (pair.source, pair.target)
    )


def _join(pair: Relation, taken: set[str]) -> Join:
    itself = pair.source == pair.target
    name = f"{pair.source}_link" if itself else f"{pair.source}_{pair.target}"
    if name in taken:
        name = f"{name}_{pair.edge.lower()}"
    role = pair.prefix or ("other" if itself else "")
    return Join(name, pair.source, pair.target, pair.edge, role, pair.edge in _OFTEN)


def reference_names(relation: Relation) -> tuple[str, ...]:
    """Names for the field of a reference, the best first."""
    if relation.role:
        return (f"{relation.role}_id",)
    plain = f"{relation.target}_id"
    by_edge = f"{relation.edge.lower()}_{plain}"
    if relation.prefix:
        return f"{relation.prefix}_{plain}", by_edge
    if relation.source == relation.target:
        return by_edge, plain
    return plain, by_edge
