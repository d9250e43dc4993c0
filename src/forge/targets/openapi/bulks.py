"""What the body of a bulk looks like: operations together, or each for itself."""

from __future__ import annotations

from typing import Final

from forge.targets.openapi.components import Components
from forge.targets.openapi.values import Schema

MOST: Final = 1000
"""How many operations one bulk may hold."""


def bulk(items: list[Schema], components: Components) -> Schema:
    """The body of a bulk whose operations look like `items`."""
    atomic = {
        "type": "boolean",
        "enum": [True],
        "default": True,
        "description": "All operations fail with the first one that does.",
    }
    properties = {"operations": _several(items), "atomic": atomic}
    apart = components.schemas.add(_APART, "BulkApart")
    return {"oneOf": [_closed(properties, ["operations"]), apart]}


def item(properties: dict[str, Schema], required: list[str]) -> Schema:
    """One operation of a bulk."""
    return _closed(properties, required)


def _several(items: list[Schema]) -> Schema:
    return {"type": "array", "items": {"oneOf": items}, "maxItems": MOST}


def _closed(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _item_apart(op: str, *demanded: str) -> Schema:
    """An operation of its own: what its body holds is not asked before its turn."""
    texts = ("id", "if_match") if "id" in demanded else ()
    properties: dict[str, Schema] = {"op": {"const": op}}
    properties |= {name: {"type": "string"} for name in texts}
    if "body" in demanded:
        properties["body"] = {"not": {"type": "null"}}
    return _closed(properties, ["op", *demanded])


_APART: Final[Schema] = _closed(
    {
        "operations": _several(
            [
                _item_apart("create", "body"),
                _item_apart("update", "id", "body"),
                _item_apart("delete", "id"),
            ]
        ),
        "atomic": {"type": "boolean", "enum": [False]},
    },
    ["operations", "atomic"],
) | {
    "description": "Operations each for itself: one that fails, be it for what its body holds, "
    "has its own result and undoes no other. Bodies are those of the route's operations."
}
