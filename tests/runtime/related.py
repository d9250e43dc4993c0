"""Collections over the entities of `domain`, and what their stores are asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from domain import ENTITIES
from store import Store

from specora_runtime.database import Row
from specora_runtime.entity import Entity
from specora_runtime.expansions import Catalog
from specora_runtime.operations import Collection, List, Read

READERS = ("reader",)
"""Roles that may read seats; everything else is open."""


def catalog(store: Store) -> Catalog:
    """The relations between all entities of `domain`."""
    return Catalog(_collection(store, entity) for entity in ENTITIES)


def _collection(store: Store, entity: Entity) -> Collection:
    roles = READERS if entity.name == "seat" else ()
    return Collection(
        entity.path,
        entity=entity,
        repository=lambda: store.of(entity),
        operations=(List("list"), Read("get", roles=roles)),
    )


@contextmanager
def logged(store: Store) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    database: Any = store.database
    found: list[str] = []
    fetch = database._fetch

    async def log(sql: str, args: tuple[Any, ...]) -> list[Row]:
        found.append(sql)
        rows: list[Row] = await fetch(sql, args)
        return rows

    database._fetch = log
    try:
        yield found
    finally:
        del database._fetch
