"""Texts that match a regular expression of the subset that contracts use."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from typing import Protocol

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
_WORD = string.ascii_letters + string.digits + "_"
_CLASSES = {
    "d": string.digits,
    "w": _WORD,
    "s": " ",
    "D": "".join(c for c in PRINTABLE if c not in string.digits),
    "W": "".join(c for c in PRINTABLE if c not in _WORD),
    "S": PRINTABLE.replace(" ", ""),
}
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_QUANTIFIER = re.compile(r"(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??")
_FLAGS = re.compile(r"\(\?[ims]+\)")
_ATTEMPTS = 200
_ROUNDS = (10, 6, 20, 3, 40, 1, 80, 0)
"""How often to repeat what may be repeated: long texts first, as they seldom occur twice."""


class Chooser(Protocol):
    """What makes the choices; `random.Random` is one."""

    def choice(self, seq: Sequence[str], /) -> str:
        """One of several texts."""

    def randint(self, a: int, b: int, /) -> int:
        """A number from `a` to `b`."""


_Maker = Callable[[Chooser, int], str]
"""Makes a text; the number bounds how often an open repetition is repeated."""


class _Unsupported(Exception):
    """The pattern holds what this module does not know."""


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python: `$` and `\\z` are the end of the whole text."""
    out, inside, escaped = [], False, False
    for character in pattern:
        if escaped:
            out.append("Z" if character == "z" else character)
            escaped = False
            continue
        out.append(r"\Z" if character == "$" and not inside else character)
        escaped = character == "\\"
        inside = character == "[" or (inside and character != "]")
    return re.compile("".join(out))


def example(pattern: str, least: int, most: int | None, random: Chooser) -> str | None:
    """A text with a match of `pattern` and a length in bounds; `None` where none is found."""
    flags = _FLAGS.match(pattern)
    try:
        maker, end = _alternatives(pattern, flags.end() if flags else 0)
    except (_Unsupported, IndexError):
        return None
    if end != len(pattern):
        return None
    check = compiled(pattern)
    for attempt in range(_ATTEMPTS):
        text = maker(random, _ROUNDS[attempt % len(_ROUNDS)])
        long_enough = len(text) >= least and (most is None or len(text) <= most)
        if long_enough and check.search(text) is not None:
            return text
    return None


def counterexample(pattern: str, least: int, most: int | None) -> str | None:
    """A text without a match of `pattern` whose length is in bounds."""
    check = compiled(pattern)
    room = most if most is not None else max(least, 8)
    size = max(least, min(room, 8))
    fills = ("!", " ", "a", "A", "0", "-", "é", "~", "\t")
    for fill in fills:
        text = fill * size
        if size and check.search(text) is None:
            return text
    return "" if least == 0 and check.search("") is None else None


def _alternatives(pattern: str, at: int) -> tuple[_Maker, int]:
    branches: list[_Maker] = []
    while True:
        branch, at = _sequence(pattern, at)
        branches.append(branch)
        if at >= len(pattern) or pattern[at] != "|":
            break
        at += 1
    return (lambda random, many: _one(branches, random)(random, many)), at


def _one(branches: list[_Maker], random: Chooser) -> _Maker:
    return branches[random.randint(0, len(branches) - 1)]


def _sequence(pattern: str, at: int) -> tuple[_Maker, int]:
    makers: list[_Maker] = []
    while at < len(pattern) and pattern[at] not in "|)":
        maker, at = _atom(pattern, at)
        found = _QUANTIFIER.match(pattern, at)
        if found is not None:
            maker, at = _repeated(maker, found), found.end()
        makers.append(maker)
    return (lambda random, many: "".join(m(random, many) for m in makers)), at


def _repeated(maker: _Maker, found: re.Match[str]) -> _Maker:
    sign, least, comma, most = found.groups()
    if sign:
        low, high = (1 if sign == "+" else 0), (1 if sign == "?" else None)
    else:
        low = int(least)
        high = (int(most) if most else None) if comma else low

    def repeat(random: Chooser, many: int) -> str:
        top = low + many if high is None else min(high, low + many)
        times = random.randint((low + top) // 2, top)
        return "".join(maker(random, many) for _ in range(times))

    return repeat


def _atom(pattern: str, at: int) -> tuple[_Maker, int]:
    character = pattern[at]
    if character == "(":
        return _group(pattern, at + 1)
    if character == "[":
        characters, at = _class(pattern, at + 1)
        return _one_of(characters), at
    if character == "\\":
        return _escape(pattern, at)
    if character in "^$":
        return _one_of(("",)), at + 1
    if character == ".":
        return _one_of(string.ascii_lowercase), at + 1
    return _one_of((character,)), at + 1


def _one_of(characters: str | tuple[str, ...]) -> _Maker:
    if not characters:
        raise _Unsupported
    return lambda random, many: random.choice(characters)


def _group(pattern: str, at: int) -> tuple[_Maker, int]:
    if pattern[at] == "?":
        opening = re.compile(r"\?(?::|P?<\w+>)").match(pattern, at)
        if opening is None:
            raise _Unsupported
        at = opening.end()
    maker, at = _alternatives(pattern, at)
    if pattern[at] != ")":
        raise _Unsupported
    return maker, at + 1


def _escape(pattern: str, at: int) -> tuple[_Maker, int]:
    character = pattern[at + 1]
    if character == "x":
        return _one_of((chr(int(pattern[at + 2 : at + 4], 16)),)), at + 4
    if character in "AzZbB":
        return _one_of(("",)), at + 2
    return _one_of(_CLASSES.get(character) or (_literal(character),)), at + 2


def _literal(character: str) -> str:
    if character.isalnum() and character not in _ESCAPED:
        raise _Unsupported
    return _ESCAPED.get(character, character)


def _class(pattern: str, at: int) -> tuple[str, int]:
    negated = pattern[at] == "^"
    at += negated
    found: set[str] = set()
    first = True
    while pattern[at] != "]" or first:
        first = False
        low, at = _member(pattern, at)
        if len(low) == 1 and pattern[at] == "-" and pattern[at + 1] != "]":
            high, at = _member(pattern, at + 1)
            found.update(chr(code) for code in range(ord(low), ord(high) + 1))
        else:
            found.update(low)
    if negated:
        found = set(PRINTABLE) - found
    return "".join(sorted(found)), at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at] != "\\":
        return pattern[at], at + 1
    character = pattern[at + 1]
    if character == "x":
        return chr(int(pattern[at + 2 : at + 4], 16)), at + 4
    return _CLASSES.get(character) or _literal(character), at + 2
