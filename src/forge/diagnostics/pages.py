"""The page of each rule: the docstring of the file that declares it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

_FAMILIES = ("forge.contracts.rules", "forge.checks")
"""Packages with a folder per family of rules."""
_TARGETS = "forge.targets"
"""The package whose folders may each hold a family `target/NAME` in `rules`."""


def page(name: str) -> str | None:
    """The page of the rule called `name`, in Markdown; `None` where there is none."""
    for found, file in _rules():
        if found == name:
            body = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
            return f"# {name}\n\n{body}\n"
    return None


def names() -> tuple[str, ...]:
    """The names of all rules, sorted."""
    return tuple(sorted({name for name, _ in _rules()}))


def _rules() -> Iterator[tuple[str, Traversable]]:
    """Every rule: its name and the file that declares it."""
    for package in _FAMILIES:
        for family in resources.files(package).iterdir():
            if family.is_dir() and not family.name.startswith("_"):
                yield from _family(family.name, family)
    for target in resources.files(_TARGETS).iterdir():
        rules = target / "rules"
        if target.is_dir() and rules.is_dir():
            yield from _family(f"target/{_spoken(target.name)}", rules)


def _family(name: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for file in folder.iterdir():
        stem, _, suffix = file.name.partition(".")
        if suffix == "py" and not stem.startswith("_"):
            yield f"{name}/{_spoken(stem)}", file


def _spoken(name: str) -> str:
    return name.replace("_", "-")
