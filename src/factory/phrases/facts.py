"""What a clause says: facts that know the stretch of text that they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from factory.phrases.tokens import Tokens

Stretch: TypeAlias = tuple[int, int]
"""Start and end in the text."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase: the name it comes to, and what stands before it."""

    name: str
    start: int
    end: int
    plural: bool = False
    many: bool = False
    """`many`, `several`, `one or more`: more than one for each."""
    singled: bool = False
    """`a`, `one`, `exactly one`: one for each."""
    prefix: str = ""
    """Words before a name that is known: `parent` of `parent category`."""
    other: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """What the whole is called."""

    name: str
    at: Stretch


@dataclass(frozen=True, slots=True)
class Thing:
    """Records of a kind exist."""

    name: str
    at: Stretch


@dataclass(frozen=True, slots=True)
class Field:
    """Records of a thing have a value. Of `keys` only what is said; the rest follows from names."""

    thing: str
    name: str
    keys: dict[str, Any]
    at: Stretch
    stated: bool = False
    """Whether it is said of a value that may be known: `the email is unique`."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A record of `source` refers to one of `target`."""

    source: str
    target: str
    edge: str
    required: bool
    at: Stretch
    prefix: str = ""
    many: bool = False
    """Both sides may have many: an entity of its own joins them."""
    role: str = ""
    """What the other is to this one: `manager`, where records of one thing refer to each other."""
    owns: bool = False
    """Said from the other side: `a customer has many orders`."""


@dataclass(frozen=True, slots=True)
class Life:
    """States of a thing and the steps between them; `ANY` stands for every state."""

    thing: str
    states: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    at: Stretch


@dataclass(frozen=True, slots=True)
class Numbering:
    """Records of a thing are numbered with a prefix."""

    thing: str
    prefix: str
    at: Stretch


Fact: TypeAlias = Domain | Thing | Field | Relation | Life | Numbering
ANY = "*"


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule made of a clause."""

    facts: tuple[Fact, ...]
    left: tuple[Tokens, ...] = ()
    """What it could not read."""
    subject: tuple[str, ...] = ()
    """What `they` are in the next clause."""
    object: tuple[str, ...] = ()
    """What `them` are in the next clause."""


@dataclass(slots=True)
class Context:
    """What is known while clauses are read one after the other."""

    things: set[str]
    """Names of things, in the singular."""
    subject: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    life: str = ""
    """The thing whose steps were told last."""
    states: dict[str, set[str]] = field(default_factory=dict)
    """By thing, the states that are told so far."""
    wished: set[str] = field(default_factory=set)
    """Names that verbs gave to things, which the next reading knows."""


def stretch(tokens: Tokens) -> Stretch:
    """From the first to the last of some tokens."""
    return tokens[0].start, tokens[-1].end
