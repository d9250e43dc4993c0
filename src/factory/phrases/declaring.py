"""Clauses that declare things by name, and wordings that are the same as plainer ones."""

from __future__ import annotations

from factory.importers.naming import snake
from factory.phrases import vocabulary as words
from factory.phrases.facts import Context, Domain, Fact, Found, Thing, stretch
from factory.phrases.items import items
from factory.phrases.nouns import base, is_plural, is_word, name_of, noun, starts_with
from factory.phrases.tokens import Token, Tokens

_KINDS = frozenset({"entity", "table", "model", "resource", "object", "type"})
_WITH = (
    ("with",), ("having",), ("has",), ("containing",), ("including",), ("that", "has"),
    ("which", "has"), ("should", "have"), ("that", "should", "have"),
)  # fmt: skip
_JOINTS = frozenset({",", "and", "&", "plus", "+", "also", "another"})
_PARTS = _JOINTS | words.PREPOSITIONS | {"(", ")", ":"}
_ROLE_WORDS = 3


def plainly(tokens: Tokens, context: Context) -> Tokens:
    """The clause without asides, and with roles in brackets.

    `an author, who is a user` is `an author (user)`.
    """
    if taken := next((a for a in words.ASIDES if _ends_with(tokens, a)), ()):
        tokens = tokens[: -len(taken)]
    at = 2
    while at < len(tokens) - 1:
        end = _role_end(tokens, at, context)
        if end:
            first, last = tokens[at], tokens[end - 1]
            opening = Token("mark", "(", first.start, first.start)
            closing = Token("mark", ")", last.end, last.end)
            tokens = (*tokens[:at], opening, last, closing, *tokens[end:])
        at += 1
    return tokens


def _ends_with(tokens: Tokens, phrase: tuple[str, ...]) -> bool:
    behind = tuple(t.word for t in tokens[-len(phrase) :])
    return len(tokens) > len(phrase) + 1 and behind == phrase


def _role_end(tokens: Tokens, at: int, context: Context) -> int:
    """Where `, who is also a user` ends, which is said of one word; 0 where it does not stand."""
    before = tokens[at - 1]
    if before.kind != "word" or not is_word(
        tokens, at - 2, "a", "an", "one", "optional"
    ):
        return 0
    at += tokens[at].text == ","
    if not is_word(tokens, at, "who", "which", "that") or not is_word(
        tokens, at + 1, "is", "are"
    ):
        return 0
    at += 2
    while is_word(tokens, at, "also", "always", "themselves", "just", *words.ARTICLES):
        at += 1
    if at >= len(tokens) or name_of(tokens[at : at + 1]) not in context.things:
        return 0
    over = at + 1 == len(tokens) or tokens[at + 1].word in _JOINTS | {"or", ")"}
    return at + 1 if over else 0


def declared(tokens: Tokens, context: Context) -> Found | None:
    """`a customer entity with name and email and an order entity with total`."""
    heads = list(_heads(tokens))
    if not heads or not _is_lead(tokens[: heads[0][0]]):
        return None
    facts: list[Fact] = []
    left: list[Tokens] = []
    names: list[str] = []
    for number, (start, kind, begin) in enumerate(heads):
        end = heads[number + 1][0] if number + 1 < len(heads) else len(tokens)
        while end > begin and tokens[end - 1].word in _JOINTS | words.ARTICLES:
            end -= 1
        name = name_of(tokens[start:kind])
        said, rest, _ = items(tokens[:end], begin, context, (name,))
        facts += [Thing(name, stretch(tokens[start : kind + 1])), *said]
        left += rest
        names.append(name)
    return Found(tuple(facts), tuple(left), tuple(names[-1:]))


def _heads(tokens: Tokens) -> list[tuple[int, int, int]]:
    """Where names of entities begin, where the word `entity` stands, where values begin."""
    found: list[tuple[int, int, int]] = []
    for kind in range(1, len(tokens)):
        if tokens[kind].word not in _KINDS:
            continue
        taken = starts_with(tokens, kind + 1, _WITH)
        start = kind
        while start and kind - start < _ROLE_WORDS and _is_name(tokens[start - 1]):
            start -= 1
        article = start and tokens[start - 1].word in words.ARTICLES | {"another"}
        if taken and start < kind and (article or start == 0):
            found.append((start - bool(article), kind, kind + 1 + taken))
    return [
        (s + (tokens[s].word in words.ARTICLES | {"another"}), k, b)
        for s, k, b in found
    ]


def _is_name(token: Token) -> bool:
    return (
        token.kind in ("word", "quoted")
        and token.word not in words.STOP | words.ARTICLES | words.ANOTHER
    )


def _is_lead(tokens: Tokens) -> bool:
    """Whether words only lead to what is declared: `there is a`, `I want a`."""
    plain = tuple(t for t in tokens if t.word not in words.ARTICLES | _JOINTS)
    told = starts_with(plain, 0, words.LISTING)
    return told == len(plain) or all(t.word in words.WISHES for t in plain)


def organisation(tokens: Tokens, context: Context) -> Found | None:
    """`a library lends books to members`: the domain, and what its records are.

    That there are records of libraries would be another thing to say.
    """
    at = 1 if is_word(tokens, 0, "a", "an", "the", "our", "each", "every") else 0
    head = next(
        (n for n in range(at, 4) if is_word(tokens, n, *words.ORGANISATIONS)), -1
    )
    if head < 0 or head + 2 >= len(tokens) or tokens[head + 1].kind != "word":
        return None
    name = snake(" ".join(t.word for t in tokens[at : head + 1]), "")
    verb = tokens[head + 1].word
    if not at or name in context.things or not verb.endswith("s") or verb == "is":
        return None
    facts: list[Fact] = [Domain(name, stretch(tokens[at : head + 1]))]
    end = head + 2 + int(is_word(tokens, head + 2, "out", "off"))
    while end < len(tokens):
        if tokens[end].word in _PARTS:
            end += 1
            continue
        one = noun(tokens, end, context)
        if one is None or not (one[0].plural and is_plural(tokens[one[1] - 1].word)):
            break
        facts.append(Thing(one[0].name, (one[0].start, one[0].end)))
        end = one[1]
    if len(facts) < 2 or (end < len(tokens) and base(verb) in words.HAVING):
        return None
    left = (tokens[end:],) if end < len(tokens) else ()
    return Found(tuple(facts), left)
