"""Clauses about the states of things, and about their numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations

from factory.importers.naming import singular, snake
from factory.phrases import vocabulary as words
from factory.phrases.chains import Chain, drawn, has_arrow, told
from factory.phrases.facts import ANY, Context, Fact, Found, Life, Numbering, stretch
from factory.phrases.nouns import (
    base,
    is_word,
    name_of,
    noun,
    nouns,
    starts_with,
)
from factory.phrases.tokens import Token, Tokens

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,5}(?:-?[0-9#X]+)?")
_LEADS = frozenset(
    {"of", ":", "from", "that", "goes", "go", "through", "with", "is", "are", "the", "following",
     "states", "stages", "steps", "statuses", "consisting", "which", "as", "in", "phases", "(",
     "into", "being", "has", "these", "status", "to", "be", "a", "an", "by", "starting", "several"}
)  # fmt: skip
_REMARKS = frozenset(
    {"once", "when", "after", "if", "unless", "while", "because", "upon", "whenever", "as"}
)  # fmt: skip
"""Behind a state: when a record gets there, or why."""
_REMARKED = frozenset(
    {"then", "and", "or", ",", "start", "starts", "begin", "begins", "end", "ends", "go", "goes",
     "out", "finish", "finishes", "only", "up", "such", "be", "well", "move", "moves", "to"}
)  # fmt: skip
_NO_STATE = frozenset(
    {"when", "whether", "which", "who", "how", "they", "it", "can", "may", "must", "is", "are",
     "has", "have", "we", "what"}
)  # fmt: skip
"""Words of a sentence, which no name of a state has."""
_PLAIN = frozenset({"simple", "following", "own"})
_WHENEVER = (
    ("at", "any", "time"), ("at", "any", "point"), ("from", "any", "state"), ("at", "any", "stage"),
    ("in", "any", "state"), ("anytime",), ("from", "every", "state"), ("any", "time"),
)  # fmt: skip


def life(tokens: Tokens, context: Context) -> Found | None:
    """`tickets go new -> closed`, `the lifecycle of a ticket is new, then closed`."""
    told, remarks = _without_remarks(tokens, context)
    found = _life(told, context)
    if found is None or not remarks:
        return found
    return replace(found, left=(*found.left, *remarks))


def _without_remarks(
    tokens: Tokens, context: Context
) -> tuple[Tokens, tuple[Tokens, ...]]:
    """What tells states, and what tells when or by whom: `active once approved`."""
    kept: list[Token] = []
    remarks: list[Tokens] = []
    at = 0
    while at < len(tokens):
        end = at
        if kept and kept[-1].kind == "word" and _is_remark(tokens, at, context):
            while end < len(tokens) and tokens[end].text not in (",", ")", "and", "or"):
                if tokens[end].kind == "arrow":
                    break
                end += 1
        if end > at:
            remarks.append(tokens[at:end])
            at = end
        else:
            kept.append(tokens[at])
            at += 1
    return tuple(kept), tuple(remarks)


def _is_remark(tokens: Tokens, at: int, context: Context) -> bool:
    if tokens[at].word in _REMARKS:
        return tokens[at - 1].word not in _REMARKED
    if not is_word(tokens, at, "by", "to", "from"):
        return False
    if not is_word(tokens, at + 1, *words.ARTICLES):
        return False
    one = noun(tokens, at + 1, context)
    return one is not None and (
        one[0].name in context.things or one[0].name in words.PERSONS
    )


def _life(tokens: Tokens, context: Context) -> Found | None:
    return (
        _further(tokens, context)
        or _from_states(tokens, context)
        or _of_noun(tokens, context)
        or _begun(tokens, context)
        or _flowing(tokens, context)
        or _whenever(tokens, context)
        or _in_turn(tokens, context)
        or _alone(tokens, context)
    )


def _of_noun(tokens: Tokens, context: Context) -> Found | None:
    """A life that is named: before its noun, behind it, or as what the noun has."""
    at = 1 if is_word(tokens, 0, "the", "a", "an", "each", "every") else 0
    if (
        at < len(tokens)
        and tokens[at].word in words.LIFE
        and is_word(tokens, at + 1, "of", "for")
    ):
        found = noun(tokens, at + 2, context, subject=True)
        valued = tokens[at].word in ("status", "state")
        if (
            valued
            and not has_arrow(tokens)
            and not any(t.word == "then" for t in tokens)
        ):
            return None
        return _with(tokens, (found[0].name,), found[1], context) if found else None
    found_nouns, end = nouns(tokens, 0, context, subject=True)
    if not found_nouns:
        return None
    names = tuple(one.name for one in found_nouns)
    last = found_nouns[-1]
    trimmed = _without_life(last.name)
    if trimmed and end < len(tokens):
        listed = tokens[end - 1].word
        return _with(tokens, (*names[:-1], trimmed), end, context, listed=listed)
    if is_word(
        tokens, end, "lifecycle", "workflow", "flow", "life-cycle", "states", "stages"
    ):
        return _with(tokens, names, end + 1, context, listed=tokens[end].word)
    return _had(tokens, names, end, context)


def _had(
    tokens: Tokens, names: tuple[str, ...], at: int, context: Context
) -> Found | None:
    """A life that a thing has: behind a verb, a colon or a bracket."""
    while at < len(tokens) and tokens[at].word in words.MODALS:
        at += 1
    if at >= len(tokens):
        return None
    opened = tokens[at].text in (":", "(")
    if not opened and base(tokens[at].word) not in ("has", "have", "with", "follow"):
        return None
    at += 1
    while at < len(tokens) and tokens[at].word in words.ARTICLES | _PLAIN:
        at += 1
    near = range(at, min(at + 3, len(tokens)))
    where = next((n for n in near if tokens[n].word in words.LIFE), None)
    if where is None:
        shown = opened and has_arrow(tokens)
        return _chain(tokens, names, at, context) if shown else None
    valued = tokens[where].word in ("status", "state")
    if valued and not has_arrow(tokens[where:]):
        return None
    if is_word(tokens, where + 1, "and", ","):
        return None
    return _with(tokens, names, where + 1, context, listed=tokens[where].word)


def _without_life(name: str) -> str:
    head, _, tail = name.rpartition("_")
    if tail in ("lifecycle", "workflow", "flow", "state", "stage") and head:
        return head.removesuffix("_life").removesuffix("_status")
    return ""


def _with(
    tokens: Tokens, names: tuple[str, ...], at: int, context: Context, listed: str = ""
) -> Found | None:
    arrow = has_arrow(tokens[at:])
    while at < len(tokens) and tokens[at].word in _LEADS:
        at += 1
    if not arrow and listed in ("states", "statuses"):
        chain = told(tokens, at)
        if chain is None:
            return None
        # No steps are told, so that none is forbidden.
        every = tuple(permutations(chain[0], 2))
        return _found(tokens, names, (chain[0], every, chain[2]), context)
    return _chain(tokens, names, at, context)


def _chain(
    tokens: Tokens, names: tuple[str, ...], at: int, context: Context
) -> Found | None:
    chain = drawn(tokens, at) if has_arrow(tokens[at:]) else told(tokens, at)
    if chain is None or any(_is_no_state(state, context) for state in chain[0]):
        return None
    named = [state for state in chain[0] if singular(state) in context.things]
    return _found(tokens, names, chain, context) if len(named) < 2 else None


def _is_no_state(state: str, context: Context) -> bool:
    """Whether words are a sentence, or tell of a thing, rather than name a state."""
    parts = state.split("_")
    odd = any(part in _NO_STATE for part in parts)
    return odd or (len(parts) > 1 and singular(parts[-1]) in context.things)


def _found(
    tokens: Tokens, names: tuple[str, ...], chain: Chain, context: Context
) -> Found:
    states, steps, end = chain
    while end < len(tokens) and tokens[end].text in ")]}":
        end += 1
    where = stretch(tokens[:end])
    context.life = names[-1]
    for name in names:
        context.states.setdefault(name, set()).update(states)
    left = (tokens[end:],) if end < len(tokens) else ()
    return Found(tuple(Life(name, states, steps, where) for name in names), left, names)


def _flowing(tokens: Tokens, context: Context) -> Found | None:
    """`tickets go through new, assigned and closed`, `orders start as new, then become paid`."""
    found, at = _subject(tokens, context)
    if not found:
        return None
    while at < len(tokens) and tokens[at].word in words.MODALS:
        at += 1
    if at >= len(tokens) or base(tokens[at].word) not in words.FLOWING:
        return None
    at += 1
    leads = starts_with(
        tokens,
        at,
        (("through",), ("from",), ("as",), ("in",), ("with",), ("at",), ("out", "as")),
    )
    rest = tokens[at:]
    if not leads and not has_arrow(rest) and not any(t.word == "to" for t in rest):
        return None
    at += leads
    while at < len(tokens) and tokens[at].word in _LEADS - {"a", "an"}:
        at += 1
    return _chain(tokens, found, at, context)


def _subject(tokens: Tokens, context: Context) -> tuple[tuple[str, ...], int]:
    if is_word(tokens, 0, *words.PRONOUNS) and context.subject:
        return context.subject, 1
    found, at = nouns(tokens, 0, context, subject=True)
    if found and at > 0 and is_word(tokens, at, "status", "state", "lifecycle"):
        at += found[-1].name in context.things
    return tuple(_bearer(one.name, context) for one in found), at


def _bearer(name: str, context: Context) -> str:
    """Whose states they are: of the issue, where `the status of an issue` goes on."""
    head, _, last = name.rpartition("_")
    return head if last in words.LIFE and head in context.things else name


def _begun(tokens: Tokens, context: Context) -> Found | None:
    """`tickets start as new`: the first state, whose steps follow."""
    names, at = _subject(tokens, context)
    if not names or not is_word(tokens, at, "start", "starts", "begin", "begins"):
        return None
    if not is_word(tokens, at + 1, "as", "in", "at") or len(tokens) - at - 2 not in (
        1,
        2,
    ):
        return None
    state = snake(" ".join(t.word for t in tokens[at + 2 :]), "")
    if not state:
        return None
    return _found(tokens, names, ((state,), (), len(tokens)), context)


def _further(tokens: Tokens, context: Context) -> Found | None:
    """More steps of the life that was told last: `from open they can go to closed`."""
    if not context.life or not is_word(tokens, 0, "from") or has_arrow(tokens):
        return None
    passed = words.PRONOUNS | words.MODALS | words.FLOWING
    kept = tuple(t for t in tokens[1:] if t.word not in passed)
    chain = told(kept, 0)
    if chain is None or chain[2] < len(kept):
        return None
    return _found(tokens, (context.life,), (chain[0], chain[1], len(tokens)), context)


def _whenever(tokens: Tokens, context: Context) -> Found | None:
    """`tickets can be cancelled at any time`."""
    names, at = _subject(tokens, context)
    while at < len(tokens) and tokens[at].word in words.MODALS | words.BE:
        at += 1
    end = at
    while (
        end < len(tokens) and end - at < 3 and not starts_with(tokens, end, _WHENEVER)
    ):
        end += 1
    taken = starts_with(tokens, end, _WHENEVER)
    state = name_of(tokens[at:end]) if taken and at < end else ""
    if not names or not state:
        return None
    return _found(tokens, names, ((state,), ((ANY, state),), end + taken), context)


def _from_states(tokens: Tokens, context: Context) -> Found | None:
    """`paid or confirmed bookings can be cancelled`: steps from states that are told."""
    modal = next((n for n, t in enumerate(tokens) if t.word in ("can", "may")), 0)
    if modal < 2 or not is_word(tokens, modal + 1, "be", "become"):
        return None
    last = name_of(tokens[modal - 1 : modal])
    known = (n for n in context.states if n == last or n.endswith(f"_{last}"))
    name = next(known, "")
    passed = words.ARTICLES | words.EVERY | {"or", "and", ",", "only"}
    before = [t.word for t in tokens[: modal - 1] if t.word not in passed]
    states = context.states.get(name, set())
    to = snake(tokens[modal + 2].word, "") if modal + 2 < len(tokens) else ""
    if not before or not set(before) <= states or not to or to in words.STOP:
        return None
    steps = tuple((state, to) for state in before if state != to)
    chain = ((*before, to), steps, modal + 3)
    return _found(tokens, (name,), chain, context) if steps else None


def _in_turn(tokens: Tokens, context: Context) -> Found | None:
    """`orders are new, then paid, then shipped`."""
    names, at = _subject(tokens, context)
    if not names or not any(t.word in ("then", "finally") for t in tokens):
        return None
    while at < len(tokens) and tokens[at].word in words.MODALS - {"then"}:
        at += 1
    if not is_word(
        tokens, at, "is", "are", "become", "becomes", "start", "starts", "begin"
    ):
        return None
    chain = told(tokens, at + 1)
    return (
        _found(tokens, names, chain, context)
        if chain and chain[2] == len(tokens)
        else None
    )


def _alone(tokens: Tokens, context: Context) -> Found | None:
    """More steps of the life that was told last: `open -> cancelled`."""
    if not has_arrow(tokens):
        return None
    if context.life:
        chain = drawn(tokens, 0)
        if chain is not None and chain[2] == len(tokens):
            return _found(tokens, (context.life,), chain, context)
    # What stands before the first state is the thing: `ticket new -> closed`.
    for at in range(1, min(4, len(tokens))):
        name = name_of(tokens[:at])
        if name in context.things and tokens[at].kind == "word":
            return _chain(tokens, (name,), at, context)
    return None


def numbering(tokens: Tokens, context: Context) -> Found | None:
    """`tickets are numbered TKT-0001`, `orders have a number with the prefix ORD`."""
    about = [t.word for t in tokens]
    if not any(word.startswith(("number", "prefix")) for word in about):
        return None
    place = next(
        (n for n, t in enumerate(tokens) if _PREFIX.fullmatch(t.text.strip('"“”`'))),
        None,
    )
    if place is None:
        return None
    names, _end = _subject(tokens, context)
    if names and not set(names) & context.things:
        names = (
            tuple(n.removesuffix("_number") for n in names if n.endswith("_number"))
            or names
        )
    if not names:
        return None
    text = tokens[place].text.strip('"“”`')
    prefix = text.partition("-")[0].rstrip("0123456789#") or text.partition("-")[0]
    last = place + 1
    while last < len(tokens) and (
        tokens[last].kind == "number" or tokens[last].text in "-.#"
    ):
        last += 1
    where = stretch(tokens[:last])
    left = (tokens[last:],) if last < len(tokens) else ()
    facts: tuple[Fact, ...] = tuple(Numbering(name, prefix, where) for name in names)
    return Found(facts, left, names)
