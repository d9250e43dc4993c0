"""Lives of records: states in a row, in any notation."""

from __future__ import annotations

from itertools import pairwise

from factory.importers.naming import snake
from factory.phrases.facts import ANY
from factory.phrases.nouns import is_word, starts_with
from factory.phrases.tokens import Tokens

_SKIPPED = frozenset(
    {"a", "an", "the", "be", "is", "are", "being", "become", "becomes", "get", "gets", "finally",
     "first", "then", "next", "eventually", "move", "moves", "go", "goes", "end", "ends", "up",
     "as", "back", "to", "into", "in", "start", "starts", "begin", "begins", "with", "it", "they",
     "later", "lastly", "afterwards", "from", "once", "state", "either"}
)  # fmt: skip
_THEN = (("and", "then"), ("and", "finally"), ("then",), ("followed", "by"), ("and", "later"),
         ("finally",), ("before",), ("until",), ("and", "eventually"))  # fmt: skip
_OR = frozenset({"or", "|", "/"})
GOING_ON = (
    "progress", "review", "transit", "use", "production", "repair", "stock", "preparation",
    "process", "testing", "development", "delivery", "service", "treatment", "negotiation",
)  # fmt: skip
"""What records may be `in`: the word is part of the state's name."""
_ANY = frozenset(
    {"any", "*", "all", "every", "anything", "any state", "every state", "all states"}
)
_LONGEST = 4
Chain = tuple[tuple[str, ...], tuple[tuple[str, str], ...], int]
"""States in order, steps between them, and where the chain ends."""


def has_arrow(tokens: Tokens) -> bool:
    """Whether steps are drawn."""
    return any(t.kind in ("arrow", "both") for t in tokens)


def drawn(tokens: Tokens, at: int) -> Chain | None:
    """`new -> assigned -> closed`, `open -> closed or cancelled, closed -> open`."""
    states: dict[str, None] = {}
    steps: dict[tuple[str, str], None] = {}
    end = at
    while (one := _row(tokens, at)) is not None:
        groups, both, end = one
        for group in groups:
            states |= dict.fromkeys(group)
        for number, (before, after) in enumerate(pairwise(groups)):
            steps |= dict.fromkeys((b, a) for b in before for a in after)
            if both[number]:
                steps |= dict.fromkeys((a, b) for b in before for a in after)
        at = end
        while is_word(tokens, at, ",", "and", ";"):
            at += 1
        if at == end:
            break
    if not steps:
        return None
    states.pop(ANY, None)
    return tuple(states), tuple(steps), end


def told(tokens: Tokens, at: int) -> Chain | None:
    """`new, assigned and closed`, `from new to closed`, `new, then assigned, then closed`."""
    groups: list[tuple[str, ...]] = []
    end = at
    while (one := _alternatives(tokens, at, words=True)) is not None:
        group, end = one
        groups.append(group)
        at = end
        while at < len(tokens):
            taken = starts_with(tokens, at, _THEN) or int(
                is_word(tokens, at, ",", "and", "to", "into")
            )
            if not taken:
                break
            at += taken
        if at == end:
            break
    if len(groups) < 2:
        return None
    states = dict.fromkeys(state for group in groups for state in group)
    steps = dict.fromkeys(
        (b, a) for before, after in pairwise(groups) for b in before for a in after
    )
    return tuple(states), tuple(steps), end


def _row(
    tokens: Tokens, at: int
) -> tuple[list[tuple[str, ...]], list[bool], int] | None:
    """One row with at least one arrow in it."""
    groups: list[tuple[str, ...]] = []
    both: list[bool] = []
    end = at
    while (one := _alternatives(tokens, at, words=False)) is not None:
        group, end = one
        groups.append(group)
        if end >= len(tokens) or tokens[end].kind not in ("arrow", "both"):
            break
        both.append(tokens[end].kind == "both")
        at = end + 1
    return (groups, both, end) if len(groups) > 1 else None


def _alternatives(
    tokens: Tokens, at: int, *, words: bool
) -> tuple[tuple[str, ...], int] | None:
    """States of which any may be: `closed or cancelled`, `(closed | cancelled)`."""
    closing = ""
    if is_word(tokens, at, "(", "[", "{"):
        closing = {"(": ")", "[": "]", "{": "}"}[tokens[at].text]
        at += 1
    found: list[str] = []
    while (one := _state(tokens, at, words=words)) is not None:
        names, end = one
        found += names
        at = end
        while at < len(tokens) and (
            tokens[at].word in _OR
            or (tokens[at].text == "," and (closing or is_word(tokens, at + 1, "or")))
        ):
            at += 1
        if at == end:
            break
        end = at
    if not found:
        return None
    if closing:
        if not is_word(tokens, at, closing):
            return None
        at += 1
    else:
        at = end
    return tuple(dict.fromkeys(found)), at


def _state(
    tokens: Tokens, at: int, *, words: bool
) -> tuple[tuple[str, ...], int] | None:
    """A state, or several that slashes tie together."""
    while at < len(tokens) and tokens[at].word in _SKIPPED:
        if tokens[at].word == "in" and is_word(tokens, at + 1, *GOING_ON):
            break
        if not words and at + 1 < len(tokens) and tokens[at + 1].kind == "arrow":
            break
        at += 1
    end = at
    while (
        end < len(tokens)
        and end - at < _LONGEST
        and tokens[end].kind in ("word", "quoted")
    ):
        if tokens[end].word in _OR | {"and", "then", "finally", "followed", "until"}:
            break
        if words and end > at and tokens[end].word in ("to", "into", "before"):
            break
        end += 1
    if end == at:
        return None
    text = " ".join(t.word for t in tokens[at:end])
    if text in _ANY:
        return (ANY,), end
    names = tuple(name for part in text.split("/") if (name := snake(part, "")))
    return (names, end) if names else None
