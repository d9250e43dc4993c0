"""Where contracts stand."""

from __future__ import annotations

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
    """The folder of the domain that a contract's file belongs to."""
    kinds = set(FOLDERS.values())
    for parent in path.parents:
        if parent.name in kinds or parent.parent.name == "domains":
            return parent.parent if parent.name in kinds else parent
    return path.parent
