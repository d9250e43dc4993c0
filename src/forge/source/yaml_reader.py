"""YAML 1.2 text to located nodes, from the parser's event stream.

Events, not PyYAML's own composer: that one recurses in C and crashes the process on deeply nested
input. Scalars follow the YAML 1.2 core schema, so `no`, `on` and `22:22` are text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from forge.source.nodes import Mapping, Node, Scalar, Sequence, Value
from forge.source.spans import Position, Span

MAX_DEPTH = 50
MAX_NODES = 100_000

_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_RADIX = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_WORDS: dict[str, Value] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_MAYBE_NUMBER = frozenset("0123456789-+.")
MAX_DIGITS = 400

Mark: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text as YAML. `code` is the name of a `yaml/...` rule."""

    code: str
    span: Span
    detail: str = ""
    related: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The root node of a text, if there is one, and its faults."""

    root: Node | None
    faults: tuple[Fault, ...] = ()


class _Stop(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def read(file: str, text: str) -> Reading:
    """Read one document."""
    reader = _Reader(file)
    try:
        root = reader.document(text)
    except _Stop as stop:
        return Reading(None, (*reader.faults, stop.fault))
    except yaml.YAMLError as error:
        return Reading(None, (*reader.faults, _syntax_fault(file, text, error)))
    return Reading(root, tuple(reader.faults))


def scalar_value(text: str) -> Value:
    """What YAML 1.2 reads in an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _MAYBE_NUMBER and len(text) < MAX_DIGITS:
        if _INT.match(text):
            return int(text)
        if _RADIX.match(text):
            return int(text, 0)
        if _FLOAT.match(text):
            return float(text)
    return text


@dataclass(slots=True)
class _Frame:
    """A collection that is still open."""

    node: Sequence | Mapping
    anchor: str | None
    key: Scalar | None = None
    size: int = 1


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.nodes = 0

    def document(self, text: str) -> Node | None:
        parser = yaml.CLoader(text)
        documents = 0
        try:
            while True:
                event: Any = parser.get_event()
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    self._scalar(event)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._open(event)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close(event)
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        raise _Stop(Fault("several-documents", self._span(event)))
                elif kind is yaml.StreamEndEvent:
                    return self.root
        finally:
            parser.dispose()

    def _scalar(self, event: Any) -> None:
        plain_style = event.implicit[0]
        text: str = event.value
        if not plain_style and event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            self.faults.append(Fault("unknown-tag", self._span(event), event.tag))
        value: Value = scalar_value(text) if plain_style else text
        start, end = event.start_mark, event.end_mark
        node = Scalar(
            self.file,
            (start.line + 1, start.column + 1, start.index),
            (end.line + 1, end.column + 1, end.index),
            value,
            text,
            plain_style,
        )
        self._add(node, event.anchor, 1)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _Stop(Fault("nested-too-deep", self._span(event), str(MAX_DEPTH)))
        if event.tag not in (None, "!"):
            self.faults.append(Fault("unknown-tag", self._span(event), event.tag))
        node: Sequence | Mapping
        if isinstance(event, yaml.MappingStartEvent):
            node = Mapping(self.file, *_marks(event), {}, {})
        else:
            node = Sequence(self.file, *_marks(event), [])
        self._refuse_as_key(event)
        self.stack.append(_Frame(node, event.anchor))

    def _refuse_as_key(self, event: yaml.NodeEvent) -> None:
        if self.stack:
            frame = self.stack[-1]
            if isinstance(frame.node, Mapping) and frame.key is None:
                raise _Stop(Fault("key-not-text", self._span(event)))

    def _close(self, event: yaml.Event) -> None:
        frame = self.stack.pop()
        frame.node._end = _end(event, frame.node)
        self._add(frame.node, frame.anchor, frame.size)

    def _alias(self, event: Any) -> None:
        found = self.anchors.get(event.anchor)
        if found is None:
            raise _Stop(Fault("unknown-anchor", self._span(event), event.anchor))
        self._refuse_as_key(event)
        node, size = found
        self._add(node, None, size)

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, size)
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        frame.size += size
        if frame.size > MAX_NODES:
            raise _Stop(Fault("too-many-nodes", node.span, str(MAX_NODES)))
        parent = frame.node
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif frame.key is None:
            assert isinstance(node, Scalar)
            frame.key = node
        else:
            self._entry(parent, frame.key, node)
            frame.key = None

    def _entry(self, parent: Mapping, key: Scalar, node: Node) -> None:
        name = key.text
        if name in parent.entries:
            first = parent.keys[name].span
            self.faults.append(Fault("duplicate-key", key.span, name, first))
            return
        parent.entries[name] = node
        parent.keys[name] = key

    def _span(self, event: yaml.Event) -> Span:
        start, end = _marks(event)
        return Span(self.file, Position(*start), Position(*end))


def _marks(event: Any) -> tuple[Mark, Mark]:
    start, end = event.start_mark, event.end_mark
    return (
        (start.line + 1, start.column + 1, start.index),
        (end.line + 1, end.column + 1, end.index),
    )


def _end(event: Any, node: Sequence | Mapping) -> Mark:
    """The end of a collection. A block collection ends with its last entry, not at the dedent."""
    end = event.end_mark
    if event.start_mark.index != end.index:
        return (end.line + 1, end.column + 1, end.index)
    last: Node | None = None
    if isinstance(node, Sequence):
        last = node.items[-1] if node.items else None
    elif node.entries:
        last = next(reversed(node.entries.values()))
    return node._start if last is None else last._end


def _syntax_fault(file: str, text: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(
        getattr(error, "problem", None) or getattr(error, "reason", None) or error
    )
    if mark is None:
        at = Position(1, 1, 0)
    else:
        at = Position(mark.line + 1, mark.column + 1, mark.index)
    code = "tab-indentation" if "'\\t'" in problem or _is_tab(text, at) else "syntax"
    return Fault(code, Span(file, at, at), problem)


def _is_tab(text: str, at: Position) -> bool:
    """Whether the line's indentation at the fault holds a tab, whatever the parser calls it."""
    lines = text[: at.offset + 200].split("\n")
    if at.line > len(lines):
        return False
    line = lines[at.line - 1]
    return "\t" in line[: len(line) - len(line.lstrip())]
