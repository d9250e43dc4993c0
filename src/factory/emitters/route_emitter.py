"""A route contract for an entity."""

from __future__ import annotations

from typing import Any

from factory.emitters.emission import emit
from forge.contracts.envelope import Kind


def emit_route(name: str, domain: str, entity_fqn: str, workflow_fqn: str = "") -> str:
    """The text of a route contract with the standard endpoints at `/NAME`.

    With `workflow_fqn` the state endpoint is listed too; it is served for an entity with a
    state machine in any case. Raises `EmissionError`.
    """
    spec = route_spec(name, entity_fqn, workflow_fqn)
    about = name.replace("_", " ")
    return emit(Kind.ROUTE, name, domain, spec, description=f"API for {about}")


def route_spec(name: str, entity_fqn: str, workflow_fqn: str = "") -> dict[str, Any]:
    """What a route says that serves the standard endpoints of an entity."""
    noun = entity_fqn.rpartition("/")[2].replace("_", " ")
    endpoints = [
        _endpoint("GET", "/", f"List {name.replace('_', ' ')}", 200, "list"),
        _endpoint("POST", "/", f"Create {noun}", 201, "entity"),
        _endpoint("GET", "/{id}", f"Get {noun}", 200, "entity"),
        _endpoint("PATCH", "/{id}", f"Update {noun}", 200, "entity"),
        _endpoint("DELETE", "/{id}", f"Delete {noun}", 204),
    ]
    if workflow_fqn:
        state = _endpoint(
            "PUT", "/{id}/state", f"Move {noun} to a state", 200, "entity"
        )
        endpoints.append({**state, "request_body": {"required_fields": ["state"]}})
    return {"entity": entity_fqn, "base_path": f"/{name}", "endpoints": endpoints}


def _endpoint(
    method: str, path: str, summary: str, status: int, shape: str = ""
) -> dict[str, Any]:
    response = {"status": status, **({"shape": shape} if shape else {})}
    return {"method": method, "path": path, "summary": summary, "response": response}
