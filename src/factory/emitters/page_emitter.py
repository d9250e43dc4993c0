"""A page contract for an entity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factory.emitters.emission import emit
from forge.contracts.envelope import Kind


def emit_page(name: str, domain: str, entity_fqn: str, columns: Sequence[str]) -> str:
    """The text of a page contract: a table of `columns` at `/NAME`. Raises `EmissionError`."""
    about = f"Browse and manage {name.replace('_', ' ')}"
    spec = page_spec(name, entity_fqn, columns)
    return emit(Kind.PAGE, name, domain, spec, description=about)


def page_spec(name: str, entity_fqn: str, columns: Sequence[str]) -> dict[str, Any]:
    """What a page says that shows an entity's records in a table."""
    words = name.replace("_", " ")
    return {
        "route": f"/{name}",
        "title": words.title(),
        "entity": entity_fqn,
        "generation_tier": "mechanical",
        "data_sources": [{"endpoint": f"/{name}", "alias": name}],
        "views": [{"type": "table", "default": True, "columns": list(columns)}],
    }
