"""What a target is and what it returns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from forge.diagnostics import Diagnostic
from forge.ir.application import Application
from forge.ir.origin import Origin


class Ownership(StrEnum):
    """Who a file belongs to after it was written."""

    GENERATED = "generated"
    """Rewritten by every run. An edit by hand is refused, not lost."""

    SCAFFOLD = "scaffold"
    """Written once, then the author's."""


@dataclass(frozen=True, slots=True)
class File:
    """One generated file. `path` is relative, with forward slashes."""

    path: str
    content: str
    sources: tuple[Origin, ...] = ()
    """The contracts that the file follows from."""
    ownership: Ownership = Ownership.GENERATED
    target: str = ""
    """Name of the target that made it; given when targets are run together."""
    is_formatted: bool = False
    """Whether it is copied from code of ours, which is formatted as it stands."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The files of one target and what it has to say about them. Iterating yields the files."""

    files: tuple[File, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def __iter__(self) -> Iterator[File]:
        return iter(self.files)


class Target(Protocol):
    """Something that the IR can be turned into. A pure function with a name.

    A target whose files are of no use without those of others names them in `includes`.
    """

    @property
    def name(self) -> str: ...

    @property
    def summary(self) -> str: ...

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The files for `ir`, not yet formatted. Same IR, same result."""
        ...
