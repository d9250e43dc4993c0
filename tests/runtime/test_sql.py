from __future__ import annotations

import pytest
from domain import CUSTOMER, FOLDER, SAMPLE, SEAT
from hypothesis import given
from hypothesis import strategies as st
from statements import statements

from specora_runtime.database import POSTGRESQL, SQLITE, Dialect
from specora_runtime.entity import Computed, Entity, Field, Type
from specora_runtime.query import Filter, Op, Query, Sort
from specora_runtime.query_string import parse_query
from specora_runtime.sql import table_of
from specora_runtime.visibility import Sight

DIALECTS = pytest.mark.parametrize(
    "dialect", [POSTGRESQL, SQLITE], ids=lambda d: d.name
)

STORABLE = st.characters(codec="utf-8", exclude_characters="\0")

PLAIN = Sight()
ID = "01890000-0000-7000-8000-00000000000a"
OTHER = "01890000-0000-7000-8000-00000000000b"

HOSTILE = Entity(
    name="x",
    table='t"; DROP',
    key=("id",),
    soft_delete="gone",
    fields=(
        Field(name="id", type=Type.INTEGER, required=True, computed=Computed.IDENTITY),
        Field(name='na"me', type=Type.STRING, column='c"; --'),
        Field(name="gone", type=Type.DATETIME),
    ),
)


def conditions(entity: Entity, dialect: Dialect, text: str) -> str:
    """The WHERE clause of a query string, with its parameters."""
    pairs = [tuple(pair.split("=", 1)) for pair in text.split("&")]
    query = parse_query(entity, [(name, value) for name, value in pairs])
    sql, parameters = table_of(entity, dialect).count(query, PLAIN)
    return f"{sql.partition(' WHERE ')[2]} {parameters}"


@pytest.mark.parametrize(
    ("text", "postgresql", "sqlite"),
    [
        ("integer=3", '"integer" = $1::bigint [3]', '"integer" = ?1 [3]'),
        (
            "decimal[gte]=1.50",
            "\"decimal\" >= $1::numeric [Decimal('1.500')]",
            "\"decimal\" COLLATE DECIMAL >= ?1 ['1.500']",
        ),
        (
            "uuid[in]=01890000-0000-7000-8000-00000000000a",
            "\"uuid\" IN ($1::text::uuid) ['01890000-0000-7000-8000-00000000000a']",
            "\"uuid\" IN (?1) ['01890000-0000-7000-8000-00000000000a']",
        ),
        (
            "integer[between]=1,2&boolean[null]=true",
            '"integer" >= $1::bigint AND "integer" <= $2::bigint'
            ' AND "boolean" IS NULL [1, 2]',
            '"integer" >= ?1 AND "integer" <= ?2 AND "boolean" IS NULL [1, 2]',
        ),
    ],
)
def test_conditions(text: str, postgresql: str, sqlite: str) -> None:
    assert conditions(SAMPLE, POSTGRESQL, text) == postgresql
    assert conditions(SAMPLE, SQLITE, text) == sqlite


def test_a_prefix_is_a_range_of_an_index() -> None:
    found = conditions(SAMPLE, SQLITE, "string[startswith]=ab")
    assert found.endswith("""AND "string" >= ?1 AND "string" < ?2 ['ab', 'ac']""")


@given(st.text(STORABLE, min_size=1), st.text(STORABLE))
def test_the_end_of_a_prefix(prefix: str, rest: str) -> None:
    query = Query(filters=(Filter("string", Op.STARTSWITH, prefix),))
    _, parameters = table_of(SAMPLE, SQLITE).count(query, PLAIN)
    start, *end = parameters
    assert start == prefix <= prefix + rest
    assert all(prefix + rest < bound for bound in end)


def order(dialect: Dialect, *keys: Sort) -> str:
    sql, _ = table_of(SAMPLE, dialect).page(Query(sort=keys), 1, PLAIN)
    return sql.partition(" ORDER BY ")[2].partition(" LIMIT ")[0]


def test_the_default_order_is_the_primary_key() -> None:
    assert order(SQLITE) == order(POSTGRESQL) == '"key"'
    sql, _ = table_of(SEAT, SQLITE).page(Query(), 1, PLAIN)
    assert sql.endswith(' ORDER BY "hall", "place" LIMIT ?1')


def test_the_primary_key_ends_every_order() -> None:
    down = Sort("integer", descending=True)
    up = Sort("string", nulls_first=False)
    assert order(SQLITE, Sort("key"), down) == '"key", "integer" DESC NULLS FIRST'
    assert order(SQLITE, Sort("key"), up) == '"key", "string" NULLS LAST'
    assert order(SQLITE, Sort("key", descending=True)) == '"key" DESC'


def after(dialect: Dialect, keys: tuple[Sort, ...], values: list[object]) -> str:
    table = table_of(SAMPLE, dialect)
    sql, parameters = table.page(Query(sort=keys), 10, PLAIN, values)
    where = sql.partition(" WHERE ")[2].partition(" ORDER BY ")[0]
    return f"{where} {parameters}"


def test_a_cursor_over_mixed_directions() -> None:
    down, up = Sort("integer", descending=True), Sort("string")
    assert after(SQLITE, (down, up), [5, "b", 1]) == (
        '"integer" IS NOT NULL AND ("integer" < ?2 OR ("integer" = ?2 AND (("string" > ?3'
        ' OR "string" IS NULL) OR ("string" = ?3 AND "key" > ?4)))) AND "integer" <= ?2'
        " [10, 5, 'b', 1]"
    )


def test_a_cursor_at_a_null() -> None:
    down, up = Sort("integer", descending=True), Sort("integer")
    rest = '"integer" IS NULL AND ("key") > (?2) [10, 1]'
    assert after(SQLITE, (up,), [None, 1]) == rest
    assert after(SQLITE, (down,), [None, 1]) == rest
    text, _ = table_of(SAMPLE, SQLITE).page(Query(sort=(down,)), 9, PLAIN, [None, 1])
    assert text.count("UNION ALL") == 1


@DIALECTS
def test_names_cannot_leave_their_quotes(dialect: Dialect) -> None:
    table = table_of(HOSTILE, dialect)
    for text in [*statements(table, PLAIN), table.insert, table.insert_returning]:
        outside = text.replace('""', "").split('"')[::2]
        assert "DROP" not in "".join(outside)
        assert "--" not in "".join(outside)


def test_only_postgresql_locks_rows() -> None:
    held, key = table_of(FOLDER, POSTGRESQL), {"id": ID}
    free, _ = held.get([ID], PLAIN)
    assert held.get([ID], PLAIN, for_update=True)[0] == f"{free} FOR NO KEY UPDATE"
    free, _ = held.exists(key, PLAIN)
    assert held.exists(key, PLAIN, hold=True)[0] == f"{free} FOR SHARE"
    lone = table_of(FOLDER, SQLITE)
    assert lone.get([ID], PLAIN, for_update=True) == lone.get([ID], PLAIN)


@DIALECTS
def test_texts_are_built_once(dialect: Dialect) -> None:
    table, record = table_of(CUSTOMER, dialect), dict.fromkeys(CUSTOMER.by_name)
    assert table is table_of(CUSTOMER, dialect)
    assert table.get([ID], PLAIN)[0] is table.get([OTHER], Sight("acme"))[0]
    assert table.insert is table.insert
    first, _ = table.update(("name", "email"), record, record, PLAIN)
    assert first is table.update(("name", "email"), record, record, PLAIN)[0]


def test_an_insert_leaves_the_identity_to_the_database() -> None:
    assert table_of(HOSTILE, SQLITE).insert == (
        'INSERT INTO "t""; DROP" ("c""; --", "gone") VALUES (?1, ?2)'
    )
