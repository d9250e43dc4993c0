"""JSON and YAML as plain values that know their lines.

Documents of a megabyte are usual, so places are found by counting, not kept for every value.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from factory.importers.drafts import Place, Unmapped, Unreadable
from factory.importers.reading import Text

MAX_NODES = 3_000_000
MAX_DEPTH = 200
_TOO_DEEP = "is nested too deeply"
_TOO_MANY = f"holds more than {MAX_NODES} values"
KEPT = 6
"""Lines are known of values up to this depth: `components.schemas.Pet.properties.name`."""

_BOOLEANS = {"true": True, "false": False}
_INT = re.compile(r"[-+]?[0-9]{1,300}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_HALF = re.compile(
    r"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F].."
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]|[^\s"{}\[\],:]+')

Path = tuple[str, ...]


class Document:
    """A value, and the lines of its parts."""

    def __init__(self, name: str, value: Any, lines: dict[Path, int]) -> None:
        self.name = name
        self.value = value
        self._lines = lines

    def place(self, *path: str) -> Place:
        """Where the value at `path` stands, or the nearest part around it."""
        for length in range(len(path), -1, -1):
            line = self._lines.get(path[:length])
            if line is not None:
                return Place(self.name, line)
        return Place(self.name, 1)

    def lifted(self, key: str, inner: str) -> Document:
        """The members of the mapping at `key` beside the others, and its `inner` in its place."""
        members = self.value[key]
        below = {p[1:]: n for p, n in self._lines.items() if p[:1] == (key,) and p[1:]}
        value = {**members, **self.value, key: members.get(inner)}
        return Document(self.name, value, {**below, **self._lines})


def load(text: Text) -> Document:
    """The document in a file. Raises `Unreadable`."""
    if text.content.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(text.content)
        except ValueError:
            # YAML is wider than JSON; what is neither is told by its parser.
            pass
        except RecursionError:
            raise Unreadable(Place(text.name, 1), _TOO_DEEP) from None
        else:
            _whole(text, value)
            return Document(text.name, value, dict(_json_lines(text)))
    return _yaml(text)


def _whole(text: Text, value: Any) -> None:
    """Raises `Unreadable` where JSON spells half of a character, which nothing can write."""
    found = _HALF.search(text.content)
    if not found:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        line = text.content.count("\n", 0, found.start()) + 1
        reason = f"`{found[0]}` is half of a character"
        raise Unreadable(Place(text.name, line), reason) from None


@dataclass(slots=True)
class Documents:
    """The documents of a source by path, and the files that are none."""

    documents: dict[str, Document]
    unmapped: list[Unmapped]


def load_all(texts: Iterable[Text], endings: Collection[str]) -> Documents:
    """Every file that has one of the endings, or is the only one.

    Raises `Unreadable` where none can be read.
    """
    texts = tuple(texts)
    found = Documents({}, [])
    faults = []
    for text in texts:
        if text.suffix not in endings and len(texts) > 1:
            reason = "is neither JSON nor YAML"
            found.unmapped.append(Unmapped(Place(text.name, 1), text.name, reason))
            continue
        try:
            name = posixpath.normpath(text.name.removesuffix(".gz"))
            found.documents[name] = load(text)
        except Unreadable as error:
            faults.append(error)
            found.unmapped.append(Unmapped(error.place, text.name, error.reason))
    if faults and not found.documents:
        raise faults[0]
    return found


def _json_lines(text: Text) -> Iterator[tuple[Path, int]]:
    """The line of each member of objects, to the depth of `KEPT`.

    Raises `Unreadable` where there are too many values, or too many in each other.
    """
    line = 1
    count = 0
    path: list[str] = []
    kinds: list[str] = []
    key = ""
    expects = False
    yield (), 1
    for token in _TOKEN.finditer(text.content):
        part = token[0]
        first = part[0]
        if first == "\n":
            line += 1
        elif first in "{[":
            if kinds:
                path.append(key)
            kinds.append(first)
            if len(kinds) > MAX_DEPTH:
                raise Unreadable(Place(text.name, line), _TOO_DEEP)
            expects = first == "{"
            key = ""
        elif first in "}]":
            kinds.pop()
            key = path.pop() if path else ""
            expects = False
        elif first == ",":
            count += 1
            if count > MAX_NODES:
                raise Unreadable(Place(text.name, line), _TOO_MANY)
            expects = bool(kinds) and kinds[-1] == "{"
        elif first == '"' and expects:
            key = json.loads(part) if "\\" in part else part[1:-1]
            expects = False
            if len(path) < KEPT:
                yield (*path, key), line


class _Composer:
    """Builds values from events, so that nothing recurses and anchors cannot explode."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.anchors: dict[str, Any] = {}
        self.sizes: dict[int, int] = {}
        self.lines: dict[Path, int] = {(): 1}
        self.count = 0
        self.stack: list[_Frame] = []
        self.root: Any = None
        self.done = False

    def compose(self) -> Any:
        """The first document."""
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        parser = loader(self.text.content)
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, yaml.DocumentEndEvent):
                break
            self._event(event)
        return self.root

    def _event(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._value(_scalar(event), event, 1)
        elif isinstance(event, yaml.AliasEvent):
            known = self.anchors.get(str(event.anchor))
            if any(known is frame.value for frame in self.stack):
                place = Place(self.text.name, _line(event))
                raise Unreadable(place, f"`*{event.anchor}` holds itself")
            self._value(known, event, self.sizes.get(id(known), 1))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            if len(self.stack) >= MAX_DEPTH:
                raise Unreadable(Place(self.text.name, _line(event)), _TOO_DEEP)
            frame = self._place(value, event)
            self.stack.append(frame)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            frame = self.stack.pop()
            self.sizes[id(frame.value)] = frame.size
            if self.stack:
                self.stack[-1].size += frame.size

    def _value(self, value: Any, event: Any, size: int) -> None:
        if (
            self.stack
            and isinstance(self.stack[-1].value, dict)
            and not self.stack[-1].has_key
        ):
            frame = self.stack[-1]
            frame.key, frame.has_key = _key(value), True
            path = (*frame.path, frame.key)
            if len(path) <= KEPT:
                self.lines.setdefault(path, _line(event))
            return
        self._place(value, event)
        if self.stack:
            self.stack[-1].size += size
            self._bounded(self.stack[-1].size, event)

    def _place(self, value: Any, event: Any) -> _Frame:
        self.count += 1
        self._bounded(self.count, event)
        if event.anchor and not isinstance(event, yaml.AliasEvent):
            self.anchors[event.anchor] = value
        path: Path = ()
        if not self.stack:
            self.root = value
        else:
            frame = self.stack[-1]
            if isinstance(frame.value, dict):
                path = (*frame.path, frame.key)
                if frame.key == "<<" and isinstance(value, dict):
                    frame.value.update(
                        {k: v for k, v in value.items() if k not in frame.value}
                    )
                else:
                    frame.value[frame.key] = value
                frame.has_key = False
            else:
                path = (*frame.path, str(len(frame.value)))
                if len(path) <= KEPT:
                    self.lines.setdefault(path, event.start_mark.line + 1)
                frame.value.append(value)
        return _Frame(value, path)

    def _bounded(self, count: int, event: Any) -> None:
        if count > MAX_NODES:
            line = event.start_mark.line + 1
            raise Unreadable(Place(self.text.name, line), _TOO_MANY)


class _Frame:
    __slots__ = ("has_key", "key", "path", "size", "value")

    def __init__(self, value: Any, path: Path) -> None:
        self.value = value
        self.path = path
        self.key = ""
        self.has_key = False
        self.size = 1


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _key(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value) if not isinstance(value, dict | list) else "?"


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style not in (None, "") or (event.tag and event.tag.endswith(":str")):
        return text
    if text in _NULL:
        return None
    if text.lower() in _BOOLEANS and text in (text.lower(), text.title(), text.upper()):
        return _BOOLEANS[text.lower()]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) and len(text) < 300 else text


def _yaml(text: Text) -> Document:
    composer = _Composer(text)
    try:
        value = composer.compose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        reason = getattr(error, "problem", None) or "is no YAML"
        raise Unreadable(Place(text.name, line), str(reason)) from None
    return Document(text.name, value, composer.lines)
