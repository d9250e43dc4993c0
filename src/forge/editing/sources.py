"""Where answers come from that no table of the language lists."""

from __future__ import annotations

from collections.abc import Iterator

from forge.contracts.envelope import Kind
from forge.editing.domain import Domain
from forge.editing.index import Index
from forge.editing.spots import Path
from forge.ir.naming import plural
from forge.source import Mapping, Node, Scalar, Sequence


def nodes(root: Node | None, path: Path) -> Iterator[Node]:
    """The nodes on the way along a path, as far as there are any."""
    node = root
    for step in (*path, None):
        if node is None:
            return
        yield node
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step] if step < len(node.items) else None
        else:
            return


def transitions(workflow: Index) -> list[tuple[str, str]]:
    """The steps of a workflow."""
    spec = workflow.spec
    node = spec.get("transitions") if spec else None
    if not isinstance(node, Mapping):
        return []
    return [
        (source, item.text)
        for source, targets in node.entries.items()
        if isinstance(targets, Sequence)
        for item in targets.items
        if isinstance(item, Scalar)
    ]


def roles(domain: Domain) -> Iterator[str]:
    """The roles that the domain lists."""
    for index in domain.contracts.values():
        if index.kind is Kind.INFRA and index.spec is not None:
            *_, node = nodes(index.root, ("spec", "config", "roles"))
            for item in node.items if isinstance(node, Sequence) else ():
                if isinstance(item, Scalar):
                    yield item.text


def served(domain: Domain) -> Iterator[str]:
    """The paths of the collections that routes serve."""
    for index in domain.contracts.values():
        if index.kind is Kind.ROUTE:
            entity = index.text_of("spec", "entity").rpartition("/")[2]
            written = index.text_of("spec", "base_path")
            if written or entity:
                yield written or f"/{plural(entity)}"
