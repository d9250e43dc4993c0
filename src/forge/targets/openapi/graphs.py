"""The operation that shows the graph around a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from forge.ir.application import Application
from forge.ir.types import Operation
from forge.targets.openapi.components import Components
from forge.targets.openapi.expansions import Beside
from forge.targets.openapi.values import Schema

MAX_DEPTH: Final = 10
MAX_NODES: Final = 1000

_EDGES: Final[dict[str, Any]] = {
    "name": "edges",
    "in": "query",
    "description": "Names of the edges to follow; all of them where left out.",
    "explode": False,
}
_OTHERS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "depth",
        "in": "query",
        "description": "How many edges lie between the record and what is shown at most.",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_DEPTH,
            "default": 1,
        },
    },
    {
        "name": "direction",
        "in": "query",
        "description": "Whether edges are followed as they point, against that, or both.",
        "schema": {
            "type": "string",
            "enum": ["both", "forward", "reverse"],
            "default": "both",
        },
    },
)
_TEXT: Final[Schema] = {"type": "string"}
_NODE: Final[Schema] = {
    "type": "object",
    "properties": {
        "entity": {"type": "string", "description": "The kind of record."},
        "id": {"type": "string", "description": "Its key, as a path holds it."},
        "depth": {
            "type": "integer",
            "minimum": 0,
            "maximum": MAX_DEPTH,
            "description": "How many edges away it is.",
        },
        "record": {"type": "object", "description": "What a read of it answers."},
    },
    "required": ["entity", "id", "depth", "record"],
}
_EDGE: Final[Schema] = {
    "type": "object",
    "properties": {
        "edge": _TEXT,
        "from": {"type": "string", "description": "`id` of the node it starts at."},
        "from_entity": _TEXT,
        "to": {"type": "string", "description": "`id` of the node it points to."},
        "to_entity": _TEXT,
    },
    "required": ["edge", "from", "from_entity", "to", "to_entity"],
}
_GRAPH: Final[Schema] = {
    "type": "object",
    "properties": {
        "nodes": {
            "type": "array",
            "items": _NODE,
            "minItems": 1,
            "maxItems": MAX_NODES,
        },
        "edges": {"type": "array", "items": _EDGE},
        "truncated": {
            "type": "boolean",
            "description": "Whether there are more nodes than are shown.",
        },
    },
    "required": ["nodes", "edges", "truncated"],
}


def parameters(components: Components) -> list[dict[str, Any]]:
    """What the operation can be asked: parts that `declare` adds."""
    section = components.parameters
    return [section.reference(_name(part)) for part in (_EDGES, *_OTHERS)]


def declare(
    ir: Application, about: Mapping[str, Beside], components: Components
) -> None:
    """Add the parameters that all graphs of an application share, if it has one."""
    if not any(route.endpoint(Operation.GRAPH) for route in ir.routes):
        return
    names = sorted({name for beside in about.values() for name in beside.walked})
    schema = {
        "type": "array",
        "items": {"type": "string", "enum": names},
        "minItems": 1,
    }
    for part in (_EDGES | {"schema": schema}, *_OTHERS):
        components.parameters.add(part, _name(part))


def _name(part: dict[str, Any]) -> str:
    return f"graph.{part['name']}"


def answer(components: Components) -> dict[str, str]:
    """What it answers."""
    return components.schemas.add(_GRAPH, "RecordGraph")
