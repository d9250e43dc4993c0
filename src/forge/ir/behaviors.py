"""Code of the domain's authors, as far as contracts have to do with it: names and signatures.

It is parsed, never imported or run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute

from forge.ir.origin import NOWHERE
from forge.source import Span

FOLDER = "behaviors"
STEPS = ("create", "update", "delete", "restore", "transition")
_GIVEN_WHOLE = ("delete", "restore")
"""Steps that store no values, so that both hooks are given the record."""
HOOKS = tuple(f"{moment}_{step}" for step in STEPS for moment in ("before", "after"))
"""The functions of `behaviors/<entity>.py` that run around writes."""
CONTEXT = "Context"
RECORDS = ("Record", "dict", "Mapping", "MutableMapping")
"""How an annotation may call a record."""


def stores(hook: str) -> bool:
    """Whether a hook returns what is stored."""
    moment, _, step = hook.partition("_")
    return moment == "before" and step not in _GIVEN_WHOLE


@dataclass(frozen=True, slots=True)
class Annotation:
    """The names that an annotation allows, each by its last step, as it was imported."""

    names: tuple[str, ...]
    known: bool = True
    """Whether each name is built in or from the generated backend, so that it says the type."""

    def allows(self, legal: Iterable[str]) -> bool:
        """Whether it can stand for one of `legal`, as far as can be told."""
        every = {*legal, "Any", "object"}
        return not self.known or all(name in every for name in self.names)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A positional parameter."""

    name: str
    annotation: Annotation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function at the top level of a module."""

    name: str
    module: str
    is_async: bool
    parameters: tuple[Parameter, ...]
    required: int
    """How many of the parameters have no default."""
    extra: str = ""
    """A parameter that nothing fills: one by keyword alone without a default."""
    variadic: bool = False
    returns: Annotation | None = None
    span: Span = attribute(default=NOWHERE, compare=False, repr=False)

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        enough = self.required <= count
        return enough and (self.variadic or count <= len(self.parameters))


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file below `behaviors/`."""

    name: str
    """With dots for folders."""
    file: str
    functions: tuple[Function, ...] = ()
    fault: str = ""
    """Why it could not be read; empty where it could."""
    place: Span = attribute(default=NOWHERE, compare=False, repr=False)
    """Of the fault."""

    def function(self, name: str) -> Function | None:
        """The function called `name`; the last where there are several, as in Python."""
        return next((f for f in reversed(self.functions) if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Behaviors:
    """What stands below `behaviors/`."""

    modules: tuple[Module, ...] = ()
    """Sorted by name."""
    files: tuple[tuple[str, str], ...] = attribute(default=(), repr=False)
    """Path below the folder and text of each file, to be taken along as it is."""

    def module(self, name: str) -> Module | None:
        """The module called `name`."""
        return next((m for m in self.modules if m.name == name), None)

    def find(self, name: str, entity: str) -> tuple[Function, ...]:
        """What a contract means by `name` in a matter of `entity`.

        That is the function of `behaviors/<entity>.py`, or else the one function of that
        name in any module. Several are ambiguous.
        """
        own = self.module(entity)
        function = own.function(name) if own else None
        if function is not None:
            return (function,)
        every = (m.function(name) for m in self.modules)
        return tuple(f for f in every if f is not None)
