"""SQL: dumps, four dialects, and migrations in their order."""

from __future__ import annotations

from pathlib import Path

from factory.importers import migrate
from factory.importers.migration import Migration
from forge.ir.application import Application
from forge.ir.compiler import Compiler

SAMPLE = Path(__file__).parent / "samples" / "shop.sql"


def compiled(found: Migration, folder: Path) -> Application:
    found.apply(folder)
    return Compiler(folder).compile()


def reasons(found: Migration) -> dict[str, str]:
    return {note.what: note.reason for note in found.unmapped}


def test_a_dump(tmp_path: Path) -> None:
    found = migrate(SAMPLE, "shop", output=tmp_path)
    app = compiled(found, tmp_path)
    customer = app.entity("entity/shop/customer")
    assert customer is not None
    fields = {f.name: f for f in customer.fields}
    assert customer.description == "Who buys; and says so."
    assert fields["tier"].enum == ("basic", "silver", "gold")
    assert (fields["tier"].enum_name, fields["tier"].default) == ("tier", "basic")
    assert fields["age"].constraints.min == 18
    assert fields["age"].constraints.max == 149
    assert fields["age"].description == "In years"
    assert fields["region"].enum == ("north", "south")
    assert fields["code"].constraints.pattern == "^[a-z]+$"
    assert fields["code"].required
    assert (fields["balance"].default, fields["balance"].constraints.scale) == (
        "0.00",
        2,
    )
    assert (fields["tags"].default, fields["settings"].default) == ([], {"a": 1})
    assert fields["email"].unique
    assert fields["id"].computed is not None
    lines = app.entity("entity/shop/order_line")
    assert lines is not None
    assert (lines.table, lines.primary_key) == (
        "orderLines",
        ("region", "number", "product_name"),
    )
    assert lines.foreign_keys[0].on_delete == "cascade"
    order = app.entity("entity/shop/order")
    assert order is not None
    assert order.indexes == (("state",),)
    told = reasons(found)
    assert told["view recent"] == "a view is no table of records"
    assert told["unique index customers_lower"] == "is over an expression"
    assert any(what.startswith("CHECK (") and "OR" in what for what in told)
    assert any(
        reason == "a function is code of the database" for reason in told.values()
    )


def test_evidence_names_the_line(tmp_path: Path) -> None:
    found = migrate(SAMPLE, "shop", output=tmp_path).to_json()
    lines = {one["what"]: one["line"] for one in found["evidence"]}
    text = SAMPLE.read_text("utf-8").split("\n")
    assert text[lines["customers"] - 1] == "CREATE TABLE public.customers ("
    assert text[lines["customers.balance"] - 1].strip().startswith("balance")
    assert text[lines["orderLines.productName"] - 1].strip().startswith('"productName"')


MIGRATIONS = {
    "001_first.sql": "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY,"
    " nam VARCHAR(9)) ENGINE=InnoDB;",
    "002_more.up.sql": "ALTER TABLE users ADD COLUMN email VARCHAR(80) NOT NULL UNIQUE,"
    " ADD KEY k (nam);",
    "002_more.down.sql": "DROP TABLE users;",
    "003_rename.sql": "-- +goose Up\nALTER TABLE users RENAME COLUMN nam TO name;\n"
    "ALTER TABLE users MODIFY COLUMN name VARCHAR(99) NOT NULL;\n-- +goose Down\nDROP TABLE users;",
    "004_posts.sql": "CREATE TABLE posts (id INT PRIMARY KEY, user_id INT, old INT,"
    " kind ENUM('a','b') NOT NULL DEFAULT 'a',"
    " FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);",
    "005_members.sql": "ALTER TABLE users RENAME TO members;\n"
    "ALTER TABLE posts DROP COLUMN old;\nDROP TABLE gone;",
}


def test_migrations_are_replayed(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name, text in MIGRATIONS.items():
        (folder / name).write_text(text, "utf-8")
    app = compiled(migrate(folder, "blog", output=tmp_path / "blog"), tmp_path / "blog")
    assert [e.name for e in app.entities] == ["member", "post"]
    member, post = app.entities
    assert [f.name for f in member.fields] == ["id", "name", "email"]
    name = next(f for f in member.fields if f.name == "name")
    assert (name.required, name.constraints.max_length) == (True, 99)
    assert member.indexes == (("name",),)
    assert [f.name for f in post.fields] == ["id", "user_id", "kind"]
    reference = post.fields["user_id"].reference
    assert reference.entity == "entity/blog/member"
    assert post.fields["kind"].enum == ("a", "b")


TSQL = """
SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[Order Details](
    [OrderID] [int] IDENTITY(1,1) NOT NULL,
    [Key] [uniqueidentifier] NOT NULL DEFAULT (newid()),
    [Price] [money] NOT NULL CONSTRAINT [DF_p] DEFAULT ((0)),
    [Note] [nvarchar](max) NULL,
    [Flag] [bit] NOT NULL DEFAULT ((1)),
    CONSTRAINT [PK_x] PRIMARY KEY CLUSTERED ([OrderID] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY],
    CONSTRAINT [CK_p] CHECK (([Price]>=(0)))
) ON [PRIMARY]
GO
EXEC sp_rename 'dbo.[Order Details].Note', 'Remark', 'COLUMN'
GO
"""
SQLITE = """
CREATE TABLE "notes" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, body, [size] INTEGER DEFAULT 3,
  made DATETIME DEFAULT CURRENT_TIMESTAMP, owner TEXT NOT NULL COLLATE NOCASE) WITHOUT ROWID;
"""


def test_sql_server(tmp_path: Path) -> None:
    path = tmp_path / "schema.sql"
    path.write_text(TSQL, "utf-16")
    (entity,) = compiled(
        migrate(path, "shop", output=tmp_path / "shop"), tmp_path / "shop"
    ).entities
    assert (entity.name, entity.table) == ("order_detail", "Order Details")
    assert [(f.column, f.type.value) for f in entity.fields] == [
        ("OrderID", "integer"),
        ("Key", "uuid"),
        ("Price", "decimal"),
        ("Remark", "text"),
        ("Flag", "boolean"),
    ]
    assert entity.fields["price"].constraints.min == 0
    assert entity.fields["flag"].default is True


def test_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "schema.sql"
    path.write_text(SQLITE, "utf-8")
    (entity,) = compiled(
        migrate(path, "shop", output=tmp_path / "shop"), tmp_path / "shop"
    ).entities
    assert [(f.name, f.type.value) for f in entity.fields] == [
        ("id", "integer"),
        ("body", "json"),
        ("size", "integer"),
        ("made", "datetime"),
        ("owner", "text"),
    ]
    assert entity.fields["size"].default == 3


def test_what_cannot_be_takes_no_more_along(tmp_path: Path) -> None:
    path = tmp_path / "schema.sql"
    path.write_text(
        "CREATE TABLE a (id int PRIMARY KEY);"
        "CREATE TABLE b (id int PRIMARY KEY,"
        " a_id int NOT NULL REFERENCES a ON DELETE SET NULL);",
        "utf-8",
    )
    found = migrate(path, "shop", output=tmp_path / "shop")
    app = compiled(found, tmp_path / "shop")
    reference = app.entity("entity/shop/b").fields["a_id"].reference  # type: ignore[union-attr]
    assert (reference.entity, reference.on_delete) == ("entity/shop/a", "restrict")
    assert [note.what for note in found.unmapped] == ["a_id.references.on_delete"]
