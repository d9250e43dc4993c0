"""How contracts depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

from forge.contracts.references import references
from forge.parser.loader import Contracts


@dataclass(frozen=True, slots=True)
class Graph:
    """Contracts by FQN and, for each, those that it names. All sorted."""

    domain: str
    edges: dict[str, tuple[str, ...]]


def dependency_graph(contracts: Contracts) -> Graph:
    """The graph of a domain; contracts of the standard library appear only as targets."""
    edges = {
        fqn: tuple(sorted({node.text for node in references(contract)} - {fqn}))
        for fqn, contract in sorted(contracts.items())
    }
    domains = sorted({contract.domain for contract in contracts.values()})
    return Graph(", ".join(domains), edges)
