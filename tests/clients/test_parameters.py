"""No parameter of the interface is unknown to the clients: a new one fails here first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from forge.targets.python_client.kit._types import GraphQuery, ListQuery

ASKED = frozenset({*ListQuery.__annotations__, *GraphQuery.__annotations__})
HEADERS = frozenset({"If-Match", "If-None-Match", "Idempotency-Key", "Prefer"})
"""Headers that have an option, or are left to the option `headers`."""


def test_every_parameter_is_known(tree: Path) -> None:
    document = json.loads((tree / "openapi.json").read_text("utf-8"))
    client = (tree / "client.ts").read_text("utf-8")
    shared = document["components"].get("parameters", {})
    schemas = document["components"].get("schemas", {})
    fields = {name for one in schemas.values() for name in one.get("properties", {})}
    for part in _parameters(document, shared):
        name, place = part["name"].partition("[")[0], part["in"]
        if place == "query":
            assert name in ASKED | fields, name
        if place == "header":
            tenant = f"header: {json.dumps(name)}" in client
            assert name in HEADERS or tenant, name


def _parameters(document: dict[str, Any], shared: dict[str, Any]) -> list[Any]:
    operations = (o for item in document["paths"].values() for o in item.values())
    listed = (p for one in operations for p in one.get("parameters", ()))
    return [shared[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in listed]
