"""Python source of declarations, put together from literals and checked names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forge.emit import Code
from forge.emit.literals import name

_DIGITS = re.compile(r"(\d+)")


def call(function: str, /, *arguments: Code, **named: Code | None) -> Code:
    """A call; what is `None` is left out.

    >>> str(call("Field", name=Code('"id"'), required=None))
    'Field(name="id")'
    """
    given = [*arguments]
    given += [
        Code(f"{name(key)}={value}")
        for key, value in named.items()
        if value is not None
    ]
    return Code(f"{name(function)}({', '.join(given)})")


def member(owner: str, attribute: str) -> Code:
    """An attribute of a name: `Type.UUID`."""
    return Code(f"{name(owner)}.{name(attribute)}")


def subscript(generic: str, *arguments: Code) -> Code:
    """A type with arguments: `list[Text]`."""
    return Code(f"{name(generic)}[{', '.join(arguments)}]")


def sequence(items: Iterable[Code]) -> Code:
    """A tuple.

    >>> str(sequence([Code("A")])), str(sequence([Code("A"), Code("B")]))
    ('(A,)', '(A, B)')
    """
    every = tuple(items)
    return Code(f"({', '.join(every)}{',' if len(every) == 1 else ''})")


def flag(value: bool) -> Code | None:
    """`True`, or nothing for what is false by default."""
    return Code("True") if value else None


@dataclass(slots=True)
class Imports:
    """The names that a module imports, each noted where a plan uses it."""

    _modules: dict[str, set[str]] = field(default_factory=dict)

    def use(self, module: str, imported: str) -> str:
        """Note `from module import imported` and return what was imported."""
        self._modules.setdefault(module, set()).add(imported)
        return imported

    def of(self, *modules: str) -> tuple[Import, ...]:
        """The imports from `modules`, in the order given, of those that are used.

        What is imported under another name stands on a line of its own, as linters have it.
        """
        return tuple(
            Import(Code(module), tuple(map(Code, line)))
            for module in modules
            for line in _lines(self._modules.get(module, ()))
        )


@dataclass(frozen=True, slots=True)
class Import:
    """One `from module import names`."""

    module: Code
    names: tuple[Code, ...]


def _lines(names: Iterable[str]) -> Iterator[list[str]]:
    """What stands on each line of the imports from one module."""
    ordered = sorted(names, key=import_order)
    yield from ([one] for one in ordered if " as " in one)
    plain = [one for one in ordered if " as " not in one]
    if plain:
        yield plain


def import_order(imported: str) -> tuple[int, list[tuple[int, int, str]], str]:
    """The order that the linter keeps: constants, classes, the rest, each in natural order."""
    kind = (
        0
        if len(imported) > 1 and imported.isupper()
        else 1
        if imported[:1].isupper()
        else 2
    )
    return kind, natural(imported.lower()), imported


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key by which `item_2` comes before `item_10`."""
    return [
        (0, int(part), part) if part.isdigit() else (1, 0, part)
        for part in _DIGITS.split(text)
        if part
    ]
