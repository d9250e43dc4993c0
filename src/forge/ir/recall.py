"""Contracts that an earlier run read and lowered, by the digest of their text.

Only what was found free of faults of form is kept, and each contract for itself: passes and rules
look at all of them in every run.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

from forge.contracts.envelope import Contract
from forge.ir import origin
from forge.source import Document, SourceFile

Value = TypeVar("Value")

_PARTS = ("kind", "name", "domain", "requires", "facts")
_OWN = "forge."
"""Nothing outside of these modules is ever brought to life."""


class Recall:
    """What is known from earlier runs, and what this one adds."""

    def __init__(self, known: dict[bytes, bytes]) -> None:
        self._known = known
        self._used: dict[str, _Kept] = {}
        """By file."""

    def contract(self, source: SourceFile) -> Contract | None:
        """The contract in a file, where this very text was read before."""
        digest = _digest(source)
        blob = self._known.get(digest)
        if blob is None or source.text is None:
            return None
        document = Document(source.name, None, source.text)
        parts, value = _Reader(blob, document).load()
        contract = Contract(document=document, file=source.name, **parts)
        self._used[source.name] = _Kept(
            digest, contract, value, blob, len(contract.facts)
        )
        return contract

    def note(self, source: SourceFile, contract: Contract) -> None:
        """Keep a contract that is free of faults of form."""
        self._used[source.name] = _Kept(_digest(source), contract, None, None, 0)

    def lowered(self, contract: Contract, lower: Callable[[Contract], Value]) -> Value:
        """What `lower` makes of a contract."""
        kept = self._used.get(contract.file)
        if kept is None or kept.contract is not contract:
            return lower(contract)
        if kept.value is None:
            kept.value = lower(contract)
        value: Value = kept.value
        return value

    @property
    def changed(self) -> bool:
        """Whether the next run should know anything else than this one did."""
        stale = len(self._known) > 2 * len(self._used)
        return stale or any(kept.is_new for kept in self._used.values())

    def everything(self) -> dict[bytes, bytes]:
        """All that this run looked at, to be known by the next."""
        return {kept.digest: kept.blob() for kept in self._used.values()}


class _Kept:
    __slots__ = ("_blob", "_facts", "contract", "digest", "value")

    def __init__(
        self,
        digest: bytes,
        contract: Contract,
        value: Any,
        blob: bytes | None,
        facts: int,
    ) -> None:
        self.digest = digest
        self.contract = contract
        self.value = value
        self._blob = blob
        self._facts = facts

    @property
    def is_new(self) -> bool:
        """Whether it says more than what was read."""
        return self._blob is None or len(self.contract.facts) != self._facts

    def blob(self) -> bytes:
        """As it is kept."""
        if self._blob is not None and not self.is_new:
            return self._blob
        c = self.contract
        parts = {name: getattr(c, name) for name in _PARTS}
        return pickle.dumps((parts, self.value), pickle.HIGHEST_PROTOCOL)


class _Reader(pickle.Unpickler):
    def __init__(self, blob: bytes, document: Document) -> None:
        super().__init__(io.BytesIO(blob))
        self._origin = partial(origin.stored_origin, document=document)

    def find_class(self, module: str, name: str) -> Any:
        if name == origin.stored_origin.__name__:
            return self._origin
        return _class(module, name)


_CLASSES: dict[tuple[str, str], Any] = {}


def _class(module: str, name: str) -> Any:
    known = _CLASSES.get((module, name))
    if known is None:
        if not module.startswith(_OWN):
            raise pickle.UnpicklingError(f"{module}.{name} is none of ours")
        source = __import__(module, fromlist=[name])
        known = _CLASSES[module, name] = getattr(source, name)
        if (
            isinstance(known, type)
            and is_dataclass(known)
            and "__slots__" in vars(known)
        ):
            # The generated method asks for the names of all fields at every value.
            type.__setattr__(known, "__setstate__", _restoring(known))
    return known


def _restoring(kind: Any) -> Callable[[Any, list[Any]], None]:
    """What fills a frozen value with the state that its class gave, by its slots alone."""
    setters = [getattr(kind, one.name).__set__ for one in fields(kind)]

    def restore(self: Any, state: list[Any]) -> None:
        for store, value in zip(setters, state, strict=True):
            store(self, value)

    return restore


def _digest(source: SourceFile) -> bytes:
    text = f"{source.name}\0{source.text}"
    return blake2b(text.encode(errors="surrogatepass"), digest_size=20).digest()
