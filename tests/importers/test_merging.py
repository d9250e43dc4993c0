"""An import adds to contracts and leaves every word that stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.importers import migrate
from forge.ir.compiler import Compiler

SCHEMA = """
model Author {
  id    Int    @id @default(autoincrement())
  email String @unique
  posts Post[]
}

model Post {
  id       Int     @id @default(autoincrement())
  title    String  @db.VarChar(200)
  authorId Int     @map("author_id")
  author   Author  @relation(fields: [authorId], references: [id], onDelete: Cascade)
  %s
  @@unique([authorId, title])
  %s
}
"""
BLOCK = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: article, domain: blog}  # people say article
spec:
  table: Post
  fields:
    # the headline first
    headline: {type: string, required: true, column: title, constraints: {maxLength: 80}}
    id: {type: integer, required: true, computed: identity}
    ours: {type: text}   # not in the old schema

  unique: [[author_id, headline]]
"""
FLOW = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: post, domain: blog}
spec: {table: Post, fields: {id: {type: integer, required: true, computed: identity}}}
"""


def schema(folder: Path, field: str = "", attribute: str = "") -> Path:
    path = folder / "schema.prisma"
    path.write_text(SCHEMA % (field, attribute), "utf-8")
    return path


def test_a_new_column_is_added_to_what_people_wrote(tmp_path: Path) -> None:
    domain = tmp_path / "blog"
    contract = domain / "entities" / "article.contract.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text(BLOCK, "utf-8")
    found = migrate(schema(tmp_path), "blog", output=domain)
    found.apply(domain)
    text = contract.read_text("utf-8")
    kept = BLOCK.partition("\n\n  unique")
    assert text.startswith(kept[0] + "\n    author_id:")
    assert text.endswith(kept[1].lstrip("\n") + kept[2])
    longer = [d for _, d in found.differences if "maxLength" in d.path]
    assert [(d.contract, d.source) for d in longer] == [(80, 200)]
    assert not Compiler(domain).analyze().failed
    assert not migrate(schema(tmp_path), "blog", output=domain).fixes


@pytest.mark.parametrize("text", [BLOCK, FLOW], ids=["block", "flow"])
def test_later_changes_of_the_source_are_added(tmp_path: Path, text: str) -> None:
    domain = tmp_path / "blog"
    contract = domain / "entities" / "any.contract.yaml"
    contract.parent.mkdir(parents=True)
    contract.write_text(text, "utf-8")
    migrate(schema(tmp_path), "blog", output=domain).apply(domain)
    before = contract.read_text("utf-8")
    more = schema(tmp_path, "likes Int @default(0)", "@@index([likes])")
    migrate(more, "blog", output=domain).apply(domain)
    after = contract.read_text("utf-8")
    app = Compiler(domain).compile()
    entity = next(e for e in app.entities if e.table == "Post")
    assert entity.fields["likes"].default == 0
    assert ("likes",) in entity.indexes
    assert all(line in after for line in before.split("\n")[:3])
    assert not migrate(more, "blog", output=domain).fixes
