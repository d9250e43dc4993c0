"""What a value in a contract may look like, as data.

The same tables check contracts, export JSON Schemas, complete in editors and print the reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from forge.diagnostics import Rule


@dataclass(frozen=True, slots=True)
class Text:
    """A text. `what` names it in messages."""

    what: str = "text"
    pattern: str | None = None
    """A regular expression for the whole text."""
    example: str = ""
    rule: Rule | None = None
    """The rule that reports a mismatch; a general one where there is none."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of a closed set of words."""

    what: str
    words: tuple[str, ...]
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds; `integer` for whole ones."""

    integer: bool = False
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value. What it has to be follows from elsewhere, or is free."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; `unique` refuses repeated texts."""

    item: Shape
    minimum: int = 0
    unique: bool = False


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from names of a kind to values of a shape."""

    value: Shape
    key: Text = Text()
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record."""

    name: str
    shape: Shape
    doc: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys; any other key is a fault unless `open`."""

    what: str
    keys: tuple[Key, ...]
    open: bool = False
    by_name: dict[str, Key] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of any of several shapes that differ in their YAML kind."""

    shapes: tuple[Shape, ...]


Shape: TypeAlias = (
    Text | Word | Boolean | Number | Anything | ListOf | MapOf | Record | OneOf
)

SNAKE = r"[a-z][a-z0-9_]*"
FQN = re.compile(rf"([a-z]+)/({SNAKE})/({SNAKE})\Z")
KINDS = ("entity", "workflow", "route", "page", "agent", "mixin", "infra")
"""The kinds as they stand in an FQN."""
