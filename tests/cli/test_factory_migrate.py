"""`spc factory migrate`: what it writes, what it tells, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.spc import Done, spc

SCHEMA = """\
model Item {
  id    Int    @id @default(autoincrement())
  title String @db.VarChar(80)
  %s
}
"""


def migrate(folder: Path, *options: str, extra: str = "") -> Done:
    (folder / "schema.prisma").write_text(SCHEMA % extra, "utf-8")
    return spc(
        "factory", "migrate", "schema.prisma", "-d", "shop", *options, cwd=folder
    )


def parsed(done: Done) -> Any:
    assert done.err == ""
    return json.loads(done.out)


def test_writes_contracts_that_are_valid(tmp_path: Path) -> None:
    done = migrate(tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "prisma: 1 entity, 0 unmapped; wrote 3 files"
    text = (tmp_path / "domains/shop/entities/item.contract.yaml").read_text("utf-8")
    assert "maxLength: 80" in text
    assert spc("forge", "validate", "--strict", cwd=tmp_path).code == 0
    assert migrate(tmp_path).out == "prisma: 1 entity, 0 unmapped; wrote 0 files\n"


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = migrate(tmp_path, "--dry-run")
    assert done.code == 0
    assert done.out.endswith("would change 3 files\n")
    assert not (tmp_path / "domains").exists()


def test_what_is_not_mapped_is_listed_with_its_place(tmp_path: Path) -> None:
    strange = 'shape Unsupported("polygon")?'
    done = migrate(tmp_path, "--strict", extra=strange)
    assert done.code == 1
    assert "schema.prisma:4: " in done.out
    assert "x-unmapped:" in (
        tmp_path / "domains/shop/entities/item.contract.yaml"
    ).read_text("utf-8")
    value = parsed(migrate(tmp_path, "--json", extra=strange))
    assert (value["version"], value["format"], value["summary"]["unmapped"]) == (
        1,
        "prisma",
        1,
    )
    assert value["unmapped"][0]["line"] == 4
    assert {
        "what": "Item.title",
        "file": "schema.prisma",
        "line": 3,
        "rule": "prisma/field",
    } in (value["evidence"])


def test_another_folder(tmp_path: Path) -> None:
    assert migrate(tmp_path, "--output", "contracts").code == 0
    assert (tmp_path / "contracts/entities/item.contract.yaml").is_file()


@pytest.mark.parametrize(
    ("name", "text"),
    [("schema.prisma", "nothing here"), ("notes.txt", "hello"), ("a.sql", "SELECT 1;")],
)
def test_a_source_that_cannot_be_read(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    line = ("factory", "migrate", name, "-d", "shop")
    done = spc(*line, cwd=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"{name}:1: ")
    assert "error" in parsed(spc(*line, "--json", cwd=tmp_path))
    assert not (tmp_path / "domains").exists()


@pytest.mark.parametrize(
    "line",
    [
        ("missing.sql", "-d", "shop"),
        (".", "-d", "No Name"),
        (".",),
        (".", "-d", "shop", "--format", "cobol"),
    ],
)
def test_usage(line: tuple[str, ...], tmp_path: Path) -> None:
    assert spc("factory", "migrate", *line, cwd=tmp_path).code == 2
