"""Generated schemas load into real databases and refuse what the contracts forbid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scenarios import compile_contracts, enveloped
from schema_stores import PostgresStore, SqliteStore, Store, schema

from forge.emit import Target
from forge.ir.application import Application
from forge.ir.compiler import Compiler
from forge.targets.postgres import TARGET as POSTGRES
from forge.targets.sql.plan import plan
from forge.targets.sql.postgresql import PostgresDialect
from forge.targets.sql.sqlite import SqliteDialect
from forge.targets.sqlite import TARGET as SQLITE
from specora_runtime.dialect import SQLITE as DIALECT
from specora_runtime.entity import Field, Type
from specora_runtime.schema_text import parse_schema
from specora_runtime.values import encode

DIALECTS = (PostgresDialect(), SqliteDialect())
DOMAINS = Path("/work/shared/domains")

THING = enveloped(
    "entity/shop/thing",
    r"""
fields:
  title: {type: string, constraints: {minLength: 2, maxLength: 4}}
  mail: {type: email, description: "hostile */ -- '; {{ x }} \u202e \n);"}
  rating: {type: integer, constraints: {min: 1, max: 5}}
  narrow: {type: integer, format: int16}
  medium: {type: integer, format: int32}
  weight: {type: number, constraints: {min: 0.1}}
  price: {type: decimal, constraints: {min: "0.05", max: 100, precision: 6, scale: 2}}
  share: {type: decimal, constraints: {scale: 4}}
  exact: {type: decimal, constraints: {precision: 4}}
  plain: {type: decimal}
  active: {type: boolean}
  day: {type: date, constraints: {min: "2000-01-01"}}
  moment: {type: datetime, constraints: {max: "2099-12-31T23:59:59Z"}}
  opens: {type: time, constraints: {min: "06:00:00"}}
  span: {type: duration}
  other: {type: uuid}
  photo: {type: binary, constraints: {maxLength: 2}}
  tags: {type: array, items_type: string, constraints: {minItems: 1, maxItems: 2}}
  options: {type: object}
  anything: {type: json}
  color: {type: string, enum: [red, "it's", "two\nlines", "\u202eabc", 'back\slash']}
  level: {type: integer, enum: [1, 2, 3]}
  sku: {type: string, constraints: {pattern: "^[A-Z]{2}-[0-9]+$"}}
  odd: {type: string, column: 'to; -- "x"', constraints: {maxLength: 1}}
  code: {type: string, unique: true}
  must: {type: string, required: true, default: "\r\n'\\ -- renamed from \"y\""}
state_machine: workflow/shop/life
""",
)
LIFE = enveloped(
    "workflow/shop/life",
    """
initial: new
states: {new: {label: New}, old: {label: Old, terminal: true}}
transitions: {new: [old]}
""",
)

# Column, a value that is refused and one that is not: as both databases write it, or as
# PostgreSQL and as SQLite do. None where a database has no way to refuse.
CASES: tuple[
    tuple[str, str | tuple[str | None, str | None], str | tuple[str, str]], ...
]
CASES = (
    ("id", ("'x'", "'x'"), "'00000000-0000-0000-0000-00000000000a'"),
    ("title", "'a'", "'\U0001f600\U0001f600\U0001f600\U0001f600'"),
    ("title", "'abcde'", "'ab'"),
    ("mail", "'nobody'", "'a@b'"),
    ("mail", f"'{'a' * 250}@b.cd'", "'a@b.cd'"),
    ("rating", "0", "1"),
    ("rating", "6", "5"),
    ("narrow", "32768", "32767"),
    ("narrow", "-32769", "-32768"),
    ("medium", "2147483648", "2147483647"),
    ("weight", "0.09", "0.1"),
    ("price", ("0.04", "'0.04'"), ("0.05", "'0.05'")),
    ("price", ("100.01", "'100.01'"), ("100", "'100.00'")),
    ("price", ("10000", "'10000.00'"), ("99.99", "'99.99'")),
    ("price", (None, "'1.001'"), ("1.00", "'1.00'")),
    ("share", ("0.00001", "'0.00001'"), ("-10.0001", "'-10.0001'")),
    ("exact", ("123.45", "'123.45'"), ("-12.34", "'-12.34'")),
    ("exact", ("0.12345", "'0.12345'"), ("0.1234", "'0.1234'")),
    ("plain", ("'x'", None), ("1e500", "'1'")),
    ("active", ("'maybe'", "2"), ("true", "1")),
    ("day", "'1999-12-31'", "'2000-01-01'"),
    ("moment", "'2100-01-01T00:00:00.000000Z'", "'2099-12-31T23:59:59.000000Z'"),
    ("moment", "'tomorrow-ish'", "'0001-01-01T00:00:00.000000Z'"),
    ("opens", "'05:59:59.999999'", "'06:00:00.000000'"),
    ("span", ("'x'", None), "'P1Y2M3DT4H'"),
    ("other", "'x'", "'00000000-0000-0000-0000-000000000000'"),
    ("photo", ("'\\x010203'", "X'010203'"), ("'\\x0102'", "X'0102'")),
    ("tags", "'[]'", "'[\"a\"]'"),
    ("tags", '\'["a", "b", "c"]\'', '\'["a", "b"]\''),
    ("tags", "'{}'", "'[\"a\"]'"),
    ("tags", ("'[1]'", None), "'[\"a\"]'"),
    ("options", "'[]'", "'{}'"),
    ("options", "'{'", "'{}'"),
    ("anything", "'{'", "'null'"),
    ("color", "'green'", "'it''s'"),
    ("color", "'two lines'", ("E'two\\nlines'", "'two' || char(10) || 'lines'")),
    ("color", "'abc'", ("E'\\u202eabc'", "char(8238) || 'abc'")),
    ("color", "'back\\\\slash'", "'back\\slash'"),
    ("level", "4", "3"),
    ("sku", ("'AB-'", None), "'AB-1'"),
    ("sku", ("E'AB-1\\n'", None), "'ZZ-12'"),
    ('to; -- "x"', "'ab'", "'a'"),
    ("state", "'gone'", "'old'"),
    ("must", "NULL", "''"),
    ("code", f"'{'a' * 2601}'", f"'{'b' * 2600}'"),
)


@pytest.fixture(params=("sqlite", "postgres"))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield SqliteStore()
        return
    opened = PostgresStore(request.getfixturevalue("postgres_database"))
    yield opened
    opened.close()


def things() -> Application:
    return compile_contracts(THING, LIFE)


def test_every_check_refuses_a_bad_row(store: Store) -> None:
    store.load(things())
    accepted = refused = 0
    for number, (column, bad, good) in enumerate(CASES):
        bad_value, good_value = _for(store, bad), _for(store, good)
        if bad_value is not None:
            assert store.refuses(_insert(number, column, bad_value)), (column, bad)
            refused += 1
        assert store.refuses(_insert(number, column, good_value or "")) == ""
        accepted += 1
    assert store.count("things") == accepted
    assert refused > len(CASES) - 8


@pytest.mark.parametrize("target", [POSTGRES, SQLITE], ids=lambda t: t.name)
def test_the_cases_reach_every_check(target: Target) -> None:
    checked = re.findall(
        r'CONSTRAINT "things_(.*)_check" CHECK', schema(target, things())
    )
    covered = {column for column, _, _ in CASES}
    assert {name.replace('""', '"') for name in checked} <= covered


STORED: tuple[tuple[str, Type, object], ...] = (
    ("moment", Type.DATETIME, "0001-01-01T00:00:00Z"),
    ("moment", Type.DATETIME, "2099-12-31T23:59:59+00:00"),
    ("day", Type.DATE, "9999-12-31"),
    ("opens", Type.TIME, "23:59:59.999999"),
    ("opens", Type.TIME, "06:00:00"),
    ("other", Type.UUID, "ABCDEFAB-0000-7000-8000-000000000000"),
    ("plain", Type.DECIMAL, "-1" + "0" * 40),
    ("exact", Type.DECIMAL, "0.1000"),
    ("price", Type.DECIMAL, 0.05),
    ("weight", Type.NUMBER, 1),
    ("active", Type.BOOLEAN, True),
    ("span", Type.DURATION, "-PT90M"),
    ("photo", Type.BINARY, "AP8="),
    ("tags", Type.ARRAY, ["a"]),
    ("options", Type.OBJECT, {"a": None}),
    ("anything", Type.JSON, [1e300]),
    ("mail", Type.EMAIL, "a@b"),
)


@pytest.mark.parametrize(("column", "kind", "value"), STORED)
def test_what_the_runtime_stores_passes(column: str, kind: Type, value: object) -> None:
    scale = 2 if column == "price" else None
    field = Field(name=column, type=kind, scale=scale)
    store = SqliteStore()
    store.load(things())
    store.run(
        f'INSERT INTO "things" ("id", "{column}") VALUES (?, ?)',
        "00000000-0000-0000-0000-000000000000",
        encode(field, value, DIALECT),
    )
    assert store.count("things") == 1


def test_a_violation_has_the_name_of_its_constraint(store: Store) -> None:
    store.load(things())
    broken = _insert(1, "rating", "9")
    assert store.refuses(broken) == "things_rating_check"
    store.run(_insert(2, "code", "'a'"))
    twice = _insert(3, "code", "'a'")
    assert store.refuses(twice) in ("things_code_key", "things.code")


def test_a_default_fills_a_required_column(store: Store) -> None:
    store.load(things())
    store.run(_insert(1, "rating", "1"))
    kept = "E'\\r\\n''\\\\ -- renamed from \"y\"'"
    if store.dialect == "sqlite":
        kept = "char(13, 10) || '''\\ -- renamed from \"y\"'"
    store.run(f'DELETE FROM "things" WHERE "must" = {kept} AND "state" = \'new\'')
    assert store.count("things") == 0


def test_a_schema_loads_twice(store: Store) -> None:
    store.load(things())
    store.run(_insert(1, "rating", "1"))
    store.load(things())
    assert store.count("things") == 1


@pytest.mark.parametrize("domain", ["helpdesk", "marketplace", "saas_platform"])
def test_a_shared_domain_loads(store: Store, domain: str) -> None:
    if not (DOMAINS / domain).is_dir():
        pytest.skip(f"{DOMAINS / domain} is not on this machine")
    app = Compiler(contract_root=DOMAINS / domain).compile()
    store.load(app)
    store.load(app)
    assert [store.count(entity.table) for entity in app.entities] == [0] * len(
        app.entities
    )


CIRCLE = (
    enveloped(
        "entity/shop/department",
        """
primary_key: id
fields:
  id: {type: integer, computed: identity}
  head: {type: integer, references: {entity: entity/shop/employee, on_delete: set_null}}
""",
    ),
    enveloped(
        "entity/shop/employee",
        """
primary_key: id
fields:
  id: {type: integer, computed: identity}
  department: {type: integer, references: {entity: entity/shop/department}}
""",
    ),
    enveloped(
        "entity/shop/absence",
        """
primary_key: [employee, day]
fields:
  employee:
    type: integer
    required: true
    references: {entity: entity/shop/employee, on_delete: cascade}
  day: {type: date, required: true}
""",
    ),
)


@pytest.mark.parametrize("target", [POSTGRES, SQLITE], ids=lambda t: t.name)
def test_the_migrator_reads_every_statement(target: Target) -> None:
    for app in (compile_contracts(*CIRCLE), things()):
        text = schema(target, app)
        read = parse_schema(text)
        assert read.others == ()
        assert [[c.name for c in table.columns] for table in read.tables] == [
            [field.column for field in app.entity(fqn).fields]
            for fqn in (f"entity/shop/{table.name[:-1]}" for table in read.tables)
        ]
        constraints = sum(len(table.constraints) for table in read.tables)
        assert constraints == text.count('CONSTRAINT "')
        assert not any(c.renamed_from for table in read.tables for c in table.columns)


def test_what_a_schema_leaves_to_the_api_is_noted() -> None:
    app = things()
    left = {d.name: [(n.field, n.key) for n in plan(app, d).notes] for d in DIALECTS}
    assert left == {
        "postgres": [],
        "sqlite": [("tags", "items_type"), ("sku", "pattern")],
    }


def test_references_hold_in_a_circle(store: Store) -> None:
    store.load(compile_contracts(*CIRCLE))
    store.load(compile_contracts(*CIRCLE))
    assert store.refuses('INSERT INTO "departments" ("head") VALUES (7)')
    assert store.refuses('INSERT INTO "employees" ("department") VALUES (7)')
    store.run('INSERT INTO "departments" ("id") VALUES (1)')
    store.run('INSERT INTO "employees" ("id", "department") VALUES (2, 1)')
    store.run('UPDATE "departments" SET "head" = 2')
    store.run("INSERT INTO \"absences\" VALUES (2, '2024-01-01')")
    assert store.refuses("INSERT INTO \"absences\" VALUES (2, '2024-01-01')")
    assert store.refuses('DELETE FROM "departments"'), "restrict"
    store.run('DELETE FROM "employees"')
    assert store.count("absences") == 0, "cascade"
    store.run('DELETE FROM "departments" WHERE "head" IS NULL')
    assert store.count("departments") == 0, "set_null"


def test_the_database_counts(store: Store) -> None:
    store.load(compile_contracts(*CIRCLE))
    for _ in range(2):
        store.run('INSERT INTO "departments" ("head") VALUES (NULL)')
    store.run('DELETE FROM "departments" WHERE "id" = 2')
    store.run('INSERT INTO "departments" ("head") VALUES (NULL)')
    store.run('DELETE FROM "departments" WHERE "id" IN (1, 3)')
    assert store.count("departments") == 0


def test_a_soft_deleted_row_gives_its_unique_values_free(store: Store) -> None:
    account = enveloped(
        "entity/shop/account",
        "mixins: [mixin/stdlib/soft_deletable]\n"
        "primary_key: n\n"
        "fields:\n"
        "  n: {type: integer, computed: identity}\n"
        "  login: {type: string, unique: true}\n",
    )
    store.load(compile_contracts(account))
    insert = 'INSERT INTO "accounts" ("login") VALUES (\'a\')'
    store.run(insert)
    assert store.refuses(insert) in ("accounts_login_key", "accounts.login")
    store.run('UPDATE "accounts" SET "deleted_at" = \'2024-01-01T00:00:00.000000Z\'')
    assert store.refuses(insert) == ""


def test_a_long_text_never_breaks_an_index(store: Store) -> None:
    note = enveloped(
        "entity/shop/note",
        "primary_key: n\n"
        "indexes: [[title], [n, title, body], [tags], [data], [data, n]]\n"
        "fields:\n"
        "  n: {type: integer, computed: identity}\n"
        "  title: {type: text}\n"
        "  body: {type: text}\n"
        "  tags: {type: array}\n"
        "  data: {type: binary}\n",
    )
    store.load(compile_contracts(note))
    # Incompressible, so that no store makes it fit.
    noise = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(20000))
    octets = "".join(f"{(i * 7919) % 251:02x}" for i in range(20000))
    data = f"X'{octets}'" if store.dialect == "sqlite" else f"'\\x{octets}'"
    store.run(
        'INSERT INTO "notes" ("title", "body", "tags", "data") '
        f"VALUES ('{noise}', '{noise}', '[\"{noise}\"]', {data})"
    )
    assert store.count("notes") == 1


def _for(store: Store, value: str | tuple[str | None, str | None]) -> str | None:
    if isinstance(value, str):
        return value
    return value[0] if store.dialect == "postgres" else value[1]


def _insert(number: int, column: str, value: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    key = f"'00000000-0000-0000-0000-{number:012}'"
    if column == "id":
        return f'INSERT INTO "things" ("id") VALUES ({value})'
    return f'INSERT INTO "things" ("id", {quoted}) VALUES ({key}, {value})'
