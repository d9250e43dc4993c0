"""Bringing a database to a schema: what is applied, what is kept, what is refused."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from databases import Place

from specora_runtime.database import Database
from specora_runtime.errors import BadStatement, CheckViolation, Fault, UniqueViolation
from specora_runtime.migrate import MigrationRefused
from specora_runtime.schema_text import parse_schema

KEY = 'CONSTRAINT "t_pkey" PRIMARY KEY ("id")'
ROWS = ("(1, 'a', 10)", "(2, 'b', 20)", "(3, NULL, 30)")

TYPES = {
    "sqlite": {"text": "TEXT", "small": "INTEGER", "number": "REAL", "time": "TEXT"},
    "postgresql": {
        "text": 'text COLLATE "C"',
        "small": "smallint",
        "number": "double precision",
        "time": "timestamptz",
    },
}


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, store: str) -> Place:
    url = request.getfixturevalue("postgres_url") if store == "postgresql" else ""
    return Place(store, tmp_path, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def table(place: Place, *lines: str, name: str = "t", after: str = "") -> str:
    """The text of a schema with one table; types stand in braces."""
    body = ",\n".join(f"    {line}" for line in lines)
    # The comma of the line stands before its comment.
    body = re.sub(r"( -- renamed from [^\n]+),$", r",\1", body, flags=re.M)
    text = f'CREATE TABLE IF NOT EXISTS "{name}" (\n{body}\n);\n'
    return (text + (f"\n{after}\n" if after else "")).format(**TYPES[place.dialect])


BASE = (
    '"id" {small} NOT NULL',
    '"name" {text}',
    '"size" {small} NOT NULL DEFAULT 1',
    KEY,
)


def filled(
    place: Place, lines: Sequence[str] = BASE, rows: Sequence[str] = ROWS
) -> None:
    async def work(database: Database) -> None:
        await database.open()
        for row in rows:
            await database.execute(f"INSERT INTO t (id, name, size) VALUES {row}")

    place.run(work, table(place, *lines))


def migrate(place: Place, schema: str) -> None:
    place.run(lambda database: database.open(), schema)


def fetched(place: Place, schema: str, sql: str) -> list[tuple[object, ...]]:
    rows = place.run(lambda database: database.fetch(sql), schema)
    return [tuple(row.values()) for row in rows]


def refused(place: Place, schema: str) -> MigrationRefused:
    """The refusal of `schema`; the old one must go on working with the same rows."""
    with pytest.raises(MigrationRefused) as refusal:
        migrate(place, schema)
    old = table(place, *BASE)
    rows = fetched(place, old, "SELECT id, name, size FROM t ORDER BY id")
    assert rows == [(1, "a", 10), (2, "b", 20), (3, None, 30)]
    place.run(lambda database: database.ready(), old)
    return refusal.value


def breaks(place: Place, schema: str, sql: str, fault: type[Fault]) -> None:
    with pytest.raises(fault):
        place.run(lambda database: database.execute(sql), schema)


def test_same_schema_twice(place: Place) -> None:
    filled(place)
    schema = table(place, *BASE)
    assert fetched(place, schema, "SELECT count(*) FROM specora_schema") == [(1,)]


def test_own_tables(place: Place) -> None:
    schema = table(place, *BASE)
    assert fetched(place, schema, "SELECT name, value FROM specora_sequences") == []
    columns = "id, entity, record, name, payload, created_at, published_at"
    assert fetched(place, schema, f"SELECT {columns} FROM specora_outbox") == []
    columns = "id, fingerprint, created_at, status, headers, body"
    assert fetched(place, schema, f"SELECT {columns} FROM specora_idempotency") == []
    sql = "SELECT checksum, applied_at FROM specora_schema WHERE applied_at IS NOT NULL"
    assert len(fetched(place, schema, sql)) == 1


def test_own_tables_are_added_to_a_schema_that_is_at_head(place: Place) -> None:
    if place.store == "memory":
        pytest.skip("what it holds ends with it")
    schema = table(place, *BASE)
    drop = "DROP TABLE specora_idempotency"
    place.run(lambda database: database.execute(drop), schema)
    assert fetched(place, schema, "SELECT id FROM specora_idempotency") == []


def test_new_table_column_and_index(place: Place) -> None:
    filled(place)
    schema = table(
        place,
        *BASE[:3],
        '"note" {text}',
        '"level" {small} NOT NULL DEFAULT 5 CHECK ("level" < 9)',
        KEY,
        after='CREATE INDEX IF NOT EXISTS "t_note_idx" ON "t" ("note");\n\n'
        'CREATE TABLE IF NOT EXISTS "u" (\n    "id" {small} NOT NULL\n);',
    )
    rows = fetched(
        place, schema, "SELECT id, name, size, note, level FROM t ORDER BY id"
    )
    assert rows == [
        (1, "a", 10, None, 5),
        (2, "b", 20, None, 5),
        (3, None, 30, None, 5),
    ]
    assert fetched(place, schema, "SELECT * FROM u") == []
    breaks(place, schema, "UPDATE t SET level = 9", CheckViolation)


def test_new_required_column_without_default(place: Place) -> None:
    filled(place)
    schema = table(place, *BASE[:3], '"code" {text} NOT NULL', KEY)
    refusal = refused(place, schema)
    assert (refusal.table, refusal.column) == ("t", "code")
    assert "3 rows" in refusal.reason
    assert "default" in refusal.help


def test_new_required_column_on_empty_table(place: Place) -> None:
    filled(place, rows=())
    schema = table(place, *BASE[:3], '"code" {text} NOT NULL', KEY)
    assert fetched(place, schema, "SELECT code FROM t") == []


def test_removed_column_stays_and_may_come_back(place: Place) -> None:
    filled(place, rows=ROWS[:2])
    without = table(place, BASE[0], BASE[1], KEY)
    sql = "INSERT INTO t (id, name) VALUES (4, 'd') RETURNING id"

    async def insert(database: Database) -> None:
        async with database.transaction() as connection:
            await connection.fetch(sql)

    place.run(insert, without)
    rows = [(1, 10), (2, 20), (4, None)]
    assert fetched(place, without, "SELECT id, size FROM t ORDER BY id") == rows
    again = table(place, BASE[0], BASE[1], '"size" {small}', KEY)
    assert fetched(place, again, "SELECT id, size FROM t ORDER BY id") == rows
    strict = table(place, *BASE)
    with pytest.raises(MigrationRefused, match="1 rows have no value"):
        migrate(place, strict)


def test_removed_table_stays(place: Place) -> None:
    filled(place)
    other = table(place, '"id" {small} NOT NULL', name="other")
    assert fetched(place, other, "SELECT count(*) FROM t") == [(3,)]
    again = table(place, *BASE)
    assert fetched(place, again, "SELECT count(*) FROM t") == [(3,)]


def test_removed_table_holds_on_to_no_row(place: Place) -> None:
    child = (
        '"id" {small} NOT NULL',
        '"t_id" {small}',
        'CONSTRAINT "child_t_id_fkey" FOREIGN KEY ("t_id") REFERENCES "t" ("id")',
    )
    both = table(place, *BASE) + "\n" + table(place, *child, name="child")

    async def work(database: Database) -> None:
        await database.execute("INSERT INTO t (id) VALUES (1)")
        await database.execute("INSERT INTO child (id, t_id) VALUES (1, 1)")

    place.run(work, both)
    alone = table(place, *BASE)
    place.run(lambda database: database.execute("DELETE FROM t"), alone)
    assert fetched(place, alone, "SELECT t_id FROM child") == [(1,)]


def test_nullability(place: Place) -> None:
    filled(place)
    looser = table(place, BASE[0], BASE[1], '"size" {small}', KEY)
    assert fetched(place, looser, "SELECT count(*) FROM t") == [(3,)]
    place.run(lambda database: database.execute("UPDATE t SET size = NULL"), looser)
    with pytest.raises(MigrationRefused, match="3 rows have no value"):
        migrate(place, table(place, *BASE))
    place.run(lambda database: database.execute("UPDATE t SET size = 1"), looser)
    migrate(place, table(place, *BASE))


def test_required_column_with_gaps(place: Place) -> None:
    filled(place)
    schema = table(place, BASE[0], '"name" {text} NOT NULL', BASE[2], KEY)
    refusal = refused(place, schema)
    assert (refusal.column, refusal.reason) == ("name", "1 rows have no value for it")


@pytest.mark.parametrize("inline", [True, False])
def test_changed_check(place: Place, inline: bool) -> None:
    def schema(values: str) -> str:
        check = f'CHECK ("name" IN ({values}))'
        named = f'CONSTRAINT "t_name_check" {check}'
        name = f'"name" {{text}} {check}' if inline else BASE[1]
        return table(place, BASE[0], name, BASE[2], KEY, *([] if inline else [named]))

    filled(place)
    with pytest.raises(MigrationRefused, match="1 rows break"):
        migrate(place, schema("'a'"))
    narrow, wide = schema("'a', 'b'"), schema("'a', 'b', 'c; (d)'")
    migrate(place, narrow)
    breaks(place, narrow, "UPDATE t SET name = 'c; (d)' WHERE id = 3", CheckViolation)
    change = "UPDATE t SET name = 'c; (d)' WHERE id = 3"
    assert place.run(lambda database: database.execute(change), wide) == 1
    with pytest.raises(MigrationRefused, match="1 rows break"):
        migrate(place, narrow)


def test_unique(place: Place) -> None:
    filled(place)
    key = 'CONSTRAINT "t_name_key" UNIQUE ("name")'
    schema = table(place, *BASE, key)
    migrate(place, schema)
    breaks(place, schema, "UPDATE t SET name = 'a' WHERE id = 2", UniqueViolation)
    plain = table(place, *BASE)
    place.run(lambda d: d.execute("UPDATE t SET name = 'a' WHERE id = 2"), plain)
    with pytest.raises(MigrationRefused, match="2 rows share") as refusal:
        migrate(place, schema)
    assert refusal.value.column == "name"


def test_unique_index(place: Place) -> None:
    filled(place)
    index = 'CREATE UNIQUE INDEX IF NOT EXISTS "t_size" ON "t" ("size" DESC) WHERE "id" < 3;'
    schema = table(place, *BASE, after=index)
    migrate(place, schema)
    breaks(place, schema, "UPDATE t SET size = 10", UniqueViolation)
    plain = table(place, *BASE)
    place.run(lambda d: d.execute("UPDATE t SET size = 10"), plain)
    with pytest.raises(MigrationRefused, match="2 rows share"):
        migrate(place, schema)
    place.run(lambda d: d.execute("UPDATE t SET size = 20 WHERE id = 2"), plain)
    migrate(place, schema)


def test_reference(place: Place) -> None:
    filled(place)
    link = 'CONSTRAINT "t_size_fkey" FOREIGN KEY ("size") REFERENCES "u" ("id")'
    other = table(
        place,
        '"id" {small} NOT NULL',
        'CONSTRAINT "u_pkey" PRIMARY KEY ("id")',
        name="u",
    )
    linked = table(place, *BASE, link) + "\n" + other
    with pytest.raises(MigrationRefused, match="3 rows refer to no row of `u`"):
        migrate(place, linked)
    plain = table(place, *BASE) + "\n" + other

    async def work(database: Database) -> None:
        await database.execute("INSERT INTO u VALUES (10), (20)")

    place.run(work, plain)
    with pytest.raises(MigrationRefused, match="1 rows refer to no row of `u`"):
        migrate(place, linked)
    place.run(lambda d: d.execute("UPDATE t SET size = 20 WHERE id = 3"), plain)
    migrate(place, linked)


def test_rename_column(place: Place) -> None:
    filled(place)
    check = 'CONSTRAINT "t_title_check" CHECK ("title" <> \'z\')'
    schema = table(
        place, BASE[0], '"title" {text} -- renamed from "name"', BASE[2], KEY, check
    )
    for _ in range(2):
        rows = fetched(place, schema, "SELECT id, title, size FROM t ORDER BY id")
        assert rows == [(1, "a", 10), (2, "b", 20), (3, None, 30)]
    breaks(place, schema, "UPDATE t SET title = 'z'", CheckViolation)


@pytest.mark.parametrize("former", ['"label", "name"', '"name", "label"'])
def test_a_database_may_know_any_of_several_former_names(
    place: Place, former: str
) -> None:
    filled(place)
    title = f'"title" {{text}} -- renamed from {former}'
    schema = table(place, BASE[0], title, BASE[2], KEY)
    rows = fetched(place, schema, "SELECT id, title FROM t ORDER BY id")
    assert rows == [(1, "a"), (2, "b"), (3, None)]
    note = '( -- renamed from "s", "t"\n'
    other = table(place, BASE[0], title, BASE[2], KEY, name="u")
    schema = other.replace("(\n", note, 1)
    assert fetched(place, schema, "SELECT count(*) FROM u") == [(3,)]


def test_rename_table(place: Place) -> None:
    filled(place)
    schema = table(place, *BASE, name="s").replace("(\n", '( -- renamed from "t"\n', 1)
    assert fetched(place, schema, "SELECT count(*) FROM s") == [(3,)]
    with pytest.raises(BadStatement):
        fetched(place, schema, "SELECT * FROM t")


def test_widened_type(place: Place) -> None:
    filled(place)
    wide = table(place, BASE[0], BASE[1], '"size" {number} NOT NULL DEFAULT 1', KEY)
    rows = fetched(place, wide, "SELECT id, size FROM t ORDER BY id")
    assert rows == [(1, 10.0), (2, 20.0), (3, 30.0)]
    assert all(isinstance(size, float) for _, size in rows)
    back = table(place, *BASE)
    rows = fetched(place, back, "SELECT id, size FROM t ORDER BY id")
    assert rows == [(1, 10), (2, 20), (3, 30)]
    assert all(isinstance(size, int) for _, size in rows)


def test_type_that_loses_values(place: Place) -> None:
    filled(place)
    wide = table(place, BASE[0], BASE[1], '"size" {number} NOT NULL DEFAULT 1', KEY)
    place.run(lambda d: d.execute("UPDATE t SET size = 1.5 WHERE id = 1"), wide)
    with pytest.raises(MigrationRefused) as refusal:
        migrate(place, table(place, *BASE))
    assert refusal.value.column == "size"
    assert fetched(place, wide, "SELECT size FROM t ORDER BY id") == [
        (1.5,),
        (20,),
        (30,),
    ]


def test_type_that_does_not_convert(place: Place) -> None:
    filled(place)
    refusal = refused(place, table(place, BASE[0], '"name" {small}', BASE[2], KEY))
    assert refusal.column == "name"


def test_text_to_integer(place: Place) -> None:
    filled(place, rows=("(1, '17', 1)", "(2, NULL, 1)"))
    schema = table(place, BASE[0], '"name" {small}', BASE[2], KEY)
    assert fetched(place, schema, "SELECT name FROM t ORDER BY id") == [(17,), (None,)]


def test_tables_that_refer_to_each_other(place: Place) -> None:
    def half(name: str, other: str, type: str) -> str:
        return table(
            place,
            f'"id" {type} NOT NULL',
            f'"other" {type}',
            f'CONSTRAINT "{name}_pkey" PRIMARY KEY ("id")',
            f'CONSTRAINT "{name}_fkey" FOREIGN KEY ("other") REFERENCES "{other}" ("id")',
            name=name,
        )

    first = half("a", "b", "{small}") + "\n" + half("b", "a", "{small}")

    async def work(database: Database) -> None:
        await database.execute("INSERT INTO a VALUES (1, NULL)")
        await database.execute("INSERT INTO b VALUES (1, 1)")
        await database.execute("UPDATE a SET other = 1")

    place.run(work, first)
    second = half("a", "b", "{number}") + "\n" + half("b", "a", "{number}")
    assert fetched(place, second, "SELECT id, other FROM a") == [(1.0, 1.0)]
    with pytest.raises(Fault):
        place.run(lambda database: database.execute("UPDATE b SET other = 9"), second)


def test_rebuilt_parent_keeps_its_children(place: Place) -> None:
    child = table(
        place,
        '"id" {small} NOT NULL',
        '"t_id" {small}',
        'CONSTRAINT "c_fkey" FOREIGN KEY ("t_id") REFERENCES "t" ("id") ON DELETE CASCADE',
        name="c",
    )
    filled(place)
    before = table(place, *BASE) + "\n" + child

    async def work(database: Database) -> None:
        await database.execute("INSERT INTO c VALUES (1, 1), (2, 2)")

    place.run(work, before)
    after = table(place, *BASE[:3], '"x" {text}', KEY) + "\n" + child
    assert fetched(place, after, "SELECT t_id FROM c ORDER BY id") == [(1,), (2,)]
    place.run(lambda database: database.execute("DELETE FROM t WHERE id = 1"), after)
    assert fetched(place, after, "SELECT t_id FROM c") == [(2,)]


def test_table_of_somebody_else(place: Place) -> None:
    async def work(database: Database) -> None:
        small = TYPES[place.dialect]["small"]
        await database.execute(f"CREATE TABLE t (id {small}, name text, size {small})")
        await database.execute("INSERT INTO t VALUES (1, 'a', 10)")

    place.run(work, table(place, '"id" {small}', name="unrelated"))
    assert fetched(place, table(place, *BASE), "SELECT id FROM t") == [(1,)]


def test_table_of_somebody_else_without_a_column(place: Place) -> None:
    async def work(database: Database) -> None:
        await database.execute("CREATE TABLE t (id int, name text)")

    place.run(work, table(place, '"id" {small}', name="unrelated"))
    with pytest.raises(MigrationRefused) as refusal:
        migrate(place, table(place, *BASE))
    assert refusal.value.column == "size"


def test_failure_at_the_end_changes_nothing(place: Place) -> None:
    filled(place)
    schema = table(
        place, *BASE[:3], '"x" {text}', KEY, after="SELECT broken FROM nothing;"
    )
    with pytest.raises(BadStatement):
        migrate(place, schema)
    place.run(lambda database: database.ready(), table(place, *BASE))


CRASHING = """
    import asyncio, os, sys
    from pathlib import Path
    sys.path[:0] = [{tests!r}]
    from databases import Place
    import specora_runtime.{module} as module

    apply = module.apply_{dialect}

    async def die(connection, plan):
        await apply(connection, plan)
        os._exit(9)

    import specora_runtime.migrate as migrate
    migrate.apply_{dialect} = die
    place = Place({store!r}, Path({folder!r}), {url!r})
    place.run(lambda database: database.open(), Path({schema!r}).read_text())
"""


def process(
    place: Place, code: str, schema: str, **more: str
) -> subprocess.Popen[bytes]:
    """A process of its own that runs `code` at the same place."""
    file = place.folder / "schema.txt"
    file.write_text(schema)
    text = textwrap.dedent(code).format(
        tests=str(Path(__file__).parent),
        store=place.store,
        folder=str(place.folder),
        url=place.url,
        schema=str(file),
        **more,
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", text], env=environment)


def test_crash_in_the_middle_leaves_the_old_schema(place: Place) -> None:
    filled(place)
    schema = table(place, *BASE[:3], '"x" {text} NOT NULL DEFAULT 1', KEY)
    dialect = "sqlite" if place.dialect == "sqlite" else "postgres"
    module = f"migrate_{dialect}"
    crashed = process(place, CRASHING, schema, module=module, dialect=dialect)
    assert crashed.wait(60) == 9
    place.run(lambda database: database.ready(), table(place, *BASE))
    assert fetched(place, schema, "SELECT x FROM t WHERE id = 1") == [("1",)]


STARTING = """
    import sys
    from pathlib import Path
    sys.path[:0] = [{tests!r}]
    from databases import Place
    place = Place({store!r}, Path({folder!r}), {url!r})
    place.run(lambda database: database.ready(), Path({schema!r}).read_text())
"""


def test_processes_that_start_together(place: Place) -> None:
    schema = table(place, *BASE)
    starters = [process(place, STARTING, schema) for _ in range(4)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
    assert fetched(place, schema, "SELECT count(*) FROM specora_schema") == [(1,)]
    wider = table(place, *BASE[:3], '"x" {text}', KEY)
    starters = [process(place, STARTING, wider) for _ in range(4)]
    assert [starter.wait(60) for starter in starters] == [0, 0, 0, 0]
    assert fetched(place, wider, "SELECT count(*) FROM specora_schema") == [(2,)]


def test_two_starters_in_one_loop(place: Place) -> None:
    async def main() -> None:
        databases = [place.open(table(place, *BASE)) for _ in range(5)]
        await asyncio.gather(*(database.ready() for database in databases))
        for database in databases:
            await database.close()

    asyncio.run(main())


def test_text_reads_back() -> None:
    text = textwrap.dedent("""\
        -- @generated

        CREATE TABLE IF NOT EXISTS "t" (
            "id" uuid NOT NULL,
            "n" bigint GENERATED BY DEFAULT AS IDENTITY,
            "a""b, (" text COLLATE "C" NOT NULL DEFAULT 'it''s, (NOT NULL' CHECK ("a" <> ')('),
            "p" numeric(10, 2) DEFAULT 0 CHECK (p > 0) CONSTRAINT "z" CHECK (p < 5),
            "r" uuid REFERENCES "t" ("id") ON DELETE SET NULL,
            "d" double precision DEFAULT NULL,
            CONSTRAINT "t_pkey" PRIMARY KEY ("id")
        );

        CREATE UNIQUE INDEX IF NOT EXISTS "u" ON "t" (lower("a"), "b") WHERE "x" IS NULL;

        CREATE EXTENSION x;
        """)
    schema = parse_schema(text)
    assert schema.text == text.removeprefix("-- @generated\n\n")
    columns = {column.name: column for column in schema.tables[0].columns}
    assert columns['a"b, ('].type == 'text COLLATE "C"'
    assert columns['a"b, ('].default == "'it''s, (NOT NULL'"
    assert columns["p"].checks == ("CHECK (p > 0)", 'CONSTRAINT "z" CHECK (p < 5)')
    assert columns["r"].extras == ('REFERENCES "t" ("id") ON DELETE SET NULL',)
    assert columns["n"].is_counted


def test_reference_of_its_own_statement_belongs_to_the_table() -> None:
    text = textwrap.dedent("""\
        CREATE TABLE IF NOT EXISTS "a" (
            -- The "other", CHECK (
            "b" bigint, -- renamed from "c"
            "n" text DEFAULT '-- renamed from "x"'
        );

        ALTER TABLE "a"
            DROP CONSTRAINT IF EXISTS "a_fkey",
            ADD CONSTRAINT "a_fkey" FOREIGN KEY ("b") REFERENCES "b" ("id");
        """)
    (only,) = parse_schema(text).tables
    assert only.constraints[0].definition == 'FOREIGN KEY ("b") REFERENCES "b" ("id")'
    assert [column.renamed_from for column in only.columns] == [("c",), ()]
    assert only.columns[1].default == "'-- renamed from \"x\"'"


def test_new_key_that_the_database_counts(place: Place) -> None:
    filled(place)
    if place.dialect == "sqlite":
        number, key = '"number" INTEGER PRIMARY KEY AUTOINCREMENT', ()
    else:
        number = '"number" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY'
        key = ('CONSTRAINT "t_pkey" PRIMARY KEY ("number")',)
    schema = table(place, *BASE[:3], number, *key)
    assert fetched(place, schema, "SELECT number FROM t ORDER BY 1") == [
        (1,),
        (2,),
        (3,),
    ]
    more = "INSERT INTO t (id, name, size) VALUES (9, NULL, 1)"
    place.run(lambda database: database.execute(more), schema)
    place.run(lambda database: database.execute("DELETE FROM t WHERE id = 9"), schema)
    wider = table(place, *BASE[:3], number, '"x" {text}', *key)
    place.run(lambda database: database.execute(more), wider)
    assert fetched(place, wider, "SELECT number FROM t WHERE id = 9") == [(5,)]
