"""Tables of words follow the contract and the rows, and mean what the runtime means."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from scenarios import compile_contracts, enveloped
from schema_stores import schema

from forge.targets.postgres import TARGET as POSTGRES
from forge.targets.sqlite import TARGET as SQLITE
from specora_runtime.database import Database
from specora_runtime.entity import Entity, Field, Search, Type
from specora_runtime.postgres import PostgresDatabase
from specora_runtime.query import Query
from specora_runtime.repository import SqlRepository
from specora_runtime.sqlite import SqliteDatabase
from specora_runtime.words import split_words

FIELDS = "fields: {id: {type: integer}, a: {type: string}, b: {type: text}"
POINTS = [p for p in range(1, 0x110000) if not 0xD800 <= p <= 0xDFFF]


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that runs in an event loop of its own."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(test(**fixtures))

    return run


def _schema(store: str, search: str, more: str = "") -> str:
    spec = f"{FIELDS}{more}}}\n" + (f"search: [{search}]" if search else "")
    app = compile_contracts(enveloped("entity/shop/thing", spec))
    return schema(SQLITE if store == "sqlite" else POSTGRES, app)


def _entity(search: str) -> Entity:
    fields = (
        Field(name="id", type=Type.INTEGER, required=True),
        Field(name="a", type=Type.STRING),
        Field(name="b", type=Type.TEXT),
    )
    found = Search(fields=tuple(search.split(", ")), index="things_fts")
    return Entity(name="thing", table="things", fields=fields, search=found)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    url = request.getfixturevalue("postgres_url") if request.param != "sqlite" else ""

    def opened(text: str) -> Database:
        file = tmp_path / "schema.sql"
        file.write_text(text, "utf-8")
        if request.param == "sqlite":
            return SqliteDatabase((), file, tmp_path / "test.db")
        return PostgresDatabase((), file, url, 1, 2)

    opened.store = request.param  # type: ignore[attr-defined]
    return opened


async def _found(database: Database, search: str, *words: str) -> list[int]:
    members = {"entity": _entity(search), "database": database}
    repository: Any = type("Repository", (SqlRepository,), members)()
    page = await repository.page(Query(search=words))
    return [item["id"] for item in page.items]


@in_a_loop
async def test_searches_come_change_and_go_with_the_rows_that_exist(place: Any) -> None:
    store = place.store
    database = place(_schema(store, ""))
    await database.execute(
        "INSERT INTO things (id, a, b) VALUES (1, 'Äpfel', 'pear'), (2, 'pear', NULL)"
    )
    await database.execute("DELETE FROM things WHERE id = 9")
    await database.close()
    for search, more, wanted in (
        ("a", "", {"äpfel": [1], "pear": [2]}),
        ("a, b", "", {"äpfel": [1], "pear": [2, 1]}),
        ("b, a", "", {"äpfel": [1], "pear": [1, 2]}),
        ("b, a", ", c: {type: integer, constraints: {min: 3}}", {"pear": [1, 2]}),
        ("b", ", c: {type: string}", {"äpfel": [], "pear": [1]}),
    ):
        database = place(_schema(store, search, more))
        for word, ids in wanted.items():
            assert await _found(database, search, word) == ids, (search, word)
        await database.close()
    database = place(_schema(store, ""))
    await database.execute("UPDATE things SET a = 'later' WHERE id = 1")
    await database.close()
    database = place(_schema(store, "a"))
    assert await _found(database, "a", "later") == [1]
    assert await _found(database, "a", "äpfel") == []
    await database.close()


@in_a_loop
async def test_every_character_means_the_same(
    postgres_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "schema.sql"
    file.write_text(_schema("postgresql", "a"), "utf-8")
    database = PostgresDatabase((), file, postgres_url, 1, 2)
    step = 4000
    for start in range(0, len(POINTS), step * 9):
        part = POINTS[start : start + step]
        row = await database.fetch_one(
            "SELECT tsvector_to_array(specora_words($1::text, 'A', 1000000)) AS words",
            " ".join(f"x{chr(point)}x" for point in part),
        )
        assert row is not None
        wanted = {word for p in part for word in split_words(f"x{chr(p)}x")}
        assert set(row["words"]) == wanted
    await database.close()


def test_the_tokenizer_of_sqlite_means_the_same() -> None:
    connection = sqlite3.connect(":memory:")
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co'"
    connection.execute(f'CREATE VIRTUAL TABLE t USING fts5(x, tokenize = "{tokenize}")')
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    rows = ((point, chr(point)) for point in POINTS)
    connection.executemany("INSERT INTO t (rowid, x) VALUES (?, ?)", rows)
    found = dict(connection.execute("SELECT doc, term FROM v"))
    for point in POINTS:
        wanted = (found[point],) if point in found else ()
        assert split_words(chr(point)) == wanted, hex(point)
