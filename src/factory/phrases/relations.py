"""Clauses about what things have to do with each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from factory.phrases import vocabulary as words
from factory.phrases.edges import assigned, joins, third, to_one
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
_FURTHER = words.PREPOSITIONS - {"of", "with", "as", "through", "via"}
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
    if is_word(tokens, at, "responsible") and is_word(tokens, at + 1, "for"):
        return _objects(tokens, at + 2, subjects, context, "handle", required=False)
    if (likened := _likened(tokens, at, subjects, context)) is not None:
        return likened
    done = _done(tokens, at)
    if done is None:
        return None
    verb, preposition, at = done
    found, end = nouns(tokens, at, context)
    role = ""
    if found and is_word(tokens, end, "(") and is_word(tokens, end + 2, ")"):
        role, end = found[-1].name, end + 3
        found = (
            replace(found[-1], name=name_of(tokens[end - 2 : end - 1]), prefix=""),
        )
    loose = preposition in ("by", "to", "into", "in", "of")
    if not found or not _are_things(found, context, known=loose):
        return None
    if verb == "assigned" and preposition == "to":
        subjects, found = assigned(subjects, found)
        facts = to_one(subjects, found, "ASSIGNED_TO", False, tokens[:end], "assigned")
    elif f"{verb} {preposition}" in _JOINED:
        facts = joins(subjects, found, f"{verb}_{preposition}", tokens[:end])
    else:
        edge = f"{verb}_{preposition}".strip("_").upper()
        facts = to_one(subjects, found, edge, not optional, tokens[:end])
    if role:
        facts = tuple(replace(f, role=role) for f in facts if isinstance(f, Relation))
    return _extended(tokens, end, subjects, found, facts, context)


def _done(tokens: Tokens, at: int) -> tuple[str, str, int] | None:
    """What is done and how it goes on: a participle or nothing, a preposition, their end."""
    if is_word(tokens, at, "part", "member", "a") and _phrase(tokens, at):
        return "part", "of", _phrase(tokens, at)
    if at < len(tokens) and is_participle(tokens[at].word):
        verb = tokens[at].word
        at += 1
        while at < len(tokens) and (
            tokens[at].word in words.MODALS or tokens[at].word.endswith("ly")
        ):
            at += 1
        if at >= len(tokens) or tokens[at].word not in words.PREPOSITIONS:
            return None
        return verb, tokens[at].word, at + 1
    if at < len(tokens) and tokens[at].word in _BARE_IN:
        return "", tokens[at].word, at + 1
    return None


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
    facts = to_one(subjects, (one,), edge, False, tokens[:end])
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
        people = any(one.name in words.PERSONS for one in subjects)
        if not known and people and not all(one.singled for one in found):
            return None
        if not found or not _are_things(told, context, known):
            return None
        edge = f"{third(verb)}_{preposition}".upper()
        return _borne(tokens, end, subjects, found, edge, context, optional)
    if verb in words.BEARING:
        found, end = nouns(tokens, at, context)
        if not found:
            return None
        return _borne(
            tokens, end, subjects, found, third(verb).upper(), context, optional
        )
    if not known:
        return _unknown(tokens, at, subjects, context, verb, optional)
    required = verb in words.CREATING and not optional
    return _objects(tokens, at, subjects, context, verb, required=required)


def _unknown(
    tokens: Tokens, at: int, subjects: tuple[Noun, ...], context: Context, verb: str,
    optional: bool,
) -> Found | None:  # fmt: skip
    """A verb that stands in no table, between things: it makes none, and relates them at most."""
    found, end = nouns(tokens, at, context)
    wished = {one.name for one in found} <= context.wished
    if not found or not _are_things((*subjects, *found), context, known=wished):
        return None
    people = any(one.name in words.PERSONS for one in subjects)
    if not people and all(one.singled for one in found):
        edge = third(verb).upper()
        return _borne(tokens, end, subjects, found, edge, context, optional)
    return _objects(tokens, at, subjects, context, verb, required=False)


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
    facts = to_one(subjects, found, edge, not optional, tokens[:end])
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
        facts = joins(subjects, found, verb.replace(" ", "_"), tokens[:end])
    else:
        facts = to_one(found, subjects, edge.upper(), required, tokens[:end])
        if all(one.many for one in found):
            facts = tuple(
                replace(f, owns=True) for f in facts if isinstance(f, Relation)
            )
    return _extended(tokens, end, found, found, facts, context)


def _are_things(found: Iterable[Noun], context: Context, known: bool) -> bool:
    """Whether all are things, or may be taken for ones because the verb is known."""
    return all(one.name in context.things or (known and _may_be(one)) for one in found)


def _may_be(one: Noun) -> bool:
    return one.plural or one.singled or one.many


def _extended(
    tokens: Tokens, at: int, bearers: tuple[Noun, ...], found: tuple[Noun, ...],
    facts: tuple[Fact, ...], context: Context,
) -> Found:  # fmt: skip
    """What follows with a preposition: `by customers about products`."""
    said = [*facts, *(Thing(one.name, (one.start, one.end)) for one in found)]
    while at < len(tokens):
        joint = int(is_word(tokens, at, "and", ","))
        if not is_word(tokens, at + joint, *_FURTHER):
            break
        at += joint
        preposition = tokens[at].word
        more, end = nouns(tokens, at + 1, context)
        loose = preposition in ("about", "for", "to", "against")
        if not more or not all(
            one.name in context.things or (loose and one.plural) for one in more
        ):
            at -= joint
            break
        said += to_one(bearers, more, preposition.upper(), True, tokens[at:end])
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
    return to_one(bearers, more, "OF", True, tokens[at:end]), end
