"""Clauses that name things, and what the whole is called."""

from __future__ import annotations

from factory.importers.naming import snake
from factory.phrases import vocabulary as words
from factory.phrases.chains import has_arrow
from factory.phrases.facts import Context, Domain, Fact, Found, Thing, stretch
from factory.phrases.items import items
from factory.phrases.lives import life
from factory.phrases.nouns import is_plural, is_word, noun, starts_with
from factory.phrases.qualities import QUALITIES, group
from factory.phrases.tokens import Token, Tokens

_LEADS = frozenset({"we", "i", "you", "manage", "run", "operate", "have", "own"})
"""What stands before the name of a domain: `we run a hotel`."""
_PARTING = frozenset({",", "and", "&", "plus", "+", ")", "]", "}"})
HEADS = frozenset(
    {
        "entities",
        "things",
        "models",
        "resources",
        "objects",
        "nouns",
        "tables",
        "records",
    }
)
"""What may stand before a colon and a list of things."""


def _is_said(token: Token) -> bool:
    """Whether a word makes a sentence of what stands before it."""
    return token.word in words.BE | words.MODALS | {"has", "have"}


def domain(tokens: Tokens, context: Context) -> Found | None:
    """`I want a helpdesk with agents, customers and tickets`."""
    at = starts_with(tokens, 0, (("think", "of"),))
    while at < len(tokens) and tokens[at].word in words.WISHES:
        at += 1
    wished = any(t.word not in words.ARTICLES for t in tokens[:at])
    start = at
    while at < len(tokens):
        if at > start and _is_said(tokens[at]):
            return None
        taken = starts_with(tokens, at, words.WITH) or int(
            tokens[at].text == ":" and at > start
        )
        if taken:
            one = noun(tokens, at + taken, context)
            plain = one is not None and one[0].plural and not one[0].singled
            firm = tokens[at].word not in ("for", "of") or (taken > 1)
            if not firm and any(t.word == "with" for t in tokens[at:]):
                at += 1
                continue
            if one is not None and (plain or (wished and firm)):
                break
        at += 1
    else:
        taken = 0
    name = _domain_name(tokens[start:at])
    if not name and not wished:
        return None
    if name in HEADS and at < len(tokens) and tokens[at].text == ":":
        return None
    facts: tuple[Fact, ...] = ()
    if name and (wished or taken or tokens[-1].word in words.TOOLS):
        facts = (Domain(name, stretch(tokens[start:at])),)
    if not taken:
        tool = tokens[-1].word in words.TOOLS
        short = at - start <= 4 or tokens[-1].word in words.ORGANISATIONS
        return Found(facts) if (wished or tool) and name and short else None
    found = listed(tokens, at + taken, context)
    return (
        Found((*facts, *found.facts), found.left, found.subject)
        if found.facts
        else None
    )


def _domain_name(tokens: Tokens) -> str:
    named = [
        t.word for t in tokens if t.kind == "word" and t.word not in words.ARTICLES
    ]
    while named and named[0] in _LEADS:
        del named[0]
    if any(is_plural(w) and w not in words.SINGULAR_S for w in named[:-1]):
        return ""
    kept = [word for word in named if word not in words.NO_DOMAIN]
    kept = kept or [word for word in named if word not in words.TOOLS]
    while kept and kept[0] in words.STOP:
        del kept[0]
    while kept and kept[-1] in words.STOP:
        kept.pop()
    for number, word in enumerate(kept):
        if word in words.STOP:
            kept = kept[:number]
            break
    return snake(" ".join(kept), "") if 0 < len(kept) <= 3 else ""


def listed(tokens: Tokens, at: int, context: Context) -> Found:
    """Things with commas between them, and what stands in brackets or follows `with`."""
    facts: list[Fact] = []
    left: list[Tokens] = []
    name = ""
    while at < len(tokens):
        if tokens[at].word in (",", "and", "&", "plus", "+"):
            at += 1
            continue
        if name and tokens[at].text == "(":
            inner, at = _bracketed(tokens, at, context, name)
            facts += inner.facts
            left += inner.left
            continue
        if name and (
            is_word(tokens, at, "with", "having")
            or starts_with(
                tokens,
                at,
                (("that", "have"), ("which", "have"), ("who", "have"), ("that", "has")),
            )
        ):
            at += 1 if tokens[at].word in ("with", "having") else 2
            said, rest, at = items(tokens, at, context, (name,))
            facts += said
            left += rest
            continue
        found = noun(tokens, at, context)
        parted = not name or tokens[at - 1].text in _PARTING
        if found is None or not parted:
            left.append(tokens[at:])
            break
        one, at = found
        name = one.name
        facts.append(Thing(name, (one.start, one.end)))
    return Found(tuple(facts), tuple(left), (name,) if name else ())


def _bracketed(
    tokens: Tokens, at: int, context: Context, name: str
) -> tuple[Found, int]:
    inner = group(tokens, at)
    end = min(at + len(inner) + 2, len(tokens))
    if has_arrow(inner):
        known = life(
            (
                Token("word", name, inner[0].start, inner[0].start),
                Token("mark", ":", 0, 0),
                *inner,
            ),
            context,
        )
        return known or Found((), (inner,)), end
    said, rest, _ = items(inner, 0, context, (name,))
    return Found(said, rest), end


def _managed(tokens: Tokens) -> int:
    """Where `the system should manage` ends; 0 where it does not stand."""
    at = starts_with(
        tokens, 0, (("it",), ("we",), *(("the", tool) for tool in words.TOOLS))
    )
    if not at:
        return 0
    while at < len(tokens) and tokens[at].word in words.MODALS:
        at += 1
    managed = is_word(
        tokens, at, "manage", "manages", "track", "tracks", "handle", "handles"
    )
    return at + 1 if managed else 0


def listing(tokens: Tokens, context: Context) -> Found | None:
    """`there are agents, customers and tickets`, `entities: ...`."""
    taken = starts_with(tokens, 0, words.LISTING) or _managed(tokens)
    if not taken or is_word(tokens, taken, "their", "its", "his", "her"):
        return None
    if is_word(tokens, taken, ":"):
        taken += 1
    return listed(tokens, taken, context)


def bare(tokens: Tokens, context: Context) -> Found | None:
    """`agents, customers and tickets`."""
    if any(t.kind == "arrow" or t.text == ":" for t in tokens):
        return None
    found = listed(tokens, 0, context)
    heads = [fact for fact in found.facts if isinstance(fact, Thing)]
    bracket = any(t.text == "(" for t in tokens)
    names = [_word_at(tokens, fact) for fact in heads]
    plain = all(is_plural(word) for word in names)
    if found.left or not heads or any(_is_long(fact, context) for fact in heads):
        return None
    if (
        len(heads) == 1
        and not bracket
        and is_word(tokens, 0, "a", "an", "one", "exactly")
    ):
        return None
    return (
        found
        if plain or bracket or all(h.name in context.things for h in heads)
        else None
    )


def _is_long(fact: Thing, context: Context) -> bool:
    if fact.name.partition("_")[0] in QUALITIES:
        return True
    return fact.name.count("_") > 1 and fact.name not in context.things


def _word_at(tokens: Tokens, fact: Thing) -> str:
    return next((t.word for t in tokens if t.end == fact.at[1]), "")
