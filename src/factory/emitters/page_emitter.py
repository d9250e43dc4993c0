"""A page contract for an entity."""

from __future__ import annotations

from collections.abc import Sequence

from factory.emitters.emission import emit
from forge.contracts.envelope import Kind


def emit_page(name: str, domain: str, entity_fqn: str, columns: Sequence[str]) -> str:
    """The text of a page contract: a table of `columns` at `/NAME`. Raises `EmissionError`."""
    words = name.replace("_", " ")
    spec = {
        "route": f"/{name}",
        "title": words.title(),
        "entity": entity_fqn,
        "generation_tier": "mechanical",
        "data_sources": [{"endpoint": f"/{name}", "alias": name}],
        "views": [{"type": "table", "default": True, "columns": list(columns)}],
    }
    return emit(Kind.PAGE, name, domain, spec, description=f"Browse and manage {words}")
