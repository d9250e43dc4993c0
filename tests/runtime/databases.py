"""The three stores over one small schema, for tests that hold for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from specora_runtime.database import Database
from specora_runtime.entity import Entity
from specora_runtime.postgres import PostgresDatabase
from specora_runtime.sqlite import MemoryDatabase, SqliteDatabase

T = TypeVar("T")

STORES = ("memory", "sqlite", "postgresql")

SCHEMAS = {
    "postgresql": """-- @generated

CREATE TABLE IF NOT EXISTS "owners" (
    "id" bigint NOT NULL,
    CONSTRAINT "owners_pkey" PRIMARY KEY ("id")
);

CREATE TABLE IF NOT EXISTS "things" (
    "id" bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL,
    "owner_id" bigint,
    CONSTRAINT "things_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "things_name_key" UNIQUE ("name"),
    CONSTRAINT "things_name_check" CHECK (char_length("name") <= 5),
    CONSTRAINT "things_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "owners" ("id")
);
""",
    "sqlite": """-- @generated

CREATE TABLE IF NOT EXISTS "owners" (
    "id" INTEGER NOT NULL,
    CONSTRAINT "owners_pkey" PRIMARY KEY ("id")
);

CREATE TABLE IF NOT EXISTS "things" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" INTEGER,
    CONSTRAINT "things_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "things_name_key" UNIQUE ("name"),
    CONSTRAINT "things_name_check" CHECK (length("name") <= 5),
    CONSTRAINT "things_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "owners" ("id")
);
""",
}


class Place:
    """Where the databases of one test live; a second `open` reaches the same rows."""

    def __init__(self, store: str, folder: Path, url: str = "") -> None:
        self.store = store
        self.folder = folder
        self.url = url
        self.dialect = "postgresql" if store == "postgresql" else "sqlite"

    def open(self, schema: str = "", entities: Sequence[Entity] = ()) -> Database:
        """A database, not opened yet."""
        text = schema or SCHEMAS[self.dialect]
        file = self.folder / f"{abs(hash(text))}.sql"
        file.write_text(text, encoding="utf-8")
        if self.store == "memory":
            return MemoryDatabase(entities, file)
        if self.store == "sqlite":
            return SqliteDatabase(entities, file, self.folder / "data" / "test.db")
        return PostgresDatabase(entities, file, self.url, 0, 8)

    def run(self, work: Callable[[Database], Awaitable[T]], schema: str = "") -> T:
        """`work` on a database in a loop of its own, closed at the end."""

        async def main() -> T:
            database = self.open(schema)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(main())
