"""Stubs for the functions that contracts name and nobody wrote yet.

A stub is written once. What a file holds already is never touched: new functions are
added behind its last byte.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forge.checks.behaviors import Use
from forge.emit import Code, File, Templates
from forge.emit.formatting import format_files
from forge.emit.literals import doc, name
from forge.ir.behaviors import FOLDER
from forge.ir.handlers import Signature

_TEMPLATES = Templates("specora.stubs")
_PLACES = {
    "Context": "backend.context",
    "Record": "backend.runtime.entity",
    "Decimal": "decimal",
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
    "time": "datetime",
    "timedelta": "datetime",
}
"""Where the types of every domain are defined; any other is a model."""
_SHARED = "functions"
"""The module of what expressions about several entities call."""
_MODELS = "backend.models"
_BUILT_IN = frozenset({
    *("bool", "float", "int", "list", "object", "str", "None"),
    *("list[object]", "dict[str, object]"),
})  # fmt: skip
_WHOLE = {"list": "list[Record]"}
"""Types as they are written, where they have arguments."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a stub."""

    name: Code
    type: Code


@dataclass(frozen=True, slots=True)
class Import:
    """Names from one module."""

    name: Code
    names: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """One stub."""

    name: Code
    parameters: tuple[Parameter, ...]
    returns: Code
    doc: Code
    is_async: bool


@dataclass(frozen=True, slots=True)
class Stubs:
    """What is added to one file."""

    path: Path
    module: str
    names: tuple[str, ...]
    imports: tuple[Import, ...]
    needs_typing: bool
    functions: tuple[Function, ...]

    def text(self, present: str | None) -> str:
        """The whole file, which begins with what it holds at `present`."""
        if present is None:
            return _formatted(_TEMPLATES.render("module.py.jinja", plan=self))
        added = _formatted(_TEMPLATES.render("functions.py.jinja", plan=self))
        end = "\r\n" if "\r\n" in present else "\n"
        gap = "" if not present or present.endswith("\n") else "\n"
        space = "\n\n" if present.strip() else ""
        return present + (gap + space + added.lstrip("\n")).replace("\n", end)


def plan_stubs(domain: Path, missing: Iterable[Use]) -> tuple[Stubs, ...]:
    """What to add for functions that are missing, by file."""
    every = tuple(missing)
    named = {(use.name, use.entity) for use in every if not use.signature.is_async}
    counts = Counter(name for name, _ in named)
    by_module: dict[str, dict[str, Use]] = {}
    for use in every:
        shared = not use.signature.is_async and counts[use.name] > 1
        module = _SHARED if shared else use.entity
        by_module.setdefault(module, {}).setdefault(use.name, use)
    return tuple(
        _stubs(domain / FOLDER / f"{module}.py", module, tuple(found.values()))
        for module, found in sorted(by_module.items())
    )


def read(path: Path) -> str | None:
    """The text of a file with every byte as it is; `None` where there is no file."""
    return path.read_bytes().decode("utf-8") if path.is_file() else None


def write(stubs: Stubs) -> None:
    """Write the file: all that it held, then what is new."""
    text = stubs.text(read(stubs.path))
    stubs.path.parent.mkdir(parents=True, exist_ok=True)
    temporary = stubs.path.with_name(f".{stubs.path.name}.tmp")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        temporary.replace(stubs.path)
    finally:
        temporary.unlink(missing_ok=True)


def _stubs(path: Path, module: str, uses: tuple[Use, ...]) -> Stubs:
    known, quoted = _known(read(path) or "", is_new=not path.is_file())
    types = {t for use in uses for t in _types(use.signature)} - known
    modules: dict[str, set[str]] = {}
    for one in types:
        modules.setdefault(_PLACES.get(one, _MODELS), set()).add(one)
    return Stubs(
        path,
        module,
        tuple(use.name for use in uses),
        tuple(
            Import(Code(place), tuple(name(n) for n in sorted(names)))
            for place, names in sorted(modules.items())
        ),
        "TYPE_CHECKING" not in known,
        tuple(_function(use, quoted) for use in uses),
    )


def _function(use: Use, quoted: bool) -> Function:
    def shown(type: str) -> Code:
        text = _WHOLE.get(type, type)
        return Code(f'"{text}"' if quoted and type != "None" else text)

    signature = use.signature
    return Function(
        name(use.name),
        tuple(Parameter(name(a.name), shown(a.types[0])) for a in signature.arguments),
        shown(signature.returns[0]),
        doc(f"Not written yet: answers 501 until it is. Asked for by {use.asked_by}."),
        signature.is_async,
    )


def _types(signature: Signature) -> Iterator[str]:
    first = (*(a.types[0] for a in signature.arguments), signature.returns[0])
    for one in first:
        if one == "list":
            yield "Record"
        elif one not in _BUILT_IN:
            yield one


def _known(text: str, *, is_new: bool) -> tuple[set[str], bool]:
    """The names that a file imports, and whether it evaluates annotations at once."""
    found: set[str] = set()
    tree = ast.parse(text.removeprefix("\ufeff"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name for one in node.names}
    return found, not (is_new or "annotations" in found)


def _formatted(text: str) -> str:
    (file,) = format_files([File("stubs.py", text)])
    return file.content
