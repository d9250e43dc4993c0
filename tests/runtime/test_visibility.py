"""The one source of the row predicate: every statement carries it, or has none to carry."""

from __future__ import annotations

import re
from dataclasses import replace
from inspect import getmembers, getsource, isroutine, signature
from pathlib import Path
from typing import Final

import pytest
from domain import ENTITIES, FOLDER, TICKET
from statements import NOT_OVER_ROWS, calls, statements

import specora_runtime.sql as sql
from specora_runtime.conditions import Where
from specora_runtime.database import POSTGRESQL, SQLITE, Dialect
from specora_runtime.entity import ANONYMOUS, Caller, Entity, Field, Type
from specora_runtime.key_reads import KeyReads
from specora_runtime.lone_updates import LoneUpdates
from specora_runtime.query import Query
from specora_runtime.sql import Table, table_of
from specora_runtime.visibility import (
    EVERYTHING,
    LIVE,
    Deleted,
    Sight,
    row_parameters,
    row_predicate,
    sight_of,
)

DIALECTS = pytest.mark.parametrize(
    "dialect", [POSTGRESQL, SQLITE], ids=lambda d: d.name
)
SIGHTS = pytest.mark.parametrize(
    "sight",
    [Sight(tenant, kind) for tenant in (None, "acme") for kind in Deleted],
    ids=str,
)

NOTE: Final = Entity(
    name="note",
    table="notes",
    tenant="tenant_id",
    soft_delete="deleted_at",
    fields=(
        Field(name="id", type=Type.STRING, required=True),
        Field(name="tenant_id", type=Type.STRING, required=True),
        Field(name="text", type=Type.STRING),
        Field(name="deleted_at", type=Type.DATETIME),
    ),
)
ID: Final = "01890000-0000-7000-8000-00000000000a"
MARKED: Final = {
    Deleted.EXCLUDE: ' AND "deleted_at" IS NULL',
    Deleted.ONLY: ' AND "deleted_at" IS NOT NULL',
    Deleted.INCLUDE: "",
}


def parameter_of(dialect: Dialect, n: int) -> str:
    return f"${n}::text" if dialect is POSTGRESQL else f"?{n}"


@DIALECTS
@SIGHTS
def test_every_statement_names_the_tenant_and_the_mark(
    dialect: Dialect, sight: Sight
) -> None:
    for name, made in calls(table_of(NOTE, dialect), sight).items():
        for text, parameters in made:
            found = re.findall(r'"tenant_id" = [$?](\d+)', text.partition(" WHERE ")[2])
            assert len(found) == 1, name
            assert parameters[int(found[0]) - 1] == sight.tenant
            assert f'"tenant_id" = {parameter_of(dialect, int(found[0]))}' in text
            assert MARKED[sight.deleted] in text
            assert text.count("IS NULL") == (sight.deleted is Deleted.EXCLUDE)
            assert text.count("IS NOT NULL") == (sight.deleted is Deleted.ONLY)


@DIALECTS
def test_what_keeps_references_whole_reaches_every_tenant(dialect: Dialect) -> None:
    for text in statements(table_of(NOTE, dialect), LIVE):
        assert '"tenant_id" = ' not in text.partition(" WHERE ")[2]
        assert '"deleted_at" IS NULL' in text
    for text in statements(table_of(NOTE, dialect), EVERYTHING):
        assert " IS NULL" not in text
    assert row_parameters(NOTE, dialect, LIVE) == []


def test_no_statement_is_forgotten() -> None:
    """A method of `Table` that writes a statement takes a sight and is walked above."""
    table = table_of(NOTE, SQLITE)
    public = {name for name, _ in getmembers(Table, isroutine) if name[0] != "_"}
    assert set(calls(table, Sight())) == public - NOT_OVER_ROWS
    for name in calls(table, Sight()):
        sight = signature(getattr(Table, name)).parameters["sight"]
        assert sight.default is sight.empty, f"`{name}` must be told who looks"


def test_what_writes_statements_of_its_own_asks_the_seam() -> None:
    """A module that names an entity's table takes its condition from the one place."""
    written = re.compile(
        r"(FROM|UPDATE) \{(table|self)\.(name|source)\}|entity\.table\)"
    )
    asking = re.compile(r"row_predicate\(|\.reached\(|predicate\(|where\.clause\(")
    sources = {
        path.name: path.read_text("utf-8")
        for path in Path(sql.__file__).parent.glob("*.py")
    }
    writing = {name for name, source in sources.items() if written.search(source)}
    assert writing >= {"sql.py", "key_reads.py", "lone_updates.py", "sql_related.py"}
    assert [name for name in writing if not asking.search(sources[name])] == []


@SIGHTS
def test_statements_for_speed_reach_the_same_rows(sight: Sight) -> None:
    key, *rest = NOTE.fields
    entity = replace(NOTE, fields=(replace(key, type=Type.UUID), *rest))
    table = table_of(entity, POSTGRESQL)
    read = KeyReads(table).of(sight)
    update = LoneUpdates(table, frozenset()).of(("text",), sight)
    assert read is not None
    assert update is not None
    assert '"tenant_id" = $2::text' + MARKED[sight.deleted] in read.text
    assert '"tenant_id" = $3::text' + MARKED[sight.deleted] in update.text


def test_only_the_seam_knows_the_marks() -> None:
    source = getsource(sql)
    assert "soft_delete" not in source
    assert ".tenant" not in source


@DIALECTS
@pytest.mark.parametrize(
    "entity", [e for e in ENTITIES if not e.soft_delete], ids=lambda e: e.name
)
def test_it_costs_nothing_where_it_is_not_used(
    entity: Entity, dialect: Dialect
) -> None:
    table = table_of(entity, dialect)
    plain = calls(table, Sight())
    for kind in Deleted:
        assert row_predicate(entity, dialect, Sight("acme", kind), 1) == ""
        assert row_parameters(entity, dialect, Sight("acme", kind)) == []
        assert calls(table, Sight("acme", kind)) == plain


def test_statements_without_a_predicate() -> None:
    table, columns = table_of(TICKET, SQLITE), table_of(TICKET, SQLITE).columns
    sight = Sight("acme")
    assert table.get([ID], sight) == (
        f'SELECT {columns} FROM "tickets" WHERE "id" = ?1',
        [ID],
    )
    assert table.delete([ID], sight) == (
        'DELETE FROM "tickets" WHERE "id" = ?1',
        [ID],
    )
    assert table.update(("subject",), {"subject": "s"}, {"id": ID}, sight) == (
        f'UPDATE "tickets" SET "subject" = ?1 WHERE "id" = ?2 RETURNING {table.returned}',
        ["s", ID],
    )


def test_joined_tables_share_the_parameter() -> None:
    sight = Sight("acme")
    assert row_predicate(NOTE, POSTGRESQL, sight, 3, "n") == (
        '"n"."tenant_id" = $3::text AND "n"."deleted_at" IS NULL'
    )
    assert row_predicate(FOLDER, SQLITE, sight, 3, "f") == '"f"."deleted_at" IS NULL'
    table = table_of(NOTE, SQLITE)
    where = Where(NOTE, SQLITE, table.comparands, sight, Query())
    assert where.predicate(NOTE, "n").startswith('"n"."tenant_id" = ?1 AND')
    assert where.predicate(FOLDER, "f") == '"f"."deleted_at" IS NULL'
    assert where.parameters == ["acme"]


def test_a_tenant_that_the_field_cannot_hold_has_no_rows() -> None:
    fields = (Field(name="tenant_id", type=Type.UUID, required=True),)
    entity = Entity(name="x", table="x", tenant="tenant_id", fields=fields)
    assert row_parameters(entity, SQLITE, Sight("acme")) == [None]
    upper = "01890000-0000-7000-8000-00000000000A"
    assert row_parameters(entity, SQLITE, Sight(upper)) == [upper.lower()]


def test_what_callers_reach() -> None:
    assert sight_of(ANONYMOUS) == Sight()
    assert sight_of(Caller(tenant="acme"), Deleted.ONLY) == Sight("acme", Deleted.ONLY)
    assert sight_of(Caller(every_tenant=True)) == LIVE
