"""Facts of relations, and what their edges are called."""

from __future__ import annotations

from collections.abc import Iterable

from factory.phrases import vocabulary as words
from factory.phrases.facts import Fact, Noun, Relation, stretch
from factory.phrases.tokens import Tokens


def to_one(
    sources: Iterable[Noun], targets: tuple[Noun, ...], edge: str, required: bool, tokens: Tokens,
    prefix: str = "",
) -> tuple[Fact, ...]:  # fmt: skip
    """Each source refers to each target."""
    where = stretch(tokens)
    return tuple(
        Relation(
            source.name,
            target.name,
            edge,
            required and source.name != target.name,
            where,
            target.prefix or prefix,
            many=target.many or (target.other and target.plural),
        )
        for source in sources
        for target in targets
    )


def joins(
    subjects: Iterable[Noun], found: tuple[Noun, ...], verb: str, tokens: Tokens
) -> tuple[Fact, ...]:
    """An entity joins each subject and each object."""
    where = stretch(tokens)
    return tuple(
        Relation(one.name, other.name, verb.upper(), True, where, many=True)
        for one in subjects
        for other in found
    )


def third(verb: str) -> str:
    """The third person, which names an edge.

    >>> third("belong"), third("apply"), third("pass")
    ('belongs', 'applies', 'passes')
    """
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    if verb == "take_place":
        return "takes_place"
    return verb + ("es" if verb.endswith(("s", "x", "ch", "sh", "o")) else "s")


def assigned(
    subjects: tuple[Noun, ...], found: tuple[Noun, ...]
) -> tuple[tuple[Noun, ...], tuple[Noun, ...]]:
    """Work is assigned to people, however it is said."""
    person = any(one.name.rpartition("_")[2] in words.PERSONS for one in subjects)
    other = any(one.name.rpartition("_")[2] in words.PERSONS for one in found)
    return (found, subjects) if person and not other else (subjects, found)
