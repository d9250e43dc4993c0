"""From a PATH argument to the domains it means."""

from __future__ import annotations

import re
from pathlib import Path

import click

from forge.contracts.shapes import SNAKE
from forge.editing.folders import holds_kinds
from forge.parser.loader import contract_files

domain_option = click.option(
    "--domain",
    "-d",
    required=True,
    callback=lambda _context, _parameter, value: domain_name(value),
    help="Name of the domain.",
)
path_argument = click.argument("path", required=False, type=click.Path(path_type=Path))


def domain_name(value: str) -> str:
    """A name that a domain may have."""
    if not re.fullmatch(SNAKE, value):
        raise click.BadParameter(f"`{value}` is no name in snake_case")
    return value


def domains_of(path: Path | None) -> list[Path]:
    """The folders to compile, each a domain.

    Without a path it is the project's `domains/`, or the working directory. A folder whose
    subfolders are domains stands for all of them.
    """
    if path is None:
        path = Path("domains") if Path("domains").is_dir() else Path()
    if not path.is_dir() or any(
        p.name.endswith(".contract.yaml") for p in path.iterdir()
    ):
        return [path]
    inner = path / "domains"
    if inner.is_dir() and not holds_kinds(path):
        path = inner
    if holds_kinds(path):
        return [path]
    found = [p for p in sorted(path.iterdir()) if p.is_dir() and contract_files(p)]
    return found or [path]
