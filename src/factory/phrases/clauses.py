"""One clause to facts: rules in order, and cuts where a clause is several."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from factory.importers.naming import snake
from factory.phrases import vocabulary as words
from factory.phrases.chains import has_arrow
from factory.phrases.declaring import declared, organisation, plainly
from factory.phrases.facts import (
    Context,
    Domain,
    Found,
    Noun,
    Relation,
    Thing,
    stretch,
)
from factory.phrases.items import items
from factory.phrases.listings import HEADS, bare, domain, listed, listing
from factory.phrases.lives import life, numbering
from factory.phrases.nouns import (
    base,
    is_participle,
    is_plural,
    is_word,
    name_of,
    nouns,
    starts_with,
)
from factory.phrases.relations import relation
from factory.phrases.statements import choices, loose, statement
from factory.phrases.tokens import Token, Tokens

_CONNECTORS = frozenset(
    {"and", "also", "then", "finally", "additionally", "furthermore", "moreover", "but", "where",
     "so", "plus", "while", "besides", "basically", "well", "ok", "okay", "hi", "hello", "please"}
)  # fmt: skip
_CUTS = frozenset(
    {
        "and",
        ",",
        "but",
        "where",
        "while",
        "whereas",
        "who",
        "which",
        "that",
        "whose",
        "plus",
    }
)
_RELATIVE = frozenset({"who", "which", "that", "whose"})
_FOLLOWING = frozenset(
    {
        "the",
        "following",
        "fields",
        "attributes",
        "properties",
        "values",
        "columns",
        ":",
        "these",
    }
)
_BUDGET = 150
"""Readings of parts of one clause; a clause that needs more is not one that people write."""
MOST_TOKENS = 500
_UNTOLD = words.ARTICLES | words.TOOLS
Rule = Callable[[Tokens, Context], Found | None]


def clause(tokens: Tokens, context: Context, *, first: bool = False) -> Found:
    """The facts of a clause and what of it is not understood."""
    if len(tokens) > MOST_TOKENS:
        return Found((), (tokens,))
    tokens = plainly(tokens, context)
    titled = _titled(tokens, context) if first else None
    titled = titled or (organisation(tokens, context) if first else None)
    if titled is not None:
        return titled
    return _clause(tokens, context, [_BUDGET], first)


def _titled(tokens: Tokens, context: Context) -> Found | None:
    """`Recruiting: candidates apply to jobs`: a name for the whole, and a sentence."""
    colon = next((n for n, t in enumerate(tokens[:4]) if t.text == ":"), 0)
    if not colon or is_plural(tokens[colon - 1].word):
        return None
    plain = [t.word for t in tokens[:colon] if t.word not in _UNTOLD]
    name = snake(" ".join(plain), "")
    found = _clause(tokens[colon + 1 :], context, [_BUDGET], False)
    sentence = any(isinstance(fact, Relation) for fact in found.facts) or any(
        t.word in ("has", "have") for t in tokens[colon + 1 :]
    )
    if not name or name in context.things or found.left or not sentence:
        return None
    title = Domain(name, stretch(tokens[:colon]))
    return Found((title, *found.facts), (), found.subject, found.object)


def _clause(tokens: Tokens, context: Context, budget: list[int], first: bool) -> Found:
    while tokens and tokens[0].word in _CONNECTORS and len(tokens) > 1:
        tokens = tokens[1:]
    best = _whole(tokens, context, budget, first)
    if best is not None and not best.left:
        return best
    for cut in range(1, len(tokens) - 1):
        if tokens[cut].word not in _CUTS or budget[0] <= 0:
            continue
        if tokens[cut].text == "," and tokens[cut + 1].word in _RELATIVE:
            continue
        life_before = context.life
        end = cut - (tokens[cut].word in _RELATIVE and tokens[cut - 1].text == ",")
        before = _whole(tokens[:end], context, budget, first)
        if before is None or before.left or not before.facts:
            context.life = life_before
            continue
        after = _after(tokens, cut, before, context, budget)
        if after is None or not after.facts:
            after = Found((), (tokens[cut + 1 :],))
        both = Found(
            (*before.facts, *after.facts), after.left, after.subject or before.subject,
            after.object or before.object,
        )  # fmt: skip
        if best is None or _size(both) < _size(best):
            best = both
        if not best.left:
            break
    return best or Found((), (tokens,))


def _after(
    tokens: Tokens, cut: int, before: Found, context: Context, budget: list[int]
) -> Found | None:
    """The clause behind a cut, whose subject may be what stands before it."""
    word = tokens[cut].word
    relative = word in _RELATIVE
    subject = (before.object or before.subject) if relative else before.subject
    inner = replace(
        context,
        subject=subject or context.subject,
        object=before.object or before.subject,
    )
    rest = tokens[cut + 1 :]
    while len(rest) > 1 and rest[0].word in _CONNECTORS - {"then"}:
        rest = rest[1:]
    if relative:
        they = Token("word", "they", tokens[cut].start, tokens[cut].end)
        rest = (they, *rest) if word != "whose" else rest
    elif rest and _begins_with_verb(rest, context) and before.subject:
        they = Token("word", "they", rest[0].start, rest[0].start)
        rest = (they, *rest)
    elif (
        len(rest) > 2
        and is_participle(rest[0].word)
        and rest[1].word in words.PREPOSITIONS
        and before.subject
    ):
        place = rest[0].start
        they = Token("word", "they", place, place)
        rest = (they, Token("word", "are", place, place), *rest)
    found = _clause(rest, inner, budget, False)
    context.life = inner.life
    return found


def _begins_with_verb(tokens: Tokens, context: Context) -> bool:
    word = tokens[0].word
    if name_of(tokens[:1]) in context.things:
        return False
    if word in words.EVERY:
        return False
    return word in words.MODALS | words.BE or base(word) in words.VERBS | {"has"}


def _size(found: Found) -> int:
    return sum(len(part) for part in found.left)


def _whole(
    tokens: Tokens, context: Context, budget: list[int], first: bool
) -> Found | None:
    """The best that one rule makes of a clause; the first of several that read all of it."""
    if not tokens or budget[0] <= 0:
        return None
    budget[0] -= 1
    rules = (domain, *RULES) if first else RULES
    best: Found | None = None
    for rule in rules:
        found = rule(tokens, context)
        if found is None or not found.facts:
            continue
        if not found.left:
            return found
        if best is None or _size(found) < _size(best):
            best = found
    return best


def _colon(tokens: Tokens, context: Context) -> Found | None:
    """`customer: name, email`, `things: customers, orders`."""
    colon = next((n for n, t in enumerate(tokens) if t.text in ":="), None)
    if colon is None:
        colon = next((n for n, t in enumerate(tokens) if t.text in "-–—"), None)
    if not colon or colon + 1 >= len(tokens):
        return None
    head = tokens[:colon]
    if head[-1].word in HEADS and len(head) < 4:
        return listed(tokens, colon + 1, context)
    if (
        is_word(head, 0, "domain", "project", "name")
        and len(head) == 1
        and len(tokens) < 6
    ):
        name = snake(" ".join(t.word for t in tokens[colon + 1 :]), "")
        return Found((Domain(name, stretch(tokens[colon + 1 :])),)) if name else None
    found, end = nouns(head, 0, context, subject=True)
    if not found or end != colon or has_arrow(_outside(tokens)):
        return None
    names = tuple(one.name for one in found)
    if len(names) > 1 and not set(names) <= context.things:
        return None
    said, left, _ = items(tokens, colon + 1, context, names)
    heads = (Thing(one.name, (one.start, one.end)) for one in found)
    return Found((*heads, *said), left, names) if said else None


def _outside(tokens: Tokens) -> Tokens:
    """What stands in no brackets."""
    depth = 0
    found = []
    for token in tokens:
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth == 0:
            found.append(token)
    return tuple(found)


def _having(tokens: Tokens, context: Context) -> Found | None:
    """`a product has a name, a price and a stock count`."""
    if is_word(tokens, 0, *words.PRONOUNS):
        names, at = context.subject, 1
        heads: tuple[Noun, ...] = ()
    else:
        found, at = nouns(tokens, 0, context, subject=True)
        heads = found
        names = tuple(one.name for one in found)
    if not names:
        return None
    optional = False
    while at < len(tokens) and tokens[at].word in words.MODALS:
        optional = optional or tokens[at].word in words.OPTIONAL
        at += 1
    if at >= len(tokens):
        return None
    verb = base(tokens[at].word)
    taken = starts_with(tokens, at, _HAVE_PHRASES)
    if verb not in words.HAVING and not taken:
        return None
    at += taken or 1
    if at < len(tokens) and tokens[at].word in words.NEGATIONS:
        return None
    while (
        at < len(tokens)
        and tokens[at].word in _FOLLOWING
        and _FOLLOWING & {t.word for t in tokens[at : at + 4]} - {"the", ":"}
    ):
        at += 1
    needed = verb in ("need", "require") or (at > 1 and tokens[at - 2].word == "must")
    said, left, _ = items(
        tokens,
        at,
        context,
        names,
        required=False if optional else needed or None,
        containing=verb in words.CONTAINING,
    )
    things = (Thing(one.name, (one.start, one.end)) for one in heads)
    return Found((*things, *said), left, names) if said else None


_HAVE_PHRASES = (
    ("consists", "of"), ("consist", "of"), ("is", "described", "by"), ("are", "described", "by"),
    ("comes", "with"), ("come", "with"), ("is", "made", "up", "of"), ("are", "made", "up", "of"),
    ("is", "made", "of"), ("is", "defined", "by"), ("has", "got"), ("have", "got"),
    ("is", "composed", "of"), ("are", "composed", "of"), ("should", "have"),
)  # fmt: skip


def _many_to_many(tokens: Tokens, context: Context) -> Found | None:
    """`products and categories are many-to-many`."""
    if not any(t.word in ("many-to-many", "n:m", "m:n") for t in tokens):
        return None
    found, at = nouns(tokens, 0, context, subject=True)
    behind = next((n for n, t in enumerate(tokens) if t.word == "with"), None)
    if behind is not None and found:
        others, at = nouns(tokens, behind + 1, context)
        pairs = [(one, other) for one in found for other in others]
    else:
        pairs = list(itertools.pairwise(found))
        at = len(tokens)
    where = stretch(tokens)
    facts = tuple(
        Relation(a.name, b.name, "LINKED_TO", True, where, many=True) for a, b in pairs
    )
    return Found(facts, (tokens[at:],) if at < len(tokens) else ()) if facts else None


RULES: tuple[Rule, ...] = (
    declared,
    numbering,
    life,
    listing,
    _colon,
    _many_to_many,
    statement,
    choices,
    _having,
    relation,
    bare,
    loose,
)
