"""Which folder is a domain."""

from __future__ import annotations

from pathlib import Path

from forge.contracts.envelope import Kind

FOLDERS = {
    "entities": Kind.ENTITY, "workflows": Kind.WORKFLOW, "routes": Kind.ROUTE,
    "pages": Kind.PAGE, "agents": Kind.AGENT, "mixins": Kind.MIXIN, "infra": Kind.INFRA,
}  # fmt: skip
"""The folders of a domain, each for contracts of one kind."""
PROJECT = "domains"
"""The folder of a project that holds its domains."""


def holds_kinds(path: Path) -> bool:
    """Whether a folder looks like one domain: it has a subfolder for a kind of contract."""
    return any(p.is_dir() and p.name in FOLDERS for p in path.iterdir())


def domain_of(file: Path) -> Path | None:
    """The domain that a contract file belongs to, by the names of the folders around it."""
    for folder in file.parents:
        if folder.name in FOLDERS or folder.parent.name == PROJECT:
            return folder.parent if folder.name in FOLDERS else folder
    return None


def domains_in(folder: Path) -> list[Path]:
    """The domains of a project or of a folder that is one. Looks no further down."""
    inner = folder / PROJECT
    if inner.is_dir():
        return sorted(p for p in inner.iterdir() if p.is_dir() and holds_kinds(p))
    return [folder] if folder.is_dir() and holds_kinds(folder) else []
