"""Where contracts stand."""

from __future__ import annotations

import os
from pathlib import Path

from forge.contracts.envelope import Kind

FOLDERS = {
    Kind.ENTITY: "entities",
    Kind.WORKFLOW: "workflows",
    Kind.ROUTE: "routes",
    Kind.PAGE: "pages",
    Kind.AGENT: "agents",
    Kind.MIXIN: "mixins",
    Kind.INFRA: "infra",
}


def contract_file(kind: Kind, name: str) -> str:
    """The path of a contract below its domain's folder, where nothing says otherwise."""
    return f"{FOLDERS[kind]}/{name}.contract.yaml"


def domain_folder(path: Path) -> Path:
    """The folder of the domain that a contract's file belongs to.

    In a project it is the one below `domains`, elsewhere the one above the folder of the kind.
    """
    whole = Path(os.path.abspath(path))
    found = next(
        (
            parent
            for parent in whole.parents
            if parent.parent.name == "domains" and parent.is_relative_to(Path.cwd())
        ),
        None,
    )
    if found is None:
        kinds = (p.parent for p in whole.parents if p.name in FOLDERS.values())
        found = next(kinds, whole.parent)
    return found if path.is_absolute() else Path(os.path.relpath(found))
