"""The operations of the service itself: its health."""

from __future__ import annotations

from typing import Any

from forge.ir.application import Application
from forge.targets.openapi import responses
from forge.targets.openapi.components import Components

TAG = "service"


def describe(ir: Application, components: Components) -> dict[str, dict[str, Any]]:
    """The paths by which a service is watched."""
    health = {
        "type": "object",
        "properties": {
            "status": {"type": "string"},
            "domain": {"type": "string", "const": ir.domain},
        },
        "required": ["status", "domain"],
    }
    state = {
        "type": "object",
        "properties": {"status": {"type": "string"}},
        "required": ["status"],
    }
    refused = {"400": responses.problem(400, components)}
    away = {"503": responses.problem(503, components)}
    return {
        "/health": _get("health", "Which service this is", health, refused),
        "/livez": _get("livez", "Whether the process lives", state, refused),
        "/readyz": _get("readyz", "Whether requests can be served", state, away),
    }


def _get(
    operation_id: str,
    summary: str,
    schema: dict[str, Any],
    problems: dict[str, Any],
) -> dict[str, Any]:
    done = responses.success("It does.", schema)
    return {
        "get": {
            "operationId": operation_id,
            "tags": [TAG],
            "summary": summary,
            "security": [],
            "responses": {"200": done, **problems},
        }
    }
