"""Every place of a contract that holds text, derived from the tables of the language."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from forge.contracts.envelope import SHAPES, Kind
from forge.contracts.shapes import (
    Anything,
    Boolean,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Word,
)

Path_: TypeAlias = tuple[str | int, ...]
DOMAIN = Path(__file__).parent / "domain.yaml"


class Holds(StrEnum):
    """What the tables want at a place."""

    FREE = "free"
    """Any text, or any value."""
    NAMED = "named"
    """A text of a pattern."""
    CLOSED = "closed"
    """One of some words, a number or a boolean."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place: which contract, the way to it, and whether the text is a key."""

    contract: int
    path: Path_
    holds: Holds
    key: bool = False

    def __str__(self) -> str:
        kind, name = _head(self.contract)
        way = "/".join(map(str, self.path))
        return f"{kind}/{name}/{way}{' (key)' if self.key else ''}"


@cache
def contracts() -> tuple[dict[str, Any], ...]:
    """The domain that has one of everything."""
    return tuple(yaml.safe_load_all(DOMAIN.read_text("utf-8")))


def _head(number: int) -> tuple[str, str]:
    contract = contracts()[number]
    return contract["kind"].lower(), contract["metadata"]["name"]


def replaced(position: Position, text: str) -> list[dict[str, Any]]:
    """The domain with `text` at a position."""
    every = list(contracts())
    changed = every[position.contract] = deepcopy(every[position.contract])
    node: Any = changed
    for step in position.path[:-1]:
        node = node[step]
    last = position.path[-1]
    if position.key:
        entries = [(text if key == last else key, node[key]) for key in node]
        node.clear()
        node.update(entries)
    else:
        node[last] = text
    return every


@cache
def positions() -> tuple[Position, ...]:
    """Every position of the domain."""
    return tuple(p for n, c in enumerate(contracts()) for p in _positions(n, c))


def _positions(number: int, contract: dict[str, Any]) -> Iterator[Position]:
    for path, holds, key in _walk(contract, SHAPES[Kind(contract["kind"])], ()):
        yield Position(number, path, holds, key)


Found: TypeAlias = tuple[Path_, Holds, bool]


def _walk(value: Any, shape: Shape, path: Path_) -> Iterator[Found]:
    match shape:
        case Record():
            for key, item in value.items():
                known = shape.by_name.get(key)
                yield from _walk(
                    item, known.shape if known else Anything(), (*path, key)
                )
        case MapOf():
            for key, item in value.items():
                yield (*path, key), _text(shape.key), True
                yield from _walk(item, shape.value, (*path, key))
        case ListOf():
            for index, item in enumerate(value):
                yield from _walk(item, shape.item, (*path, index))
        case OneOf():
            yield from _walk(value, chosen(value, shape), path)
        case Text():
            yield path, _text(shape), False
        case Word() | Number() | Boolean():
            yield path, Holds.CLOSED, False
        case Anything():
            yield from _anything(value, path)


def _anything(value: Any, path: Path_) -> Iterator[Found]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), Holds.FREE, True
            yield from _anything(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _anything(item, (*path, index))
    else:
        yield path, Holds.FREE, False


def _text(shape: Text) -> Holds:
    return Holds.FREE if shape.pattern is None else Holds.NAMED


def chosen(value: Any, shape: OneOf) -> Shape:
    """The option that a value is of."""
    return next(option for option in shape.shapes if _is(value, option))


def _is(value: Any, shape: Shape) -> bool:
    match shape:
        case Record() | MapOf():
            return isinstance(value, dict)
        case ListOf():
            return isinstance(value, list)
        case Boolean():
            return isinstance(value, bool)
        case Number():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Text() | Word():
            return isinstance(value, str)
        case OneOf():
            return any(_is(value, option) for option in shape.shapes)
        case Anything():
            return True


def keys_without_value() -> set[str]:
    """Keys of the language that the domain leaves out: `record.key`, or a form of one."""
    met: set[str] = set()
    every: set[str] = set()
    for contract in contracts():
        _meet(contract, SHAPES[Kind(contract["kind"])], "", met)
    for shape in SHAPES.values():
        _all(shape, "", every)
    return {
        name for name in every - met if not name.endswith((" as Number", " as Boolean"))
    }


def _meet(value: Any, shape: Shape, name: str, met: set[str]) -> None:
    match shape:
        case Record():
            for key in shape.keys:
                if key.name in value:
                    met.add(f"{shape.what}.{key.name}")
                    _meet(value[key.name], key.shape, f"{shape.what}.{key.name}", met)
        case MapOf():
            for item in value.values():
                _meet(item, shape.value, name, met)
        case ListOf():
            for item in value:
                _meet(item, shape.item, name, met)
        case OneOf():
            option = chosen(value, shape)
            met.add(f"{name} as {type(option).__name__}")
            _meet(value, option, name, met)
        case _:
            pass


def _all(shape: Shape, name: str, every: set[str]) -> None:
    match shape:
        case Record():
            for key in shape.keys:
                every.add(f"{shape.what}.{key.name}")
                _all(key.shape, f"{shape.what}.{key.name}", every)
        case MapOf():
            _all(shape.value, name, every)
        case ListOf():
            _all(shape.item, name, every)
        case OneOf():
            for option in shape.shapes:
                every.add(f"{name} as {type(option).__name__}")
                _all(option, name, every)
        case _:
            pass
