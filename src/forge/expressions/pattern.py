"""Which regular expressions a contract may hold: RE2's syntax, without exponential search.

Python's engine tries alternatives one by one, so a repeated group must be able to tell from one
character whether it goes on; anything else could take exponential time on a short text.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LENGTH = 500
"""Characters of a pattern."""
_MAX_COUNT = 1000
"""The largest number in `{n,m}`, which is RE2's own limit."""
_FEW = 10
"""Up to this many repetitions of a bounded group stay cheap however they overlap."""

_ESCAPES = frozenset("dDwWsSbBAznrtfvx")
_FLAGS = re.compile(r"\(\?[ims]+\)")
_GROUP = re.compile(r"\((?:\?P?<[A-Za-z_]\w*>|\?[ims]*:|(?!\?))", re.ASCII)
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ATOM = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|[^\\()|\[]", re.DOTALL)
_REPEAT = re.compile(r"(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??")
_MARK = re.compile(r"\\?([^\w\\.^$\[])|(\w)", re.ASCII)


class _Fault(Exception):
    """What is wrong, caught where the scan begins."""


@dataclass(frozen=True, slots=True)
class _Item:
    atom: str | tuple[tuple[_Item, ...], ...]
    """The text of a single atom, or the branches of a group."""
    least: int = 1
    most: float = 1

    @property
    def varies(self) -> bool:
        return self.least != self.most


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern, as a message; None when it is allowed.

    >>> fault("^[a-z]+(-[a-z]+)*$")
    >>> fault("(a+)+$")
    'a repeated group must begin or end with a character that tells its rounds apart'
    """
    if len(pattern) > MAX_LENGTH:
        return f"a pattern has at most {MAX_LENGTH} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern.replace("\\z", "\\Z"), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        return f"the pattern does not compile: {error}"
    flags = _FLAGS.match(pattern)
    try:
        branches, at = _branches(pattern, flags.end() if flags else 0)
        if at < len(pattern):
            raise _Fault("the pattern closes a group that is not open")
        for branch in branches:
            for item in branch:
                _check(item)
    except _Fault as found:
        return str(found)
    return None


def _branches(pattern: str, at: int) -> tuple[tuple[tuple[_Item, ...], ...], int]:
    branches: list[tuple[_Item, ...]] = []
    items: list[_Item] = []
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            branches.append(tuple(items))
            items = []
            at += 1
            continue
        item, at = _item(pattern, at)
        items.append(item)
    return (*branches, tuple(items)), at


def _item(pattern: str, at: int) -> tuple[_Item, int]:
    atom: str | tuple[tuple[_Item, ...], ...]
    if pattern[at] == "(":
        opening = _GROUP.match(pattern, at)
        if opening is None:
            raise _Fault("the pattern holds a group that RE2 does not know")
        atom, at = _branches(pattern, opening.end())
        at += 1
    else:
        found = (_CLASS if pattern[at] == "[" else _ATOM).match(pattern, at)
        if found is None:
            raise _Fault("the pattern does not end as it begins")
        atom, at = found.group(), found.end()
        _check_escapes(atom)
    repeat = _REPEAT.match(pattern, at)
    if repeat is None:
        return _Item(atom), at
    least, most = _bounds(repeat)
    if repeat.end() < len(pattern) and _REPEAT.match(pattern, repeat.end()):
        raise _Fault("the pattern repeats a repetition")
    if pattern[repeat.end() : repeat.end() + 1] == "+":
        raise _Fault("the pattern holds a possessive repetition")
    return _Item(atom, least, most), repeat.end()


def _bounds(repeat: re.Match[str]) -> tuple[int, float]:
    sign, least, comma, most = repeat.groups()
    if sign:
        return (1 if sign == "+" else 0), (1 if sign == "?" else float("inf"))
    if max(int(least), int(most or 0)) > _MAX_COUNT:
        raise _Fault(f"a pattern repeats at most {_MAX_COUNT} times")
    if not comma:
        return int(least), int(least)
    return int(least), int(most) if most else float("inf")


def _check_escapes(atom: str) -> None:
    if atom.startswith("[") and "[:" in atom:
        raise _Fault("named classes are not allowed: write `a-z` or `0-9`")
    for escape in re.findall(r"\\(.)", atom, re.DOTALL):
        if escape.isalnum() and escape not in _ESCAPES:
            raise _Fault(
                f"the pattern holds an escape that is not allowed: `\\{escape}`"
            )


def _check(item: _Item) -> None:
    if isinstance(item.atom, str):
        return
    for inner in _inner(item):
        _check(inner)
    if item.most <= 1:
        return
    if item.most <= _FEW and all(inner.most <= _FEW for inner in _within(item)):
        return
    if len(item.atom) > 1:
        if not _distinct(item.atom):
            message = (
                "the branches of a repeated group must begin with different characters"
            )
            raise _Fault(message)
    elif any(
        inner.varies or _is_choice(inner) for inner in _within(item)
    ) and not _separated(item):
        message = "a repeated group must begin or end with a character that tells its rounds apart"
        raise _Fault(message)


def _is_choice(item: _Item) -> bool:
    return not isinstance(item.atom, str) and len(item.atom) > 1


def _inner(item: _Item) -> Iterator[_Item]:
    if not isinstance(item.atom, str):
        for branch in item.atom:
            yield from branch


def _within(item: _Item) -> Iterator[_Item]:
    for inner in _inner(item):
        yield inner
        yield from _within(inner)


def _mark(item: _Item) -> str | None:
    """The one character that an item stands for, if it is one that always occurs once."""
    if not isinstance(item.atom, str) or (item.least, item.most) != (1, 1):
        return None
    match = _MARK.fullmatch(item.atom)
    return match.group(1) or match.group(2) if match else None


def _distinct(branches: tuple[tuple[_Item, ...], ...]) -> bool:
    """Whether each branch begins with its own character and has one way to go on."""
    marks = [_mark(branch[0]) if branch else None for branch in branches]
    fixed = not any(
        inner.varies or _is_choice(inner)
        for branch in branches
        for item in branch
        for inner in (item, *_within(item))
    )
    return (
        fixed
        and None not in marks
        and len({str(mark).lower() for mark in marks}) == len(marks)
    )


def _separated(item: _Item) -> bool:
    """Whether a mark that nothing else in the group matches stands first or last in it."""
    items = tuple(_inner(item))
    for edge, rest in ((items[0], items[1:]), (items[-1], items[:-1])):
        mark = _mark(edge)
        if mark is None:
            continue
        others = [other for inner in rest for other in (inner, *_within(inner))]
        if not any(isinstance(o.atom, str) and _matches(o.atom, mark) for o in others):
            return True
    return False


def _matches(atom: str, mark: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return (
            re.fullmatch(atom.replace("\\z", "\\Z"), mark, re.ASCII | re.IGNORECASE)
            is not None
        )
