"""SQL and TypeScript as tokens, read independently of what prints them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `text`, `name`, `comment` or `code`; `value` what it stands for."""

    kind: str
    value: str


_SQL = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>--[^\n]*|/\*.*?\*/)
    | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<dollar>\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?)
    | (?P<sign>\|\||::|<>|[<>!~]=?\*?|[-+*/=%^&|#(),.;:\[\]?@])
    """,
    re.VERBOSE | re.DOTALL,
)
_TYPESCRIPT = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>//[^\n\r\u2028\u2029]*|/\*.*?\*/)
    | (?P<text>"(?:[^"\\\n\r]|\\.)*")
    | (?P<template>`[^`\\]*`)
    | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*|[0-9]+(?:\.[0-9]+)?)
    | (?P<sign>=>|\.\.\.|[-{}\[\]()<>;:,.|&?=+*/!])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"''|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\x([0-9a-fA-F]{1,2})|\\(.)", re.DOTALL
)
_BLOB = [Token("code", "CAST"), Token("code", "("), Token("code", "X")]
"""`CAST(X'...' AS TEXT)` is a text as well."""
_IS, _STROKE, _COMMA, _END = (Token("code", sign) for sign in ("=", "|", ",", ")"))
SAME_FROM_HERE = "// ---- the same for every service from here on ----\n"
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def sql(source: str) -> list[Token]:
    """A schema's tokens; neighbouring comments are one, and so are joined texts."""
    return list(_joined(list(_tokens(source, _SQL, _sql_value))))


def typescript(source: str) -> list[Token]:
    """The tokens of declarations; code that is the same for every service is one of them."""
    varying, _, constant = source.partition(SAME_FROM_HERE)
    tokens = list(_tokens(varying, _TYPESCRIPT, lambda kind, text: json.loads(text)))
    # What stands over several lines starts with a stroke, or ends in a comma.
    pairs = zip(
        [Token("", ""), *tokens], tokens, [*tokens[1:], Token("", "")], strict=False
    )
    found = [
        token
        for before, token, after in pairs
        if (before, token) != (_IS, _STROKE) and (token, after) != (_COMMA, _END)
    ]
    return [*found, Token("constant", constant)]


def _tokens(source: str, grammar: re.Pattern[str], value: object) -> Iterator[Token]:
    at, comment = 0, False
    while at < len(source):
        match = grammar.match(source, at)
        if match is None:
            raise AssertionError(f"no token at {source[at : at + 40]!r}")
        kind = match.lastgroup if match.lastgroup != "tag" else "dollar"
        at = match.end()
        if kind == "space":
            continue
        if kind == "comment":
            if not comment:
                yield Token("comment", "")
            comment = True
            continue
        comment = False
        if kind in ("word", "sign", "dollar", "template"):
            yield Token("code", match.group())
        else:
            assert callable(value)
            named = "name" if kind == "name" else "text"
            yield Token(named, value(kind, match.group()))


def _sql_value(kind: str, text: str) -> str:
    if kind == "name":
        return text[1:-1].replace('""', '"')
    if kind == "text":
        return text[1:-1].replace("''", "'")
    return _ESCAPE.sub(_unescaped, text[2:-1])


def _unescaped(match: re.Match[str]) -> str:
    if match.group() == "''":
        return "'"
    for group in (1, 2, 3):
        if match.group(group):
            return chr(int(match.group(group), 16))
    letter = match.group(4)
    return _LETTERS.get(letter, letter)


def _joined(tokens: list[Token]) -> Iterator[Token]:
    """`('a' || char(10) || 'b')` as one text."""
    at = 0
    while at < len(tokens):
        opened = tokens[at] == Token("code", "(")
        whole = _whole(tokens, at + 1) if opened else None
        if whole and whole[2] and tokens[whole[1]] == Token("code", ")"):
            yield Token("text", whole[0])
            at = whole[1] + 1
        elif alone := _whole(tokens, at):
            yield Token("text", alone[0])
            at = alone[1]
        else:
            yield tokens[at]
            at += 1


def _whole(tokens: list[Token], at: int) -> tuple[str, int, bool] | None:
    """The text that starts at a place, where it ends, and whether it has several parts."""
    part = _part(tokens, at)
    if part is None:
        return None
    text, end = part
    while end < len(tokens) and tokens[end] == Token("code", "||"):
        more = _part(tokens, end + 1)
        if more is None:
            break
        text, end = text + more[0], more[1]
    # A bracket around several parts, or around a cast, is not there for one.
    return text, end, end > at + 1


def _part(tokens: list[Token], at: int) -> tuple[str, int] | None:
    """A text or a call of `char` at a place, and where it ends."""
    if tokens[at].kind == "text":
        return tokens[at].value, at + 1
    if tokens[at : at + 3] == _BLOB and tokens[at + 3].kind == "text":
        return bytes.fromhex(tokens[at + 3].value).decode(), at + 7
    if tokens[at] != Token("code", "char"):
        return None
    end = tokens.index(Token("code", ")"), at)
    codes = [t.value for t in tokens[at + 2 : end] if t.value != ","]
    return "".join(chr(int(code)) for code in codes), end + 1
