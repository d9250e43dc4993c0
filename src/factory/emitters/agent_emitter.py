"""An agent contract from plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factory.emitters.emission import emit, split_description
from forge.contracts.envelope import Kind


def emit_agent(name: str, domain: str, spec: Mapping[str, Any]) -> str:
    """The text of an agent contract.

    `spec` holds the keys of the contract's `spec`, and may hold its `description`. Raises
    `EmissionError`.
    """
    description, rest = split_description(spec)
    return emit(Kind.AGENT, name, domain, rest, description=description)
