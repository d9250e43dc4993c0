"""Declarations as the Python source that makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from forge.emit import Code
from forge.emit.literals import name, py
from forge.targets.tests.kit.declarations import Marker


class _Argument(NamedTuple):
    """A parameter of a declaration, and when it is left out."""

    name: str
    keyword: bool
    default: Any


_text = cache(py)
"""Names recur in every declaration."""

Used: TypeAlias = Callable[[str], object]
"""Told the name of every class that is printed."""


_known: dict[type, tuple[_Argument, ...]] = {}


def _arguments(declaration: type) -> tuple[_Argument, ...]:
    found = _known.get(declaration)
    if found is None:
        found = _known[declaration] = tuple(_parameters(declaration))
    return found


def _parameters(declaration: type) -> Iterator[_Argument]:
    return (
        _Argument(
            name(one.name),
            bool(one.kw_only),
            one.default_factory()
            if one.default_factory is not MISSING
            else one.default,
        )
        for one in fields(declaration)
        if one.init
    )


def printed(value: Any, used: Used) -> Code:
    """Source of a declaration, or of a plain value inside one."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Marker):
        used(value.name)
        return name(value.name)
    if hasattr(value, "__dataclass_fields__"):
        return call(value, used)
    if isinstance(value, tuple):
        inner = ", ".join(printed(item, used) for item in value)
        return Code(f"({inner},)" if len(value) == 1 else f"({inner})")
    if isinstance(value, Mapping):
        pairs = (f"{printed(k, used)}: {printed(v, used)}" for k, v in value.items())
        return Code(f"{{{', '.join(pairs)}}}")
    return py(value)


def call(declaration: Any, used: Used) -> Code:
    """The call that makes a declaration, without what is the default."""
    kind = type(declaration)
    used(kind.__name__)
    given = [
        f"{name}={printed(value, used)}" if keyword else printed(value, used)
        for name, keyword, default in _arguments(kind)
        if (value := getattr(declaration, name)) is not default
        and (
            value != default or isinstance(value, bool) is not isinstance(default, bool)
        )
    ]
    return Code(f"{name(kind.__name__)}({', '.join(given)})")
