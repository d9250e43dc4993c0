"""Regular expressions of the document: ECMA-262 with the `u` flag, as JSON Schema asks for.

Each constant matches exactly the texts that the service's parser of that type reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from forge.emit import search_words

NO_NUL: Final = r"^[^\u0000]*$"
"""Any text that a database can hold."""

TENANT: Final = r"^[!-~]{1,128}$"
"""Any name of a tenant that a header can hold."""


@cache
def words() -> str:
    """Any text that holds a word."""
    ranges = "".join(
        _point(first) + ("-" + _point(last) if last > first else "")
        for first, last in search_words.separators()
    )
    return rf"^[^\u0000]*[^\u0000{ranges}][^\u0000]*$"


def _point(point: int) -> str:
    # No escape of a greater code point is read by every engine; as itself, each one is.
    return f"\\u{point:04x}" if point < 0x10000 else chr(point)


_LETTERS = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u0388-\u038a\u038e-\u03a1\u03a3-\u03f5"
    r"\u0400-\u0481\u048a-\u052f\u0531-\u0556\u05d0-\u05ea\u0620-\u064a\u0904-\u0939"
    r"\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
"""Scripts of host names: Unicode classes are shorter, but many engines refuse them."""
_LABEL = rf"[{_LETTERS}0-9](?:[{_LETTERS}0-9\-]{{0,61}}[{_LETTERS}0-9])?"
EMAIL: Final = (
    r'^[^\s@\u0000-\u001f\u007f\u0085"(),:;<>\[\\\]]{1,64}@'
    rf"{_LABEL}(?:\.{_LABEL})*$"
)

_ZONE = r"(?:[Zz]|[+\-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
TIME: Final = (
    r"^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?"
    rf"{_ZONE}?$"
)

_COUNT = r"[+\-]?[0-9]{1,6}"
_DAYS = rf"(?:{_COUNT}Y(?:{_COUNT}M)?(?:{_COUNT}D)?|{_COUNT}M(?:{_COUNT}D)?|{_COUNT}D)"
_SECONDS = rf"{_COUNT}(?:\.[0-9]+)?S"
_CLOCK = (
    rf"T(?:{_COUNT}H(?:{_COUNT}M)?(?:{_SECONDS})?"
    rf"|{_COUNT}M(?:{_SECONDS})?|{_SECONDS})"
)
DURATION: Final = rf"^[+\-]?P(?:{_COUNT}W|{_DAYS}(?:{_CLOCK})?|{_CLOCK})$"
"""Components of up to six digits: carrying over, none of them reaches the limit of seven."""

_QUAD = "[A-Za-z0-9+/]{4}"
_ONE_LEFT, _TWO_LEFT = "[A-Za-z0-9+/]{2}==", "[A-Za-z0-9+/]{3}="
MAX_COUNT: Final = 1000
"""The greatest repetition count that every engine takes."""


def base64(least: int | None = None, most: int | None = None) -> str:
    """Standard base64 with padding, of `least` to `most` bytes.

    >>> base64(most=4)
    '^(?:(?:[A-Za-z0-9+/]{4}){0,1}|(?:[A-Za-z0-9+/]{4}){0,1}[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$'
    """
    low = least or 0
    if low > MAX_COUNT or (most is not None and most > MAX_COUNT):
        low, most = 0, None
    ends = (("", 0), (_ONE_LEFT, 1), (_TWO_LEFT, 2))
    branches = [
        branch
        for end, rest in ends
        if (branch := _quads(low - rest, None if most is None else most - rest, end))
        is not None
    ]
    return f"^(?:{'|'.join(branches)})$"


def _quads(low: int, most: int | None, end: str) -> str | None:
    """Groups of three bytes, between `low` and `most` bytes, and what stands after them."""
    least = max(0, -(-low // 3))
    if most is None:
        return f"(?:{_QUAD}){{{least},}}{end}"
    if most < 0 or most // 3 < least:
        return None
    return end if most < 3 else f"(?:{_QUAD}){{{least},{most // 3}}}{end}"


def decimal(precision: int | None, scale: int | None, *, signed: bool) -> str:
    """A decimal number as text; zeros that add no digit count for nothing.

    >>> decimal(5, 2, signed=False)
    '^0*[0-9]{1,3}(?:\\\\.[0-9]{1,2}0*)?$'
    """
    sign = "-?" if signed else ""
    fraction = r"(?:\.[0-9]{1,1000})?" if scale is None else _fraction(scale)
    if precision is None:
        return f"^{sign}[0-9]{{1,1000}}{fraction}$"
    if scale is None:
        # Digits on both sides of the point share one budget.
        return rf"^(?=-?(?:[0-9]\.?){{1,{precision}}}$){sign}[0-9]+(?:\.[0-9]+)?$"
    whole = precision - scale
    return (
        f"^{sign}0*[0-9]{{1,{whole}}}{fraction}$" if whole else f"^{sign}0+{fraction}$"
    )


def _fraction(scale: int) -> str:
    return rf"(?:\.[0-9]{{1,{scale}}}0*)?" if scale else r"(?:\.0+)?"


def decimals(numbers: Iterable[Decimal]) -> str:
    """Any of some decimal numbers as text; zeros that add no digit count for nothing.

    >>> decimals([Decimal("1.5"), Decimal("0")])
    '^(?:0*1\\\\.50*|-?0+(?:\\\\.0+)?)$'
    """
    return f"^(?:{'|'.join(map(_one_decimal, numbers))})$"


def _one_decimal(number: Decimal) -> str:
    sign = "-" if number < 0 else "" if number else "-?"
    whole, _, fraction = format(abs(number), "f").partition(".")
    digits = whole.lstrip("0")
    start = f"{sign}0*{digits}" if digits else f"{sign}0+"
    return rf"{start}\.{fraction}0*" if fraction else rf"{start}(?:\.0+)?"


_CLASS = re.compile(r"\[(\^?)(\]?(?:\\.|[^\]\\])*)\]", re.DOTALL)
_TOKEN = re.compile(
    r"\\x[0-9a-fA-F]{2}|\\.|\(\?P?<\w+>|\{[0-9]+(?:,[0-9]*)?\}|.", re.DOTALL
)
_KEPT = frozenset("dDwWbBnrtfv^$\\.*+?()[]{}|/")
_SPACE = r" \t\n\r\f\v"


@cache
def ecma(pattern: str) -> str | None:
    r"""A contract's pattern (RE2's syntax, ASCII classes) in ECMA-262; `None` where it has none.

    >>> ecma(r"\A[\w.]+\@\s$")
    '^[\\w.]+@[ \\t\\n\\r\\f\\v]$'
    """
    out: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("(?", at) and re.match(r"\(\?[ims]", pattern[at:]):
            return None
        found = _CLASS.match(pattern, at) if pattern[at] == "[" else None
        if found is not None:
            if r"\S" in found[2]:
                return None
            out.append(f"[{found[1]}{_class(found[2])}]")
        else:
            found = _TOKEN.match(pattern, at)
            assert found is not None  # the last branch takes any character
            out.append(_outside(found[0]))
        at = found.end()
    return "".join(out)


def _outside(token: str) -> str:
    fixed = {
        r"\A": "^", r"\z": "$", r"\Z": "$", r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]",
        ".": r"[^\n]", "{": r"\{", "}": r"\}", "]": r"\]",
    }  # fmt: skip
    if token in fixed:
        return fixed[token]
    if token.startswith("(?"):
        # Names of groups are spelled in two ways, and a pattern has no use for them.
        return "(?:" if token.endswith(">") else token
    if len(token) == 2 and token[0] == "\\" and token[1] not in _KEPT:
        return token[1]
    return token


def _class(members: str) -> str:
    out = []
    for found in _TOKEN.finditer(members):
        token = found[0]
        if token == r"\s":
            out.append(_SPACE)
        elif token in ("[", "]"):
            out.append(f"\\{token}")
        elif len(token) == 2 and token[0] == "\\" and token[1] not in _KEPT | {"-"}:
            out.append(token[1])
        else:
            out.append(token)
    return "".join(out)
