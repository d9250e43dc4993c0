"""What the language says about a path into a contract: shapes, and keys with their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forge.contracts.envelope import ENVELOPE_KEYS, SHAPES, Kind
from forge.contracts.rules.contract import bad_fqn
from forge.contracts.shapes import KINDS, Key, ListOf, MapOf, OneOf, Record, Shape, Text
from forge.editing.spots import Path, Step

_ENVELOPE = Record("a contract", ENVELOPE_KEYS)


def shapes_at(kind: Kind | None, path: Path) -> tuple[Shape, ...]:
    """The shapes that a value at `path` may have; none where the language says nothing."""
    shapes: tuple[Shape, ...] = (SHAPES[kind] if kind else _ENVELOPE,)
    for step in path:
        shapes = tuple(_inner(_flat(shapes), step))
    return tuple(_flat(shapes))


def key_at(kind: Kind | None, path: Path) -> Key | None:
    """The key that a path ends with, where it is one of the language."""
    if not path or not isinstance(path[-1], str):
        return None
    name = path[-1]
    for shape in shapes_at(kind, path[:-1]):
        if isinstance(shape, Record) and name in shape.by_name:
            return shape.by_name[name]
    return None


def named_kinds(shape: Shape) -> tuple[str, ...]:
    """The kinds of contract that a text of this shape names, as they stand in FQNs."""
    if not isinstance(shape, Text) or shape.rule is not bad_fqn.RULE:
        return ()
    head = (shape.pattern or "").partition("/")[0]
    return (head,) if head in KINDS else KINDS


def fqn_paths(kind: Kind) -> Iterator[tuple[Step, ...]]:
    """The paths at which contracts of a kind name others; `*` stands for any key or item."""
    yield from _fqn_paths(SHAPES[kind], ())


def _fqn_paths(shape: Shape, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    match shape:
        case Text():
            if named_kinds(shape):
                yield path
        case Record():
            for key in shape.keys:
                yield from _fqn_paths(key.shape, (*path, key.name))
        case ListOf(item=inner) | MapOf(value=inner):
            yield from _fqn_paths(inner, (*path, "*"))
        case OneOf():
            for option in shape.shapes:
                yield from _fqn_paths(option, path)


def _flat(shapes: Iterable[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, OneOf):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _inner(shapes: Iterable[Shape], step: Step) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, ListOf) and isinstance(step, int):
            yield shape.item
        elif isinstance(step, str):
            if isinstance(shape, MapOf):
                yield shape.value
            elif isinstance(shape, Record) and step in shape.by_name:
                yield shape.by_name[step].shape
