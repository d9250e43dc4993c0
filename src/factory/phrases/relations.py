"""Clauses about what things have to do with each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from factory.phrases import vocabulary as words
from factory.phrases.facts import Context, Fact, Found, Noun, Relation, Thing, stretch
from factory.phrases.nouns import (
    base,
    is_participle,
    is_plural,
    is_word,
    name_of,
    nouns,
    participle,
)
from factory.phrases.tokens import Tokens

_JOINED = frozenset(
    {
        participle(v.partition(" ")[0]) + v[len(v.partition(" ")[0]) :]
        for v in words.JOINING
    }
)
_BARE_IN = frozenset(
    {
        "in",
        "on",
        "at",
        "for",
        "about",
        "from",
        "under",
        "within",
        "inside",
        "by",
        "with",
        "between",
    }
)
_TWO_WORDS = words.HANDLING | words.JOINING


def relation(tokens: Tokens, context: Context) -> Found | None:
    """`customers submit tickets`, `reviews are written by customers about products`."""
    subjects, at, where = _subjects(tokens, context)
    if not subjects:
        return None
    verb_at = at
    optional = denied = False
    while at < len(tokens) and (
        tokens[at].word in words.MODALS or tokens[at].word in words.NEGATIONS
    ):
        optional = optional or tokens[at].word in words.OPTIONAL
        denied = denied or tokens[at].word in words.NEGATIONS
        at += 1
    if at >= len(tokens) or denied:
        return None
    if tokens[at].word in words.BE:
        found = _passive(tokens, at, subjects, context, optional)
    else:
        found = _active(tokens, at, subjects, context, optional)
    if found is None or verb_at == 0:
        return None
    return Found(
        (*(Thing(one.name, (one.start, one.end)) for one in where), *found.facts),
        found.left,
        tuple(one.name for one in subjects),
        found.object,
    )


def _subjects(
    tokens: Tokens, context: Context
) -> tuple[tuple[Noun, ...], int, tuple[Noun, ...]]:
    """The subject of a clause; a pronoun is that of the clause before."""
    if is_word(tokens, 0, *words.PRONOUNS):
        token = tokens[0]
        stood = (Noun(name, token.start, token.end, True) for name in context.subject)
        return tuple(stood), 1, ()
    found, at = nouns(tokens, 0, context, subject=True)
    if (
        len(found) == 1
        and (at, len(tokens)) == (1, 3)
        and found[0].name not in context.things
    ):
        # Two plurals with a word between them that stands in no table.
        plurals = [is_plural(t.word) for t in tokens]
        if plurals == [True, False, True] and tokens[1].kind == "word":
            context.wished |= {name_of(tokens[:1]), name_of(tokens[2:])}
    return found, at, found


def _passive(
    tokens: Tokens,
    at: int,
    subjects: tuple[Noun, ...],
    context: Context,
    optional: bool,
) -> Found | None:
    """A form of `be`, a participle or nothing, and a preposition."""
    at += 1
    while at < len(tokens) and tokens[at].word in words.MODALS | words.BE:
        optional = optional or tokens[at].word in words.OPTIONAL
        at += 1
    verb = ""
    if is_word(tokens, at, "part", "member", "a") and _phrase(tokens, at):
        at = _phrase(tokens, at)
        verb, preposition = "part", "of"
    elif is_word(tokens, at, "responsible") and is_word(tokens, at + 1, "for"):
        return _objects(tokens, at + 2, subjects, context, "handle", required=False)
    elif (likened := _likened(tokens, at, subjects, context)) is not None:
        return likened
    elif at < len(tokens) and is_participle(tokens[at].word):
        verb = tokens[at].word
        at += 1
        while at < len(tokens) and (
            tokens[at].word in words.MODALS or tokens[at].word.endswith("ly")
        ):
            at += 1
        if at >= len(tokens) or tokens[at].word not in words.PREPOSITIONS:
            return None
        preposition = tokens[at].word
        at += 1
    elif at < len(tokens) and tokens[at].word in _BARE_IN:
        preposition = tokens[at].word
        at += 1
    else:
        return None
    found, end = nouns(tokens, at, context)
    loose = preposition in ("by", "to", "into", "in", "of")
    if not found or not _are_things(found, context, known=loose):
        return None
    if verb == "assigned" and preposition == "to":
        subjects, found = _assigned(subjects, found)
        facts = _to_one(subjects, found, "ASSIGNED_TO", False, tokens[:end], "assigned")
    elif f"{verb} {preposition}" in _JOINED:
        facts = _joins(subjects, found, f"{verb}_{preposition}", tokens[:end])
    else:
        edge = f"{verb}_{preposition}".strip("_").upper()
        facts = _to_one(subjects, found, edge, not optional, tokens[:end])
    return _extended(tokens, end, subjects, found, facts, context)


def _likened(
    tokens: Tokens, at: int, subjects: tuple[Noun, ...], context: Context
) -> Found | None:
    """`comments may be replies to other comments`: each refers to one of the others."""
    at += is_word(tokens, at, "a", "an", "the")
    if not is_word(tokens, at + 1, "to", "of") or tokens[at].word in words.STOP:
        return None
    found, end = nouns(tokens, at + 2, context)
    same = [one.name for one in found] == [one.name for one in subjects]
    if len(found) != 1 or not same:
        return None
    edge = f"{name_of(tokens[at : at + 1])}_{tokens[at + 1].word}".upper()
    one = replace(found[0], many=False, other=False)
    facts = _to_one(subjects, (one,), edge, False, tokens[:end])
    return _extended(tokens, end, subjects, found, facts, context)


def _phrase(tokens: Tokens, at: int) -> int:
    """Where `part of` or `a member of` ends; 0 where it does not stand."""
    at += is_word(tokens, at, "a")
    ends = is_word(tokens, at, "part", "member") and is_word(tokens, at + 1, "of")
    return at + 2 if ends else 0


def _verb(tokens: Tokens, at: int) -> tuple[str, int]:
    """The verb at `at`, and where it ends with the adverbs behind it."""
    verb = base(tokens[at].word)
    at += 1
    while (
        at < len(tokens) and tokens[at].word.endswith("ly") and len(tokens[at].word) > 4
    ):
        at += 1
    if verb == "take" and is_word(tokens, at, "place"):
        return "take_place", at + 1
    return verb, at


def _active(
    tokens: Tokens,
    at: int,
    subjects: tuple[Noun, ...],
    context: Context,
    optional: bool,
) -> Found | None:
    verb = base(tokens[at].word)
    if tokens[at].kind != "word" or verb in words.STOP:
        return None
    known = verb in words.VERBS
    verb, at = _verb(tokens, at)
    for extra in (2, 1):
        longer = " ".join([verb, *(t.word for t in tokens[at : at + extra])])
        if longer in _TWO_WORDS and at + extra < len(tokens):
            return _objects(
                tokens, at + extra, subjects, context, longer, required=False
            )
    if at < len(tokens) and tokens[at].word in words.PREPOSITIONS - {
        "of",
        "as",
        "by",
        "with",
    }:
        preposition = tokens[at].word
        found, end = nouns(tokens, at + 1, context)
        told = found if known else (*subjects, *found)
        if not found or not _are_things(told, context, known):
            return None
        edge = f"{_third(verb)}_{preposition}".upper()
        return _borne(tokens, end, subjects, found, edge, context, optional)
    if verb in words.BEARING:
        found, end = nouns(tokens, at, context)
        if not found:
            return None
        return _borne(
            tokens, end, subjects, found, _third(verb).upper(), context, optional
        )
    if not known:
        trial, _ = nouns(tokens, at, context)
        wished = {one.name for one in trial} <= context.wished
        both = (*subjects, *trial)
        if not trial or not _are_things(both, context, known=wished):
            return None
    required = verb in words.CREATING and not optional
    return _objects(tokens, at, subjects, context, verb, required=required)


def _borne(
    tokens: Tokens, end: int, subjects: tuple[Noun, ...], found: tuple[Noun, ...], edge: str,
    context: Context, optional: bool,
) -> Found:  # fmt: skip
    """The subject refers to the object."""
    if edge == "REPORTS_TO":
        roles = [one for one in found if one.name not in context.things]
        if roles and all(one.singled and one.name in words.PERSONS for one in roles):
            where = stretch(tokens[:end])
            said = tuple(
                Relation(s.name, s.name, edge, False, where, role=one.name)
                for s in subjects
                for one in found
            )
            return _extended(tokens, end, subjects, (), said, context)
        optional = True
    facts = _to_one(subjects, found, edge, not optional, tokens[:end])
    return _extended(tokens, end, subjects, found, facts, context)


def _objects(
    tokens: Tokens, at: int, subjects: tuple[Noun, ...], context: Context, verb: str, *,
    required: bool,
) -> Found | None:  # fmt: skip
    """What is submitted refers to who submits it; what is attended has an entity between."""
    if is_word(tokens, at, *words.PRONOUNS) and context.object:
        token = tokens[at]
        found = tuple(Noun(n, token.start, token.end, True) for n in context.object)
        end = at + 1
    else:
        found, end = nouns(tokens, at, context)
    if not found or not _are_things(found, context, known=True):
        return None
    first, _, rest = verb.partition(" ")
    edge = "_".join(filter(None, [participle(first), rest.replace(" ", "_"), "by"]))
    if verb in words.JOINING:
        facts = _joins(subjects, found, verb.replace(" ", "_"), tokens[:end])
    else:
        facts = _to_one(found, subjects, edge.upper(), required, tokens[:end])
    return _extended(tokens, end, found, found, facts, context)


def _are_things(found: Iterable[Noun], context: Context, known: bool) -> bool:
    """Whether all are things, or may be taken for ones because the verb is known."""
    return all(one.name in context.things or (known and _may_be(one)) for one in found)


def _may_be(one: Noun) -> bool:
    return one.plural or one.singled or one.many


def _assigned(
    subjects: tuple[Noun, ...], found: tuple[Noun, ...]
) -> tuple[tuple[Noun, ...], tuple[Noun, ...]]:
    """Work is assigned to people, however it is said."""
    person = any(one.name.rpartition("_")[2] in words.PERSONS for one in subjects)
    other = any(one.name.rpartition("_")[2] in words.PERSONS for one in found)
    return (found, subjects) if person and not other else (subjects, found)


def _to_one(
    sources: Iterable[Noun], targets: tuple[Noun, ...], edge: str, required: bool, tokens: Tokens,
    prefix: str = "",
) -> tuple[Fact, ...]:  # fmt: skip
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


def _joins(
    subjects: Iterable[Noun], found: tuple[Noun, ...], verb: str, tokens: Tokens
) -> tuple[Fact, ...]:
    where = stretch(tokens)
    return tuple(
        Relation(one.name, other.name, verb.upper(), True, where, many=True)
        for one in subjects
        for other in found
    )


def _extended(
    tokens: Tokens, at: int, bearers: tuple[Noun, ...], found: tuple[Noun, ...],
    facts: tuple[Fact, ...], context: Context,
) -> Found:  # fmt: skip
    """What follows with a preposition: `by customers about products`."""
    said = [*facts, *(Thing(one.name, (one.start, one.end)) for one in found)]
    while at < len(tokens) and tokens[at].word in words.PREPOSITIONS - {
        "of",
        "with",
        "as",
        "through",
        "via",
    }:
        preposition = tokens[at].word
        more, end = nouns(tokens, at + 1, context)
        loose = preposition in ("about", "for", "to", "against")
        if not more or not all(
            one.name in context.things or (loose and one.plural) for one in more
        ):
            break
        said += _to_one(bearers, more, preposition.upper(), True, tokens[at:end])
        at = end
    doing, at = _doing(tokens, at, bearers, context)
    left = (tokens[at:],) if at < len(tokens) else ()
    return Found((*said, *doing), left, object=tuple(one.name for one in found))


def _doing(
    tokens: Tokens, at: int, bearers: tuple[Noun, ...], context: Context
) -> tuple[tuple[Fact, ...], int]:
    """`a loan is of one member borrowing one book`: it refers to the book as well."""
    if at >= len(tokens) or not tokens[at].word.endswith("ing"):
        return (), at
    skipped = int(is_word(tokens, at + 1, *words.PREPOSITIONS))
    more, end = nouns(tokens, at + 1 + skipped, context)
    firm = more and all(one.name in context.things and one.singled for one in more)
    if not firm:
        return (), at
    edge = "_".join(t.word for t in tokens[at : at + 1 + skipped]).upper()
    return _to_one(bearers, more, edge, True, tokens[at:end]), end


def _third(verb: str) -> str:
    """The third person, which names an edge.

    >>> _third("belong"), _third("apply"), _third("pass")
    ('belongs', 'applies', 'passes')
    """
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    if verb == "take_place":
        return "takes_place"
    return verb + ("es" if verb.endswith(("s", "x", "ch", "sh", "o")) else "s")
