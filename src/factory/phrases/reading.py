"""A description in English to facts, by rules: no model, and the same text reads the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from factory.phrases.clauses import clause
from factory.phrases.facts import (
    Context,
    Domain,
    Fact,
    Field,
    Life,
    Numbering,
    Relation,
    Thing,
)
from factory.phrases.tokens import Tokens, clauses

LONGEST = 20_000
"""Characters of a description that are read."""
_ROUNDS = 4
"""A name that a later clause gives is known to the earlier ones in the next round."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A stretch of the text that no rule reads."""

    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: not understood: {self.text}"


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a text in its order, and what was not understood."""

    facts: tuple[Fact, ...]
    missed: tuple[Missed, ...]
    domain: str = ""


def read_phrases(
    text: str, things: Iterable[str] = (), subject: Iterable[str] = ()
) -> Reading:
    """Read `text`. `things` are known already; `subject` is what `they` are at first."""
    cut = text[:LONGEST]
    parts = clauses(cut)
    given = set(things)
    known = set(given)
    facts: list[Fact] = []
    left: list[Tokens] = []
    for _ in range(_ROUNDS):
        facts, left = _round(parts, known, tuple(subject))
        found = given | {name for fact in facts for name in _things(fact) if name}
        if found == known:
            break
        known = found
    facts = _same(facts)
    missed = [_missed(cut, part[0].start, part[-1].end) for part in left if part]
    if len(text) > LONGEST:
        missed.append(_missed(text, LONGEST, len(text)))
    domain = next((fact.name for fact in facts if isinstance(fact, Domain)), "")
    return Reading(tuple(facts), tuple(missed), domain)


def _round(
    parts: list[Tokens], things: set[str], subject: tuple[str, ...]
) -> tuple[list[Fact], list[Tokens]]:
    context = Context(set(things), subject)
    facts: list[Fact] = []
    left: list[Tokens] = []
    for number, part in enumerate(parts):
        found = clause(part, context, first=number == 0)
        facts += found.facts
        left += found.left
        context.subject = found.subject or context.subject
        context.object = found.object or found.subject or context.object
    return facts, left


def _same(facts: list[Fact]) -> list[Fact]:
    """`gym memberships` that are only named are the `memberships` of which more is said."""
    told = {
        name for fact in facts if not isinstance(fact, Thing) for name in _things(fact)
    }
    kept: list[Fact] = []
    for fact in facts:
        if isinstance(fact, Thing) and fact.name not in told:
            parts = fact.name.split("_")
            longer = ("_".join(parts[n:]) for n in range(1, len(parts)))
            name = next((one for one in longer if one in told), fact.name)
            fact = Thing(name, fact.at)
        kept.append(fact)
    return kept


def _things(fact: Fact) -> tuple[str, ...]:
    match fact:
        case Thing(name=name):
            return (name,)
        case Relation(source=source, target=target):
            return (source, target)
        case Field(thing=thing) | Life(thing=thing) | Numbering(thing=thing):
            return (thing,)
        case Domain():
            return ()


def _missed(text: str, start: int, end: int) -> Missed:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    words = " ".join(text[start:end].split())
    return Missed(line, column, words if len(words) <= 100 else f"{words[:97]}...")
