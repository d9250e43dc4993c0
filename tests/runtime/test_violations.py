"""What a broken constraint means, on entities that the shared domain does not have."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from specora_runtime.entity import Entity, Field, Type
from specora_runtime.errors import UniqueConflict
from specora_runtime.repository import SqlRepository
from specora_runtime.sqlite import MemoryDatabase

DUTY = Entity(
    name="duty",
    table="duties",
    key=("person", "day"),
    fields=(
        Field(name="person", type=Type.STRING, required=True),
        Field(name="day", type=Type.DATE, required=True),
    ),
)
SCHEMA = """CREATE TABLE IF NOT EXISTS "duties" (
    "person" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    CONSTRAINT "duties_pkey" PRIMARY KEY ("person", "day")
) STRICT;
"""


def test_a_repeated_key_with_a_date_in_it_is_a_conflict(tmp_path: Path) -> None:
    schema = tmp_path / "schema.sql"
    schema.write_text(SCHEMA, "utf-8")

    class Duties(SqlRepository):
        entity = DUTY
        database = MemoryDatabase((DUTY,), schema)

    async def twice() -> None:
        for _ in range(2):
            await Duties().create({"person": "ann", "day": "2024-02-29"})

    with pytest.raises(UniqueConflict) as caught:
        asyncio.run(twice())
    assert caught.value.fields == ("person", "day")
