"""What a repository stores of what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain import CUSTOMER, ENTITIES, SQLITE_SCHEMA

from specora_runtime.repository import SqlRepository
from specora_runtime.sqlite import MemoryDatabase


class Shouting(SqlRepository):
    entity = CUSTOMER

    async def prepare(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {k: v.upper() if isinstance(v, str) else v for k, v in data.items()}


def test_values_are_prepared_on_create_and_update(tmp_path: Path) -> None:
    schema = tmp_path / "schema.sql"
    schema.write_text(SQLITE_SCHEMA)

    async def scenario() -> None:
        Shouting.database = MemoryDatabase(ENTITIES, schema)
        created = await Shouting().create({"name": "ann"})
        assert created["name"] == "ANN"
        await Shouting().update(created["id"], {"name": "bob"})
        assert await Shouting().get(created["id"]) == created | {"name": "BOB"}

    asyncio.run(scenario())
