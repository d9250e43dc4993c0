"""Parts of the output that an earlier run made from the same inputs.

A target stays a pure function: `memo(make, *inputs)` gives what `make(*inputs)` gives, with or
without a memory. A part is looked up by everything that it may depend on, which are its inputs, so
that `make` gets no more of an application than a slice of it.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar

from forge.cache import Cache
from forge.ir.application import Application, Route
from forge.ir.entities import Entity

Made = TypeVar("Made")
"""Texts, numbers, and tuples and dictionaries of them."""

_OWN = "forge."
"""Only our own code is known by the cache: a change of another's would go unnoticed."""


@dataclass(frozen=True, kw_only=True)
class Slice(Application):
    """One entity and what it has to do with, as an application of its own.

    `entity()` finds those that it refers to as well, without them being part of it.
    """

    others: tuple[Entity, ...] = ()

    @cached_property
    def _others(self) -> dict[str, Entity]:
        return {entity.fqn: entity for entity in self.others}

    def entity(self, fqn: str) -> Entity | None:
        """The entity of the slice, or one that it refers to."""
        return super().entity(fqn) or self._others.get(fqn)


def slices(app: Application) -> tuple[Slice, ...]:
    """A slice for each entity, with its routes and all infrastructure."""
    memory = _current.get()
    return _slices(app) if memory is None else memory.slices(app)


def _slices(app: Application) -> tuple[Slice, ...]:
    routes: dict[str, list[Route]] = {}
    for route in app.routes:
        routes.setdefault(route.entity, []).append(route)
    return tuple(
        Slice(
            domain=app.domain,
            entities=(entity,),
            routes=tuple(routes.get(entity.fqn, ())),
            infra=app.infra,
            others=_referred(app, entity),
        )
        for entity in app.entities
    )


def _referred(app: Application, entity: Entity) -> tuple[Entity, ...]:
    names = {f.reference.entity: None for f in entity.fields if f.reference is not None}
    names |= {key.entity: None for key in entity.foreign_keys}
    found = (app.entity(fqn) for fqn in names if fqn != entity.fqn)
    return tuple(other for other in found if other is not None)


class Memory:
    """What an earlier run made, and what this one makes."""

    def __init__(self, known: dict[bytes, bytes]) -> None:
        self._known = known
        self.used: dict[bytes, bytes] = {}
        self._digests: dict[int, tuple[object, bytes]] = {}
        self._slices: dict[int, tuple[Application, tuple[Slice, ...]]] = {}

    def slices(self, app: Application) -> tuple[Slice, ...]:
        """The slices of an application, made once so that each is looked at once."""
        if id(app) not in self._slices:
            self._slices[id(app)] = (app, _slices(app))
        return self._slices[id(app)][1]

    @property
    def changed(self) -> bool:
        """Whether the next run should know anything else than this one did."""
        stale = len(self._known) > 2 * len(self.used)
        return stale or not self.used.keys() <= self._known.keys()

    def recall(self, key: bytes, make: Callable[[], Made]) -> Made:
        """What was made under `key`."""
        blob = self._known.get(key)
        if blob is not None:
            self.used[key] = blob
            known: Made = marshal.loads(blob)
            return known
        made = make()
        self.used[key] = marshal.dumps(made)  # type: ignore[arg-type]
        return made

    def known_bytes(self, key: bytes) -> bytes | None:
        """What was kept under `key`, if anything was."""
        blob = self._known.get(key)
        if blob is not None:
            self.used[key] = blob
        return blob

    def digest(self, value: object) -> bytes:
        """What stands for a value and all that it is made of, places in contracts aside."""
        kind = type(value)
        if kind in (str, int, bool, type(None)):
            return repr(value).encode(errors="surrogatepass")
        if kind is list:
            return _joined(kind, map(self.digest, value))  # type: ignore[call-overload]
        known = self._digests.get(id(value))
        if known is None:
            # The value is kept, so that its id stays its own.
            known = self._digests[id(value)] = (value, self._digest(value))
        return known[1]

    def _digest(self, value: object) -> bytes:
        if type(value) is tuple:
            return _joined(tuple, map(self.digest, value))
        if isinstance(value, Application):
            parts = (self.digest(getattr(value, f.name)) for f in fields(value))
            return _joined(type(value), parts)
        return _hashed(repr(value))


_current: ContextVar[Memory | None] = ContextVar("memory", default=None)


def memo(make: Callable[..., Made], *inputs: Any) -> Made:
    """`make(*inputs)`, which depends on nothing but its inputs and gives plain values."""
    memory = _current.get()
    if memory is None or not make.__module__.startswith(_OWN):
        return make(*inputs)
    key = _hashed(f"{make.__module__}.{make.__qualname__}") + memory.digest(inputs)
    return memory.recall(_digest(key), lambda: make(*inputs))


def known_bytes(key: str) -> bytes | None:
    """The bytes that were kept under a key, if anybody remembers."""
    memory = _current.get()
    return None if memory is None else memory.known_bytes(_hashed(key))


def keep_bytes(key: str, data: bytes) -> None:
    """Keep bytes that follow from their key."""
    memory = _current.get()
    if memory is not None:
        memory.used[_hashed(key)] = data


def known_text(key: str) -> str | None:
    """The text that was kept under a key, if anybody remembers."""
    data = known_bytes(key)
    return None if data is None else data.decode()


def keep_text(key: str, text: str) -> None:
    """Keep a text that follows from its key."""
    keep_bytes(key, text.encode())


@contextmanager
def remembering(cache: Cache | None, name: str) -> Iterator[None]:
    """Remember what is made in the block, for the next run under this name."""
    if cache is None:
        yield
        return
    memory = Memory(cache.read(name))
    token = _current.set(memory)
    try:
        yield
    finally:
        _current.reset(token)
    if memory.changed:
        cache.write(name, memory.used)


def _hashed(text: str) -> bytes:
    return _digest(text.encode(errors="surrogatepass"))


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=20).digest()


def _joined(kind: type, parts: Iterator[bytes]) -> bytes:
    # The lengths keep the parts apart, which are digests or short texts.
    return _digest(
        b"".join([kind.__name__.encode(), *(b"%d:%b" % (len(p), p) for p in parts)])
    )
