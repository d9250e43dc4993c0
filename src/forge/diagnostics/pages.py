"""The page of each rule: the docstring of the file that declares it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

_PACKAGES = ("forge.contracts.rules", "forge.checks")


def page(name: str) -> str | None:
    """The page of the rule called `name`, in Markdown; `None` where there is no such rule."""
    family, _, fault = name.partition("/")
    file_name = f"{fault.replace('-', '_')}.py"
    if not (family.isidentifier() and fault.replace("-", "_").isidentifier()):
        return None
    for package in _PACKAGES:
        file = resources.files(package) / family / file_name
        if file.is_file():
            body = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
            return f"# {name}\n\n{body}\n"
    return None


def names() -> tuple[str, ...]:
    """The names of all rules, sorted."""
    return tuple(
        sorted({n for package in _PACKAGES for n in _names(resources.files(package))})
    )


def _names(root: Traversable) -> Iterator[str]:
    for family in root.iterdir():
        if family.is_dir() and not family.name.startswith("_"):
            for file in family.iterdir():
                stem, _, suffix = file.name.partition(".")
                if suffix == "py" and not stem.startswith("_"):
                    yield f"{family.name}/{stem.replace('_', '-')}"
