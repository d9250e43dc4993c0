"""Text to tokens: CEL's literals and escapes, and nothing outside of the subset."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum, auto

from forge.expressions.faults import ExpressionFault
from forge.expressions.tree import LiteralValue


class Kind(Enum):
    """What a token is."""

    LITERAL = auto()
    NAME = auto()
    OPERATOR = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text with its place; `value` is set for a literal."""

    kind: Kind
    text: str
    start: int
    end: int
    value: LiteralValue = None


_SPACE = re.compile(r"(?:[ \t\r\n\f]+|//[^\n]*)+")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|(?:[0-9]*\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r"&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]]")
_OPENING = re.compile(r"([rRbB]{0,2})(\"\"\"|'''|\"|')")
_WORDS: dict[str, LiteralValue] = {"true": True, "false": False, "null": None}
_SIMPLE = {
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`", "a": "\a", "b": "\b",
    "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_NUMERIC = re.compile(
    r"[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})"
)
_OUTSIDE = {
    "{": (
        "maps and objects are not part of the language",
        "compare the fields one by one",
    ),
    "}": (
        "maps and objects are not part of the language",
        "compare the fields one by one",
    ),
    "=": ("`=` is not an operator", "write `==` to compare"),
    "&": ("`&` is not an operator", "write `&&`"),
    "|": ("`|` is not an operator", "write `||`"),
    "`": ("quoted names are not part of the language", "write the name of the field"),
}
_INTEGER_LIMIT = 2**63
"""The magnitude of the smallest 64-bit integer; only a negative literal may reach it."""


def tokenize(text: str) -> tuple[Token, ...]:
    """Split an expression; ends with an END token, raises ExpressionFault."""
    for offset, character in enumerate(text):
        if "\ud800" <= character <= "\udfff":
            raise ExpressionFault("a lone surrogate is not text", offset, offset + 1)
    tokens: list[Token] = []
    at = 0
    while True:
        if space := _SPACE.match(text, at):
            at = space.end()
        if at >= len(text):
            tokens.append(Token(Kind.END, "", len(text), len(text)))
            return tuple(tokens)
        token = _next(text, at)
        tokens.append(token)
        at = token.end


def _next(text: str, at: int) -> Token:
    if opening := _OPENING.match(text, at):
        return _string(text, opening)
    if number := _NUMBER.match(text, at):
        return _number(text, number)
    if name := _NAME.match(text, at):
        word = name.group()
        kind = Kind.LITERAL if word in _WORDS else Kind.NAME
        if word == "in":
            kind = Kind.OPERATOR
        return Token(kind, word, at, name.end(), _WORDS.get(word))
    if operator := _OPERATOR.match(text, at):
        return Token(Kind.OPERATOR, operator.group(), at, operator.end())
    message, advice = _OUTSIDE.get(text[at], (f"unexpected character {text[at]!a}", ""))
    raise ExpressionFault(message, at, at + 1, advice)


def _number(text: str, match: re.Match[str]) -> Token:
    written, start, end = match.group(), match.start(), match.end()
    if suffix := _NAME.match(text, end):
        if suffix.group() in {"u", "U"}:
            message = "unsigned integers are not part of the language"
            raise ExpressionFault(message, start, suffix.end(), "leave out the `u`")
        raise ExpressionFault("a number runs into a name", start, suffix.end())
    value: int | float
    if written[:2] in {"0x", "0X"}:
        value = int(written[2:], 16)
    elif any(mark in written for mark in ".eE"):
        value = float(written)
    else:
        # Python refuses to convert very long digits; all of them are out of range anyway.
        value = int(written) if len(written) < 400 else _INTEGER_LIMIT + 1
    if isinstance(value, int) and value > _INTEGER_LIMIT:
        raise ExpressionFault("an integer has at most 64 bits", start, end)
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionFault("a number is too large", start, end)
    return Token(Kind.LITERAL, written, start, end, value)


def _string(text: str, opening: re.Match[str]) -> Token:
    prefix, quote = opening.group(1), opening.group(2)
    if "b" in prefix.lower():
        message = "bytes are not part of the language"
        raise ExpressionFault(
            message, opening.start(), opening.end(), "leave out the `b`"
        )
    if len(prefix) > 1:
        raise ExpressionFault("a string has one prefix", opening.start(), opening.end())
    at = opening.end()
    parts: list[str] = []
    while not text.startswith(quote, at):
        if at >= len(text) or (len(quote) == 1 and text[at] in "\r\n"):
            message = f"a string is not closed: {quote} is missing"
            raise ExpressionFault(message, opening.start(), at)
        if text[at] == "\\" and not prefix:
            part, at = _escape(text, at)
            parts.append(part)
        else:
            parts.append(text[at])
            at += 1
    end = at + len(quote)
    return Token(
        Kind.LITERAL, text[opening.start() : end], opening.start(), end, "".join(parts)
    )


def _escape(text: str, at: int) -> tuple[str, int]:
    following = text[at + 1 : at + 2]
    if following in _SIMPLE and following:
        return _SIMPLE[following], at + 2
    numeric = _NUMERIC.match(text, at + 1)
    if numeric is None:
        raise ExpressionFault(
            "an escape that CEL does not know", at, min(at + 2, len(text))
        )
    octal = numeric.group(4)
    code = int(octal, 8) if octal else int(numeric.group()[1:], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise ExpressionFault("an escape that is not a character", at, numeric.end())
    return chr(code), numeric.end()
