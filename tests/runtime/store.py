"""A repository for each entity of `domain`, over one of the three databases."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from domain import CUSTOMER, ENTITIES, POSTGRES_SCHEMA, SQLITE_SCHEMA, TICKET

from specora_runtime.database import Database
from specora_runtime.entity import Caller, Entity, Record
from specora_runtime.postgres import PostgresDatabase
from specora_runtime.repository import SqlRepository
from specora_runtime.sqlite import MemoryDatabase, SqliteDatabase

T = TypeVar("T")

STORES = ("memory", "sqlite", "postgresql")

AGENT = Caller(id="agent-1", role="agent")
NOBODY = "00000000-0000-7000-8000-000000000000"
"""The key of no record."""

LEAD = Caller(id="lead-1", role="lead")


class Store:
    """An open database with its own loop, and short ways to make records."""

    def __init__(self, database: Database, runner: asyncio.Runner) -> None:
        self.database = database
        self.run = runner.run

    def of(self, entity: Entity) -> SqlRepository:
        """The repository of `entity`."""
        members = {"entity": entity, "database": self.database}
        kind = type("Repository", (SqlRepository,), members)
        made: SqlRepository = kind()
        return made

    def create(self, entity: Entity, caller: Caller = AGENT, **data: Any) -> Record:
        """A stored record."""
        return self.run(self.of(entity).create(data, caller=caller))

    def get(self, entity: Entity, id: str) -> Record | None:
        """The record as it is stored."""
        return self.run(self.of(entity).get(id))

    def fetch(self, sql: str) -> list[dict[str, Any]]:
        """Rows, past every repository."""
        return self.run(self._fetch(sql))

    async def _fetch(self, sql: str) -> list[dict[str, Any]]:
        return await self.database.fetch(sql)

    def gather(self, works: list[Coroutine[Any, Any, T]]) -> list[T | BaseException]:
        """The outcomes of works that run at the same time."""

        async def together() -> list[T | BaseException]:
            return await asyncio.gather(*works, return_exceptions=True)

        return self.run(together())


def _database(store: str, folder: Path, request: pytest.FixtureRequest) -> Database:
    on_server = store == "postgresql"
    schema = folder / "schema.sql"
    schema.write_text(POSTGRES_SCHEMA if on_server else SQLITE_SCHEMA, encoding="utf-8")
    if on_server:
        url: str = request.getfixturevalue("postgres_url")
        return PostgresDatabase(ENTITIES, schema, url)
    if store == "sqlite":
        return SqliteDatabase(ENTITIES, schema, folder / "data" / "test.db")
    return MemoryDatabase(ENTITIES, schema)


@contextmanager
def opened(store: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The store called `store`, empty, closed at the end."""
    database = _database(store, folder, request)
    with asyncio.Runner() as runner:
        yield Store(database, runner)
        runner.run(database.close())


def customer(store: Store, name: str = "Ada", **data: Any) -> Record:
    """A stored customer."""
    return store.create(CUSTOMER, name=name, **data)


def ticket(store: Store, **data: Any) -> Record:
    """A stored ticket of a customer of its own."""
    if "customer_id" not in data:
        data["customer_id"] = customer(store)["id"]
    return store.create(TICKET, **{"subject": "help"} | data)


def move(store: Store, record: Record, *states: str, caller: Caller = AGENT) -> Record:
    """The record after steps through `states`."""
    moved: Record | None = record
    for state in states:
        moved = store.run(
            store.of(TICKET).transition(record["id"], state, caller=caller)
        )
    assert moved is not None
    return moved


def resolved(store: Store) -> Record:
    """A ticket on the way to its end."""
    record = ticket(store, priority="high", resolution="done")
    return move(store, record, "assigned", "resolved")
