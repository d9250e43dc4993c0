"""Orderings and cursors mean the same on every store."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from databases import Place

from specora_runtime import values
from specora_runtime.database import SQLITE, Database, Order
from specora_runtime.entity import Field, Type

NAME = Field(name="name", type=Type.STRING, required=True)
ID = Field(name="id", type=Type.INTEGER, required=True)
OWNER = Field(name="owner_id", type=Type.INTEGER)
ROWS = [(n, f"{n % 3}{'ab'[n % 2]}{n}", (None, 1, 2)[n // 4 % 3]) for n in range(18)]

ORDERS = [
    (Order(ID),),
    (Order(OWNER), Order(ID)),
    (Order(OWNER, True), Order(ID, True)),
    (Order(OWNER, True), Order(NAME), Order(ID)),
    (Order(NAME, True), Order(ID, True)),
    (Order(NAME), Order(OWNER, True), Order(ID, True)),
]


def reference(terms: tuple[Order, ...]) -> list[int]:
    """The ids in order, NULL above every value."""
    rows = [dict(zip(("id", "name", "owner_id"), row, strict=True)) for row in ROWS]
    for term in reversed(terms):
        rows.sort(
            key=lambda row, name=term.field.name: (
                (row[name] is None, row[name] or 0) if name != "name" else row[name]
            ),
            reverse=term.descending,
        )
    return [row["id"] for row in rows]


async def page(
    database: Database, terms: tuple[Order, ...], last: dict[str, Any] | None
) -> list[dict[str, Any]]:
    dialect = database.dialect
    where, args = "1 = 1", []
    if last is not None:
        numbers: list[int | None] = []
        for term in terms:
            value = last[term.field.name]
            if value is not None:
                args.append(values.encode(term.field, value, dialect))
            numbers.append(None if value is None else len(args))
        where = dialect.after(terms, numbers)
    columns = ", ".join(dialect.select(field) for field in (ID, NAME, OWNER))
    sql = f"SELECT {columns} FROM things WHERE {where} ORDER BY {dialect.order(terms)} LIMIT 4"
    return await database.fetch(sql, *args)


def test_pages_follow_each_other(place: Place) -> None:
    async def work(database: Database) -> None:
        await database.execute("INSERT INTO owners VALUES (1), (2)")
        rows = random.Random(1).sample(ROWS, len(ROWS))
        for id, name, owner in rows:
            await database.execute(
                "INSERT INTO things (id, name, owner_id) "
                f"VALUES ({id}, '{name}', {'NULL' if owner is None else owner})"
            )
        for terms in ORDERS:
            found: list[int] = []
            last = None
            for _ in itertools.count():
                rows_of_page = await page(database, terms, last)
                if not rows_of_page:
                    break
                found += [row["id"] for row in rows_of_page]
                last = rows_of_page[-1]
            assert found == reference(terms)

    place.run(work)


def test_same_direction_without_null_is_one_comparison() -> None:
    assert SQLITE.after((Order(NAME), Order(ID)), (1, 2)) == '("name", "id") > (?1, ?2)'
    mixed = SQLITE.after((Order(NAME, True), Order(ID)), (1, 2))
    assert mixed == '("name" < ?1 OR ("name" = ?1 AND "id" > ?2))'


def test_names_are_quoted() -> None:
    odd = Field(name='a"b', type=Type.UUID, column='c"d')
    assert SQLITE.select(odd, "t") == '"t"."c""d" AS "a""b"'
    for name in ("", "\x00"):
        with pytest.raises(ValueError, match="no SQL name"):
            SQLITE.quote(name)


def test_cursor_uses_an_index(place: Place) -> None:
    if place.dialect != "sqlite":
        pytest.skip("PostgreSQL decides by the size of the table")

    async def work(database: Database) -> None:
        terms = (Order(NAME),)
        sql = (
            "EXPLAIN QUERY PLAN SELECT id FROM things "
            f"WHERE {SQLITE.after(terms, (1,))} ORDER BY {SQLITE.order(terms)}"
        )
        plan = await database.fetch(sql, "x")
        assert len(plan) == 1
        assert "(name>?)" in plan[0]["detail"]

    place.run(work)
