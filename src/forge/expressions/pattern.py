"""Which regular expressions a contract may hold: RE2's syntax, in time that stays bounded.

Python's engine tries alternatives one by one, so a repeated group must be able to tell at its
first character whether it goes on; anything else could take exponential time on a short text.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field

MAX_LENGTH = 500
"""Characters of a pattern."""
_MAX_COUNT = 1000
"""The largest number in `{n,m}`, which is RE2's own limit."""

_ESCAPES = frozenset("dDwWsSbBAznrtfv")
_GROUP = re.compile(r"\(\?(?:P?<[A-Za-z_]\w*>|[ims]*:)", re.ASCII)
_FLAGS = re.compile(r"\(\?[ims]+\)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ATOM = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|.", re.DOTALL)
_REPEAT = re.compile(r"[*+?]\??|\{(\d+)(,(\d*))?\}\??")
_SEPARATOR = re.compile(r"\\?([^\w\\.\[])", re.ASCII)


@dataclass(slots=True)
class _Group:
    firsts: list[str] = field(default_factory=list)
    """The first atom of each branch; empty text where a branch has none yet."""
    repeats: bool = False
    atoms: list[str] = field(default_factory=list)


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern, as a message; None when it is allowed.

    >>> fault("^[a-z]+(-[a-z]+)*$")
    >>> fault("(a+)+$")
    'a repeated group must begin with a character that tells it apart'
    """
    if len(pattern) > MAX_LENGTH:
        return f"a pattern has at most {MAX_LENGTH} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        return f"the pattern does not compile: {error}"
    return _scan(pattern)


def _scan(pattern: str) -> str | None:
    stack = [_Group([""])]
    at = 1 if False else 0
    if flags := _FLAGS.match(pattern):
        at = flags.end()
    while at < len(pattern):
        group = stack[-1]
        closed: _Group | None = None
        if pattern[at] == "(":
            opening = _GROUP.match(pattern, at)
            if opening is None and pattern.startswith("(?", at):
                return "the pattern holds a group that RE2 does not know"
            stack.append(_Group([""]))
            at = opening.end() if opening else at + 1
            continue
        if pattern[at] == "|":
            group.firsts.append("")
            at += 1
            continue
        if pattern[at] == ")":
            closed = stack.pop()
            stack[-1].atoms.extend(closed.atoms)
            stack[-1].repeats |= closed.repeats
            stack[-1].firsts[-1] = stack[-1].firsts[-1] or "("
            at += 1
        else:
            atom = (_CLASS if pattern[at] == "[" else _ATOM).match(pattern, at)
            if atom is None or (message := _atom_fault(atom.group())):
                return message if atom else "the pattern holds an open class"
            at = atom.end()
            group.atoms.append(atom.group())
            group.firsts[-1] = group.firsts[-1] or atom.group()
        if repeat := _REPEAT.match(pattern, at):
            at = repeat.end()
            if message := _repeat_fault(repeat, closed, pattern[at : at + 1]):
                return message
            stack[-1].repeats = True
    return None


def _atom_fault(atom: str) -> str | None:
    if atom.startswith("["):
        if "[:" in atom:
            return "write `a-z` or `0-9` for a named class"
        escapes = re.findall(r"\\(.)", atom, re.DOTALL)
    else:
        escapes = [atom[1]] if atom.startswith("\\") else []
    for escape in escapes:
        if escape.isalnum() and escape not in _ESCAPES and escape != "x":
            return f"the pattern holds an escape that is not allowed: `\\{escape}`"
    return None


def _repeat_fault(repeat: re.Match[str], group: _Group | None, following: str) -> str | None:
    if following in ("+", "*", "?", "{") and following:
        return "the pattern repeats a repetition"
    least, _, most = repeat.groups()
    if max(int(least or 0), int(most or 0)) > _MAX_COUNT:
        return f"a pattern repeats at most {_MAX_COUNT} times"
    if group is None or repeat.group().rstrip("?") == "":
        return None
    if len(group.firsts) > 1 and not _distinct(group.firsts):
        return "the branches of a repeated group must begin with different characters"
    if group.repeats and not _separated(group):
        return "a repeated group must begin with a character that tells it apart"
    return None


def _distinct(firsts: list[str]) -> bool:
    plain = all(len(first) == 1 and first.isalnum() or _SEPARATOR.fullmatch(first) for first in firsts)
    return plain and len({first.lower() for first in firsts}) == len(firsts)


def _separated(group: _Group) -> bool:
    """Whether a group that holds a repetition begins with a mark that occurs nowhere in it."""
    mark = _SEPARATOR.fullmatch(group.firsts[0])
    if mark is None or len(group.firsts) > 1:
        return False
    return not any(_may_match(atom, mark.group(1)) for atom in group.atoms[1:])


def _may_match(atom: str, mark: str) -> bool:
    if atom in {".", "\\W", "\\S", "\\D"}:
        return True
    if not atom.startswith("["):
        return atom in {mark, "\\" + mark, "\\s"} or atom.startswith("\\x")
    if atom == f"[^{mark}]":
        return False
    try:
        return re.search(atom, mark, re.ASCII) is not None
    except re.error:
        return True
