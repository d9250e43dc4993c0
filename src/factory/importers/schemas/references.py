"""`$ref`: to another place of the document, to another file of the source, or by `$id`.

Nothing outside of the source is ever fetched: what it does not hold leads nowhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin

from factory.importers.documents import Document

MAX_STEPS = 30
_FILES = "file:///"
"""What the files of the source are below, so that they are addressed like everything else."""
_REFERENCES = ("$ref", "$recursiveRef", "$dynamicRef")
_ANCHORS = ("$anchor", "$dynamicAnchor")
_OLD = ("draft-03", "draft-04")
_MARKS = frozenset({"type", "properties", "definitions", "items", "allOf", "enum"})
"""Keys beside which a text `id` is the identifier of a schema."""


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a schema stands: its document, and the part of it that has an address of its own."""

    document: Document
    root: Any
    address: str


class References:
    """Looks references up."""

    def __init__(self, main: Document, others: Iterable[Document] = ()) -> None:
        self._resources: dict[str, _Home] = {}
        self._anchors: dict[tuple[str, str], Any] = {}
        self._homes: dict[int, _Home] = {}
        self._endings: dict[str, list[_Home]] = {}
        self._main = self._add(main)
        for document in others:
            if document is not main:
                self._add(document)

    def resolve(self, value: Any) -> Any:
        """What a value refers to in the end; itself where it is no reference, `None` for a
        reference that leads nowhere or round in a circle."""
        for step in self.steps(value):
            value = step
        return None if reference_in(value) else value

    def steps(self, value: Any) -> Iterator[Any]:
        """What a value refers to, what that refers to, and so on."""
        for _ in range(MAX_STEPS):
            reference = reference_in(value)
            if not reference:
                return
            value = self._step(self._homes.get(id(value), self._main), reference)
            yield value

    def _add(self, document: Document) -> _Home:
        """Register a document, and all in it that has an address."""
        address = _address(document)
        home = _Home(document, document.value, address)
        self._resources.setdefault(address, home)
        name = posixpath.basename(document.name.removesuffix(".gz"))
        for ending in {name, name.partition(".")[0]}:
            self._endings.setdefault(ending, []).append(home)
        old = _is_old(document.value)
        waiting = [(value, home) for value in members_of([document.value])]
        seen: set[int] = set()
        while waiting:
            value, home = waiting.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value, dict):
                home = self._identified(value, home, old)
                if reference_in(value):
                    self._homes[id(value)] = home
            waiting += ((v, home) for v in members_of(value))
        return self._resources[address]

    def _identified(self, value: dict[str, Any], home: _Home, old: bool) -> _Home:
        """The home of what is inside of a schema, after its own address."""
        own = value.get("$id")
        if own is None and old and not _MARKS.isdisjoint(value):
            own = value.get("id")
        if isinstance(own, str) and own:
            url, anchor = _joined(home.address, own)
            if anchor:
                self._anchors.setdefault((url, anchor), value)
            if url != home.address:
                home = _Home(home.document, value, url)
                self._resources.setdefault(url, home)
        for key in _ANCHORS:
            if isinstance(value.get(key), str):
                self._anchors.setdefault((home.address, value[key]), value)
        return home

    def _step(self, here: _Home, reference: str) -> Any:
        url, fragment = _joined(here.address, reference)
        if reference.startswith("#"):
            # Pointers count from the part with an address, or, as many write, from the top.
            found = _at(here.root, fragment)
            top = here.document.value
            return self._anchors.get(
                (url, fragment), found if found is not None else _at(top, fragment)
            )
        home = self._resources.get(url) or self._file(here, reference, url)
        if home is None:
            return None
        return self._anchors.get((home.address, fragment), _at(home.root, fragment))

    def _file(self, here: _Home, reference: str, url: str) -> _Home | None:
        """A file beside the one that refers, or the only one with the name that is asked for."""
        beside, _ = _joined(_address(here.document), reference)
        ending = unquote(url.rpartition("/")[2])
        named = self._endings.get(ending) or self._endings.get(ending.partition(".")[0])
        return self._resources.get(beside) or (
            named[0] if named and len(named) == 1 else None
        )


def members_of(value: Any) -> list[Any]:
    """The objects and lists directly inside of one."""
    inside = value.values() if isinstance(value, dict) else value
    return [v for v in inside if isinstance(v, dict | list)]


def reference_in(value: Any) -> str:
    """The text of a reference; empty where a value is none."""
    if isinstance(value, dict):
        for key in _REFERENCES:
            if isinstance(value.get(key), str):
                return str(value[key])
    return ""


def _address(document: Document) -> str:
    name = posixpath.normpath(document.name.removesuffix(".gz"))
    return urljoin(_FILES, quote(name))


def _is_old(value: Any) -> bool:
    dialect = value.get("$schema") if isinstance(value, dict) else None
    return isinstance(dialect, str) and any(one in dialect for one in _OLD)


def _joined(base: str, reference: str) -> tuple[str, str]:
    """A reference as an address and the place in what is there."""
    try:
        url, fragment = urldefrag(urljoin(base, reference))
    except ValueError:
        return reference, ""
    return url, unquote(fragment)


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
