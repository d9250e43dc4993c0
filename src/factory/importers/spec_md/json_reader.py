"""JSON as documents show it: with comments, several values in one block, ellipses, bare words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

MAX_DEPTH = 40
MAX_TOKENS = 100_000
_TOKEN = re.compile(
    r"""(?P<line>\n)|(?P<space>[^\S\n]+)|(?P<comment>//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(?P<dots>\.\.\.+|…)|(?P<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)"""
    r"""|(?P<mark>[{}\[\]:,|])|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.-]))"""
    r"""|(?P<word>[^\s{}\[\]:,|"'/#]+|[/])""",
    re.DOTALL,
)
_PLAIN = {
    "true": True,
    "false": False,
    "null": None,
    "True": True,
    "False": False,
    "None": None,
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_OPENS = re.compile(r"[^\n{\[\"']*?[:=]?\s*([{\[])")


@dataclass(slots=True)
class Value:
    """One document of a block."""

    value: Any
    line: int
    """Counted from 0, in the block."""
    label: str
    """What stands before it: comments and lines that are no JSON."""
    comments: dict[str, str] = field(default_factory=dict)
    """By member of the outermost object, what stands behind it."""
    lines: dict[str, int] = field(default_factory=dict)
    is_open: bool = False
    """It goes on: `...`."""


def documents(text: str) -> Iterator[Value]:
    """The documents of a block, in order; what is no JSON is their labels."""
    lines = text.split("\n")
    label: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        bare = line.strip()
        starts = (
            _OPENS.match(line) if not bare.startswith(("//", "#", "/*", "*")) else None
        )
        if starts is None or not _is_begin(line[: starts.start(1)]):
            if bare:
                label.append(bare.strip("/#* "))
            number += 1
            continue
        before = line[: starts.start(1)].strip()
        rest = "\n".join((line[starts.start(1) :], *lines[number + 1 :]))
        reader = _Reader(rest, number)
        found = reader.read(" ".join([*label, before]).strip())
        yield found
        label = []
        number += max(1, reader.line + 1 if reader.ended else len(lines))


def _is_begin(before: str) -> bool:
    """Whether a document may begin behind this: nothing, or a name such as `Response 201:`."""
    return len(before) < 60 and (not before.strip() or before.rstrip()[-1] in ":=")


class _Reader:
    """Reads one value; whatever is missing is taken as said."""

    def __init__(self, text: str, first: int) -> None:
        self.tokens = list(self._tokens(text))
        self.position = 0
        self.first = first
        self.line = 0
        self.ended = False
        self.comments: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.is_open = False
        self.last = ("", -1)
        """The member of the outermost object that was read last, and its line."""

    def read(self, label: str) -> Value:
        line = self.line
        value = self._value(0)
        return Value(
            value, self.first + line, label, self.comments, self.lines, self.is_open
        )

    def _tokens(self, text: str) -> Iterator[tuple[str, str, int]]:
        line = 0
        for count, match in enumerate(_TOKEN.finditer(text)):
            if count > MAX_TOKENS:
                return
            kind = match.lastgroup or ""
            if kind not in ("line", "space"):
                yield kind, match[0], line
            line += match[0].count("\n")

    def _peek(self) -> tuple[str, str, int]:
        while self.position < len(self.tokens):
            kind, text, line = self.tokens[self.position]
            if kind == "comment":
                self._comment(text.strip("/#* "), line)
            elif kind == "dots":
                self.is_open = True
            else:
                return kind, text, line
            self.position += 1
        return "", "", self.line

    def _comment(self, text: str, line: int) -> None:
        name, where = self.last
        if name and line == where and text:
            self.comments.setdefault(name, text)

    def _next(self) -> tuple[str, str]:
        kind, text, line = self._peek()
        self.position += 1
        self.line = line
        return kind, text

    def _value(self, depth: int) -> Any:
        kind, text, _ = self._peek()
        if kind == "mark" and text == "{" and depth < MAX_DEPTH:
            return self._object(depth)
        if kind == "mark" and text == "[" and depth < MAX_DEPTH:
            return self._array(depth)
        return self._scalar()

    def _object(self, depth: int) -> dict[str, Any]:
        self._next()
        found: dict[str, Any] = {}
        while True:
            kind, text, line = self._peek()
            if not kind:
                return found
            if text == "}" and kind == "mark":
                self._close(depth)
                return found
            self._next()
            if kind == "mark":
                # A comma, or a mark that means nothing here.
                continue
            key = _unquoted(text) if kind == "string" else text
            _, sign, _ = self._peek()
            if sign not in (":", "="):
                continue
            self._next()
            if not depth:
                self.lines.setdefault(key, self.first + line)
            value = self._value(depth + 1)
            found[key] = value
            if not depth:
                self.last = (key, self.line)

    def _array(self, depth: int) -> list[Any]:
        self._next()
        found: list[Any] = []
        while True:
            kind, text, _ = self._peek()
            if not kind:
                return found
            if kind == "mark" and text == "]":
                self._close(depth)
                return found
            if kind == "mark" and text in ",:}|":
                self._next()
                continue
            found.append(self._value(depth + 1))

    def _close(self, depth: int) -> None:
        self._next()
        self.ended |= not depth

    def _scalar(self) -> Any:
        """A value without members, or several bare ones: `"a" | "b"`, `string (optional)`."""
        parts: list[Any] = []
        first = self._peek()[2]
        while len(parts) < 50:
            kind, text, line = self._peek()
            if (
                not kind
                or (kind == "mark" and text != "|")
                or (parts and line != first)
            ):
                break
            self._next()
            if kind == "string":
                parts.append(_unquoted(text))
            elif kind == "number":
                parts.append(_number(text))
            else:
                parts.append(_PLAIN.get(text, text))
        if not parts:
            # What cannot stand here is passed, so that every call goes on.
            self._next()
            return None
        if len(parts) == 1:
            return parts[0]
        return " ".join("null" if part is None else str(part) for part in parts) or None


def _number(text: str) -> int | float | str:
    if re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    found = float(text)
    return found if isfinite(found) else text


def _unquoted(text: str) -> str:
    inner = text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:]
    return _ESCAPE.sub(_escaped, inner)


def _escaped(match: re.Match[str]) -> str:
    found = match[1]
    if len(found) == 5:
        code = int(found[1:], 16)
        return chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd"
    return _ESCAPES.get(found, found)
