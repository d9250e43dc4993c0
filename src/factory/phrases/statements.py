"""Clauses about values that are known: `the email is unique`."""

from __future__ import annotations

from factory.importers.naming import snake
from factory.phrases import vocabulary as words
from factory.phrases.facts import Context, Field, Found, Thing, stretch
from factory.phrases.items import items
from factory.phrases.nouns import is_verb, name_of, noun
from factory.phrases.qualities import QUALITIES, tail
from factory.phrases.tokens import Token, Tokens


def statement(tokens: Tokens, context: Context) -> Found | None:
    """`the email is unique`, `the price of a product is a decimal`."""
    place = next(
        (
            n
            for n, t in enumerate(tokens)
            if t.word in words.BE | {"must", "should", "defaults", "default", "can"}
        ),
        0,
    )
    if not place:
        return None
    thing, name = _owner(tokens[:place], context)
    if not name or (not thing and name_of(tokens[:place]) in context.things):
        return None
    said = tail(tokens, place, {})
    if said.left or said.end < len(tokens) or not said.keys:
        return None
    field = Field(thing, name, said.keys, stretch(tokens), stated=True)
    return Found((field,), (), context.subject)


def choices(tokens: Tokens, context: Context) -> Found | None:
    """`a lead can be new, contacted or lost`: values of its status, of which no steps are told."""
    one = noun(tokens, 0, context, subject=True)
    if one is None or one[0].name not in context.things:
        return None
    place = next((n for n, t in enumerate(tokens) if t.word in words.BE), 0)
    between = tokens[one[1] : place]
    if not place or any(t.word not in words.MODALS for t in between):
        return None
    said = tail(tokens, place, {})
    listed = any(t.word in ("or", "either", "one") for t in tokens[place:])
    if said.left or said.end < len(tokens) or set(said.keys) != {"enum"} or not listed:
        return None
    name = one[0].name
    field = Field(name, "status", said.keys, stretch(tokens))
    return Found((Thing(name, (one[0].start, one[0].end)), field), (), (name,))


def _owner(tokens: Tokens, context: Context) -> tuple[str, str]:
    """The thing and the name of a value that is spoken of; the thing may be left open."""
    tokens = tuple(t for t in tokens if t.word not in words.ARTICLES | words.EVERY)
    if len(tokens) > 6 or any(_is_no_name(t) for t in tokens):
        return "", ""
    of = next((n for n, t in enumerate(tokens) if t.word == "of" and n), None)
    if of is not None:
        thing = name_of(tokens[of + 1 :])
        if thing in context.things or tokens[0].word in ("status", "state"):
            return thing, _value_name(tokens[:of])
        return "", ""
    for cut in range(len(tokens) - 1, 0, -1):
        thing = name_of(tokens[:cut])
        if thing in context.things:
            return thing, _value_name(tokens[cut:])
    if name_of(tokens) in context.things or len(tokens) > 3:
        return "", ""
    return "", _value_name(tokens)


def _is_no_name(token: Token) -> bool:
    """Whether a word cannot be part of a value's name."""
    return token.word != "of" and (
        token.kind not in ("word", "quoted")
        or token.word in words.STOP | words.PRONOUNS | {"has", "have"}
    )


def _value_name(tokens: Tokens) -> str:
    return snake(" ".join(t.word for t in tokens).replace("'s", ""), "")


def loose(tokens: Tokens, context: Context) -> Found | None:
    """`email required`: a value of what was spoken of."""
    if not context.subject or not any(t.word in QUALITIES for t in tokens):
        return None
    if any(is_verb(t.word) and t.word not in ("of", "and", "or", "in") for t in tokens):
        return None
    said, left, _ = items(tokens, 0, context, context.subject)
    return Found(said, left, context.subject) if said and not left else None
