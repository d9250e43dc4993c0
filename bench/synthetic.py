"""Domains of any size: each entity with 12 fields, a reference, a workflow, a route and a page."""

from __future__ import annotations

from pathlib import Path

from factory.emitters.entity_emitter import emit_entity
from factory.emitters.page_emitter import emit_page
from factory.emitters.route_emitter import emit_route
from factory.emitters.workflow_emitter import emit_workflow

DOMAIN = "bench"

WORKFLOW = {
    "initial": "draft",
    "states": {
        "draft": {"label": "Draft", "category": "open"},
        "active": {"label": "Active", "category": "open"},
        "paused": {"label": "Paused", "category": "hold"},
        "done": {"label": "Done", "category": "closed", "terminal": True},
        "dropped": {"label": "Dropped", "category": "closed", "terminal": True},
    },
    "transitions": {
        "draft": ["active", "dropped"],
        "active": ["paused", "done", "dropped"],
        "paused": ["active", "dropped"],
    },
    "guards": {"active -> done": {"require_fields": ["notes"]}},
}


def write_domain(folder: Path, entities: int) -> None:
    """Write the contracts of a domain with so many entities to `folder`."""
    for kind in ("entities", "workflows", "routes", "pages"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for number in range(entities):
        name = f"item_{number:04}"
        texts = {
            "entities": (name, emit_entity(name, DOMAIN, _entity(number))),
            "workflows": (
                f"{name}_flow",
                emit_workflow(f"{name}_flow", DOMAIN, WORKFLOW),
            ),
            "routes": (
                f"{name}s",
                emit_route(f"{name}s", DOMAIN, f"entity/{DOMAIN}/{name}"),
            ),
            "pages": (
                f"{name}s",
                emit_page(
                    f"{name}s", DOMAIN, f"entity/{DOMAIN}/{name}", ["title", "status"]
                ),
            ),
        }
        for kind, (file, text) in texts.items():
            (folder / kind / f"{file}.contract.yaml").write_text(text, "utf-8")


def touch(folder: Path) -> None:
    """Change one contract: a longer title."""
    path = folder / "entities" / "item_0005.contract.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("maxLength: 200", "maxLength: 210"), "utf-8")


def _entity(number: int) -> dict[str, object]:
    parent = f"entity/{DOMAIN}/item_{max(number - 1, 0):04}"
    return {
        "description": f"Item number {number}",
        "fields": {
            "title": {
                "type": "string",
                "required": True,
                "constraints": {"maxLength": 200},
            },
            "notes": {"type": "text", "description": "What people should know"},
            "email": {"type": "email", "unique": True},
            "status": {
                "type": "string",
                "enum": ["low", "medium", "high"],
                "default": "low",
            },
            "quantity": {"type": "integer", "constraints": {"min": 0, "max": 1000}},
            "weight": {"type": "number"},
            "price": {"type": "decimal", "constraints": {"precision": 12, "scale": 2}},
            "active": {"type": "boolean", "required": True, "default": True},
            "due_on": {"type": "date"},
            "seen_at": {"type": "datetime"},
            "labels": {"type": "array", "items_type": "string"},
            "parent_id": {
                "type": "uuid",
                "references": {
                    "entity": parent,
                    "display": "title",
                    "graph_edge": "CHILD_OF",
                },
            },
        },
        "mixins": ["mixin/stdlib/timestamped", "mixin/stdlib/identifiable"],
        "state_machine": f"workflow/{DOMAIN}/item_{number:04}_flow",
    }
