"""Values that clauses tell of: `when it is due`, `whether it was returned`, `which member`."""

from __future__ import annotations

from factory.importers.naming import snake
from factory.phrases import vocabulary as words
from factory.phrases.facts import Context, Fact, Field, Relation, stretch
from factory.phrases.nouns import is_participle, is_word, noun
from factory.phrases.tokens import Tokens

_PRONOUNS = frozenset({"it", "they", "he", "she"})
_BEING = frozenset(
    {"is", "are", "was", "were", "has", "have", "been", "be", "already", "ever", "yet", "gets",
     "got", "can", "will", "still", "currently", "not", "or", "should", "had"}
)  # fmt: skip
_ENDS = frozenset({",", "and", ")", "(", ";", "&"})
_LONGEST = 3
Told = tuple[tuple[Fact, ...], int]


def told_of(
    tokens: Tokens, at: int, context: Context, things: tuple[str, ...]
) -> Told | None:
    """What a clause in a list of values tells, and where it ends; nothing where it is unclear."""
    if is_word(tokens, at, "whether", "if"):
        return _flag(tokens, at, things)
    if is_word(tokens, at, "when"):
        return _moment(tokens, at, things)
    if is_word(tokens, at, "which", "who", "whom"):
        return _records(tokens, at, context, things)
    return None


def _rest(tokens: Tokens, at: int) -> tuple[tuple[str, ...], int]:
    """The words of a clause about the record itself, without forms of `be`, and its end."""
    while is_word(tokens, at, "or", "not"):
        at += 1
    if not is_word(tokens, at, *_PRONOUNS):
        return (), at
    end = at + 1
    found: list[str] = []
    while end < len(tokens) and tokens[end].word not in _ENDS:
        if tokens[end].kind != "word":
            return (), at
        if found or tokens[end].word not in _BEING | words.ARTICLES:
            found.append(tokens[end].word)
        end += 1
    return (tuple(found), end) if 0 < len(found) <= _LONGEST else ((), at)


def _flag(tokens: Tokens, at: int, things: tuple[str, ...]) -> Told | None:
    """`whether it was returned`: a boolean."""
    found, end = _rest(tokens, at + 1)
    name = snake(" ".join(found), "")
    if not name:
        return None
    where = stretch(tokens[at:end])
    keys = {"type": "boolean"}
    return tuple(Field(one, name, dict(keys), where) for one in things), end


def _moment(tokens: Tokens, at: int, things: tuple[str, ...]) -> Told | None:
    """`when it is due`, `when it was returned`, `when it starts`: a date, or a time."""
    found, end = _rest(tokens, at + 1)
    if len(found) != 1:
        return None
    word = found[0]
    where = stretch(tokens[at:end])
    if word == "due":
        name, kind = "due_date", "date"
    elif is_participle(word) or word.endswith("s"):
        name, kind = snake(f"{word} at", ""), "datetime"
    else:
        return None
    return tuple(Field(one, name, {"type": kind}, where) for one in things), end


def _records(
    tokens: Tokens, at: int, context: Context, things: tuple[str, ...]
) -> Told | None:
    """`which member borrowed which book`: a reference to each, where both are things."""
    facts: list[Fact] = []
    while is_word(tokens, at, "which"):
        one = noun(tokens, at + 1, context, subject=True)
        if one is None or one[0].name not in context.things:
            return None
        start, at = at, one[1]
        verb = at
        while at < len(tokens) and tokens[at].word not in _ENDS | {"which"}:
            at += 1
        told = tokens[verb:at]
        more = at < len(tokens) and tokens[at].word == "which"
        if len(told) > _LONGEST or (told and not more and not _is_of_it(told)):
            return None
        where = stretch(tokens[start : one[1]])
        facts += [
            Relation(thing, one[0].name, "HAS", thing != one[0].name, where)
            for thing in things
        ]
    return (tuple(facts), at) if facts else None


def _is_of_it(tokens: Tokens) -> bool:
    """Whether the words behind a noun go on about the record: `it belongs to`, `made it`."""
    return any(t.word in _PRONOUNS for t in tokens)
