"""Noun phrases and verbs in a row of tokens."""

from __future__ import annotations

from collections.abc import Iterable

from factory.importers.naming import singular, snake
from factory.phrases import vocabulary as words
from factory.phrases.facts import Context, Noun
from factory.phrases.tokens import Token, Tokens

LONGEST = 5
"""Words of a noun phrase."""
_KINDS = frozenset({"entity", "entities", "records", "objects", "table", "tables"})
_SORTS = frozenset({"kind", "sort", "type", "group", "number", "pair", "couple"})
"""Of which sort or how many things are: `three kinds of users` is no thing."""
_NOTHING = frozenset({"", "entity", "thing", "field", "attribute", "record"})
"""What is spoken of as such, and is the name of nothing."""
_SEPARATORS = frozenset({",", "and", "&", "plus", "+"})


def starts_with(tokens: Tokens, at: int, phrases: Iterable[tuple[str, ...]]) -> int:
    """How many tokens the longest of `phrases` takes that stands at `at`."""
    best = 0
    for phrase in phrases:
        end = at + len(phrase)
        if len(phrase) > best and tuple(t.word for t in tokens[at:end]) == phrase:
            best = len(phrase)
    return best


def is_word(tokens: Tokens, at: int, *names: str) -> bool:
    """Whether one of `names` stands at `at`."""
    return at < len(tokens) and tokens[at].word in names


def noun(
    tokens: Tokens, at: int, context: Context, *, subject: bool = False
) -> tuple[Noun, int] | None:
    """The noun phrase at `at`, and where it ends.

    Names that are known win; a subject that is not ends before the first known verb.
    """
    start = at
    at, many, singled, other = _determiners(tokens, at)
    reach = _reach(tokens, at)
    end = reach
    if subject:
        end = next((n for n in range(at + 1, reach) if _acts(tokens, n, start)), reach)
        longer = (n for n in range(reach, end, -1) if n < len(tokens))
        end = next((n for n in longer if name_of(tokens[at:n]) in context.things), end)
    found = _known(tokens, at, end, context)
    if found is None and end - at > 1 and tokens[end - 1].word in _KINDS:
        # `a customer entity` is a customer.
        name = name_of(tokens[at : end - 1])
        found = (name, at, end) if name else None
    if found is None and end > at:
        end = next((n + 1 for n in range(at, end - 1) if _is_several(tokens[n])), end)
        name = name_of(tokens[at:end])
        sorts = name.rpartition("_")[2] in _SORTS and is_word(tokens, end, "of")
        found = (name, at, end) if name not in _NOTHING and not sorts else None
    if found is None:
        return None
    name, first, end = found
    last = tokens[end - 1]
    prefix = snake(" ".join(t.word for t in tokens[at:first]), "") if first > at else ""
    return (
        Noun(
            name,
            tokens[start].start,
            last.end,
            plural=is_plural(last.word),
            many=many,
            singled=singled,
            prefix=prefix,
            other=other,
        ),
        end,
    )


def _reach(tokens: Tokens, at: int) -> int:
    """Where words that may be one name end."""
    end = at
    breaks = words.ARTICLES | words.EVERY
    while end < len(tokens) and end - at < LONGEST and _may_name(tokens[end]):
        if end > at and tokens[end].word in breaks:
            break
        end += 1
    return end


def _acts(tokens: Tokens, at: int, start: int) -> bool:
    """Whether a word of a subject is its verb, which need stand in no table.

    One thing takes the third person: `a library lends`, but `a leave request`.
    """
    word = tokens[at].word
    if word in words.STOP:
        return True
    one = tokens[start].word in ("a", "an", "each", "every", "one")
    third = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    if one:
        return third and word not in words.SINGULAR_S
    if third and tokens[start].word in ("the", "our") and at + 1 < len(tokens):
        follows = tokens[at + 1].word
        if is_plural(follows) or follows in words.ARTICLES:
            return True
    return is_verb(word)


def _is_several(token: Token) -> bool:
    """Whether a word is a plural that ends a name: behind it stands a verb or another thing."""
    return is_plural(token.word) and token.word not in words.SINGULAR_S


def nouns(
    tokens: Tokens, at: int, context: Context, *, subject: bool = False
) -> tuple[tuple[Noun, ...], int]:
    """Nouns with commas and `and` between them, and where they end."""
    found: list[Noun] = []
    end = at
    while (one := noun(tokens, at, context, subject=subject)) is not None:
        if found and _is_done(tokens[one[1] - 1].word, one[0], context):
            break
        found.append(one[0])
        end = at = one[1]
        while at < len(tokens) and tokens[at].word in _SEPARATORS:
            at += 1
        if at == end or is_word(tokens, at, "each", "every"):
            break
    return tuple(found), end


def _is_done(word: str, one: Noun, context: Context) -> bool:
    """Whether a word is rather what was done: `by customers, assigned to agents`."""
    return one.name not in context.things and is_participle(word)


def name_of(tokens: Tokens) -> str:
    """The name that words come to, in the singular; empty where they hold no letters."""
    return singular(snake(" ".join(t.word for t in tokens).replace("'s", ""), ""))


def is_plural(word: str) -> bool:
    """Whether a word is a plural."""
    plain = snake(word, "")
    return bool(plain) and singular(plain) != plain


def base(word: str) -> str:
    """A verb without the ending of the third person.

    >>> base("submits"), base("carries"), base("teaches"), base("has")
    ('submit', 'carry', 'teach', 'has')
    """
    if word in ("has", "is", "was", "does"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_verb(word: str) -> bool:
    """Whether a word is a verb that the grammar knows, in the present."""
    return base(word) in words.VERBS or word in words.STOP


def participle(verb: str) -> str:
    """The past participle of a verb.

    >>> participle("submit"), participle("write"), participle("carry"), participle("place")
    ('submitted', 'written', 'carried', 'placed')
    """
    if verb in words.PARTICIPLES:
        return words.PARTICIPLES[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


_IRREGULAR = frozenset(words.PARTICIPLES.values())


def is_participle(word: str) -> bool:
    """Whether a word reads as a past participle."""
    return word in _IRREGULAR or (word.endswith("ed") and len(word) > 3)


def _determiners(tokens: Tokens, at: int) -> tuple[int, bool, bool, bool]:
    """Where the noun itself begins, and what stands before it: many, one, another."""
    many = singled = other = False
    while at < len(tokens):
        if taken := starts_with(tokens, at, words.ONE):
            singled = True
            at += taken
        elif taken := starts_with(tokens, at, words.MANY):
            other = other or is_word(tokens, at, "other")
            many = many or not is_word(tokens, at, "other")
            at += taken
        elif tokens[at].word in words.ARTICLES:
            singled = singled or tokens[at].word in ("a", "an", "one")
            at += 1
        elif tokens[at].word in words.ANOTHER:
            other = True
            at += 1
        elif tokens[at].word in words.EVERY | words.VAGUE:
            at += 1
        else:
            break
    return at, many, singled, other


def _may_name(token: Token) -> bool:
    return token.kind in ("word", "quoted") and token.word not in words.STOP


def _known(
    tokens: Tokens, at: int, end: int, context: Context
) -> tuple[str, int, int] | None:
    """The longest name of a thing among some words, whole or at their end."""
    for last in range(end, at, -1):
        name = name_of(tokens[at:last])
        if name in context.things:
            return name, at, last
    for first in range(at + 1, end):
        if is_verb(tokens[first - 1].word):
            break
        name = name_of(tokens[first:end])
        if name in context.things:
            return name, first, end
    return None
