"""The syntax of Prisma schemas: blocks, their lines, and attributes with arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from factory.importers.drafts import Place
from factory.importers.reading import Text

_BLOCK = re.compile(r"\s*(model|enum|type|view|datasource|generator)\s+(\w+)\s*\{")
_FIELD = re.compile(
    r"(\w+)\s+(Unsupported\(\s*\"[^\"]*\"\s*\)|[\w.]+)\s*(\[\])?\s*(\?)?"
)
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)"""
    r"""|(?P<name>\w+)\s*:(?!:)|(?P<word>[^\s,()\[\]{}"]+))"""
)
_ATTRIBUTE = re.compile(r"\s*(@{1,2})([\w.]+)\s*")
_BLOCK_COMMENT = re.compile(r"^[^\S\n]*/\*.*?\*/", re.MULTILINE | re.DOTALL)
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Call:
    """A function in an argument: `now()`, `dbgenerated("gen_random_uuid()")`."""

    name: str
    arguments: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word: a number, `true`, an enum's value, a field's name."""

    text: str


Value = str | Word | Call | tuple["Value", ...]
"""A text, a word, a call, or a list of them."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """`@id`, `@default(now())`, `@@unique([a, b])`; block attributes have two signs."""

    name: str
    arguments: tuple[Value, ...] = ()
    named: dict[str, Value] = field(default_factory=dict)

    def get(self, name: str, position: int = 0) -> Value | None:
        """An argument by its name, or by its place."""
        if name in self.named:
            return self.named[name]
        return self.arguments[position] if position < len(self.arguments) else None


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a model, or a value of an enum."""

    place: Place
    name: str
    type: str
    is_list: bool
    optional: bool
    attributes: tuple[Attribute, ...]
    doc: str

    def attribute(self, name: str) -> Attribute | None:
        """The attribute called `name`."""
        return next((a for a in self.attributes if a.name == name), None)


@dataclass(frozen=True, slots=True)
class Block:
    """`model User { ... }`"""

    kind: str
    name: str
    place: Place
    lines: tuple[Line, ...]
    attributes: tuple[Attribute, ...]
    doc: str
    strange: tuple[tuple[Place, str], ...]
    """Lines that are not understood, or name what another one does."""
    settings: dict[str, str]
    """`provider = "postgresql"` and the like."""

    def attribute(self, name: str) -> Attribute | None:
        """The block's attribute called `name`."""
        return next((a for a in self.attributes if a.name == name), None)


def parse(text: Text) -> Iterator[Block]:
    """The blocks of one file."""
    lines = iter(list(enumerate(_without_comments(text.content), 1)))
    doc: list[str] = []
    for number, (line, comment) in lines:
        opened = _BLOCK.match(line)
        if opened is None:
            doc = [*doc, comment] if comment and not line.strip() else []
            continue
        place = Place(text.name, number)
        rest = line[opened.end() :]
        yield _block(
            opened[1], opened[2], place, "\n".join(doc), rest, lines, text.name
        )
        doc = []


def _block(
    kind: str,
    name: str,
    place: Place,
    doc: str,
    rest: str,
    lines: Iterator[tuple[int, tuple[str, str]]],
    file: str,
) -> Block:
    found: list[Line] = []
    attributes: list[Attribute] = []
    strange: list[tuple[Place, str]] = []
    settings: dict[str, str] = {}
    about: list[str] = []
    seen: set[str] = set()
    for number, line, comment in _logical(rest, place.line, lines):
        where = Place(file, number)
        stripped = line.strip()
        if not stripped:
            about = [*about, comment] if comment else []
            continue
        if kind in ("datasource", "generator"):
            key, _, value = stripped.partition("=")
            settings[key.strip()] = value.strip().strip('"')
        elif stripped.startswith("@@"):
            attributes += _attributes(stripped)
        else:
            text = "\n".join([*about, comment] if comment else about)
            one = _line(kind, where, stripped, text)
            if one is None or one.name in seen:
                strange.append((where, stripped))
            else:
                seen.add(one.name)
                found.append(one)
        about = []
    return Block(
        kind,
        name,
        place,
        tuple(found),
        tuple(attributes),
        doc,
        tuple(strange),
        settings,
    )


def _line(kind: str, place: Place, text: str, doc: str) -> Line | None:
    """A value of an enum, or a field; `None` where the line is neither."""
    if kind == "enum":
        word = re.match(r"\w+", text)
        if word is None:
            return None
        return Line(
            place,
            word[0],
            "",
            False,
            False,
            tuple(_attributes(text[word.end() :])),
            doc,
        )
    matched = _FIELD.match(text)
    if matched is None:
        return None
    name, kind, listed, optional = matched.groups()
    own = tuple(_attributes(text[matched.end() :]))
    return Line(place, name, kind, bool(listed), bool(optional), own, doc)


def _logical(
    rest: str, number: int, lines: Iterator[tuple[int, tuple[str, str]]]
) -> Iterator[tuple[int, str, str]]:
    """Lines up to the closing brace; what is open in brackets goes on in the next line."""
    pending, start, last = [], number, rest
    depth, quoted, comment = 0, False, ""
    while True:
        depth, quoted, closed = _balance(last, depth, quoted)
        pending.append(last if closed is None else last[:closed])
        if closed is not None or depth <= 0:
            yield start, " ".join(pending), comment
            pending, depth, quoted = [], 0, False
        if closed is not None:
            return
        step = next(lines, None)
        if step is None:
            if pending:
                yield start, " ".join(pending), comment
            return
        if not pending:
            start = step[0]
        last, comment = step[1]


def _balance(line: str, depth: int, quoted: bool) -> tuple[int, bool, int | None]:
    """How many brackets are open, whether a text is, and where the brace stands that closes the
    block."""
    at = 0
    while at < len(line):
        character = line[at]
        if quoted and character == "\\":
            at += 1
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "([{":
            depth += 1
        elif not quoted and character in ")]}":
            if character == "}" and depth <= 0:
                return 0, False, at
            depth -= 1
        at += 1
    return depth, quoted, None


def _without_comments(content: str) -> Iterator[tuple[str, str]]:
    """Each line without its comment, and what a `///` comment says."""
    # Only up to the last end of a comment: none that begins behind it is looked for to the end.
    commented, end, rest = content.rpartition("*/")
    plain = _BLOCK_COMMENT.sub(lambda c: "\n" * c[0].count("\n"), commented + end)
    for line in (plain + rest).split("\n"):
        quoted, at = False, 0
        doc = ""
        while at < len(line):
            if quoted and line[at] == "\\":
                at += 1
            elif line[at] == '"':
                quoted = not quoted
            elif not quoted and line.startswith("//", at):
                text = line[at:]
                doc = text[3:].strip() if text.startswith("///") else ""
                line = line[:at]
            at += 1
        yield line, doc


def _attributes(text: str) -> Iterator[Attribute]:
    at = 0
    while (matched := _ATTRIBUTE.match(text, at)) is not None:
        at = matched.end()
        arguments: tuple[Value, ...] = ()
        named: dict[str, Value] = {}
        if text[at : at + 1] == "(":
            arguments, named, at = _arguments(text, at + 1, 0)
        yield Attribute(matched[2], arguments, named)


def _arguments(
    text: str, at: int, depth: int
) -> tuple[tuple[Value, ...], dict[str, Value], int]:
    """What stands in brackets from `at` on, and where it ends."""
    values: list[Value] = []
    named: dict[str, Value] = {}
    name = ""
    while (token := _TOKEN.match(text, at)) is not None:
        at = token.end()
        value: Value | None = None
        if token["close"]:
            break
        if token["name"]:
            name = token["name"]
            continue
        if token["text"] is not None:
            value = _unquoted(token["text"])
        elif token["word"]:
            value = Word(token["word"])
            if text[at : at + 1] == "(" and depth < MAX_DEPTH:
                inner, _, at = _arguments(text, at + 1, depth + 1)
                value = Call(token["word"], inner)
        elif token["open"] and depth < MAX_DEPTH:
            value, _, at = _arguments(text, at, depth + 1)
        if value is None:
            continue
        if name:
            named[name] = value
        else:
            values.append(value)
        name = ""
    return tuple(values), named, at


def _unquoted(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text[1:-1]
    )


def names_in(value: Value | None) -> tuple[str, ...]:
    """Field names in a list; those of composite types, with arguments, by their first word."""
    items: Iterable[Value] = (
        value if isinstance(value, tuple) else (value,) if value else ()
    )
    found = []
    for item in items:
        if isinstance(item, Word):
            found.append(item.text)
        elif isinstance(item, Call):
            found.append(item.name)
    return tuple(found)
