"""What a module of types declares, and the names in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forge.emit import Code
from forge.emit.literals import name, ts

WIDTH = 80
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z", re.ASCII)
_TAG = re.compile(r"(?<![\w.])@")


@dataclass(frozen=True, slots=True)
class Property:
    """One member of an interface."""

    key: Code
    type: Code
    optional: bool
    doc: str


@dataclass(frozen=True, slots=True)
class Interface:
    """An object type."""

    name: Code
    doc: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """A type with a fixed set of values."""

    name: Code
    doc: str
    members: tuple[Code, ...]

    @property
    def inline(self) -> bool:
        """Whether it fits on one line."""
        return len(f"export type {self.name} = {' | '.join(self.members)};") <= WIDTH


@dataclass(slots=True)
class Names:
    """The names of the module, each given once."""

    taken: set[str] = field(default_factory=set)

    def claim(self, *wanted: str) -> Code:
        """The first of `wanted` that is free, else the last of them with a number."""
        number = 2
        free = next((w for w in wanted if w not in self.taken), "")
        while not free:
            numbered = f"{wanted[-1]}{number}"
            free = "" if numbered in self.taken else numbered
            number += 1
        self.taken.add(free)
        return name(free)


def key(text: str) -> Code:
    """A name as the key of an object."""
    return Code(text) if _IDENTIFIER.match(text) else ts(text)


def doc(text: str) -> str:
    r"""A description in which no word is a tag of TSDoc.

    >>> doc("mail me@example.org\n@deprecated")
    'mail me@example.org \\@deprecated'
    """
    return _TAG.sub(r"\\@", " ".join(text.split())) if text else ""
