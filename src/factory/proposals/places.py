"""Where contracts stand."""

from __future__ import annotations

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
