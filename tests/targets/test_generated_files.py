"""Every file of a generated app is what its name says: data parses, schemas load, types compile."""

from __future__ import annotations

import ast
import asyncio
import json
import sqlite3
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tsc import refused_by_tsc

HERE = Path(__file__).parent
KNOWN = frozenset(
    {".py", ".json", ".yml", ".yaml", ".toml", ".sql", ".ts", ".txt", ".ini", ".md"}
)
UNNAMED = frozenset(
    {"Dockerfile", "Dockerfile.healer", ".dockerignore", ".env.example", "py.typed"}
)
PARSERS: dict[str, Callable[[str], object]] = {
    ".json": json.loads,
    ".yml": yaml.safe_load,
    ".yaml": yaml.safe_load,
    ".toml": tomllib.loads,
    ".py": ast.parse,
}


def files(tree: Path, suffix: str) -> list[Path]:
    found = sorted(tree.rglob(f"*{suffix}"))
    return [path for path in found if "__pycache__" not in path.parts]


def test_no_file_is_of_an_unknown_kind(tree: Path) -> None:
    paths = [p for p in files(tree, "") if p.is_file() and "_cache" not in str(p)]
    unknown = [p for p in paths if p.suffix not in KNOWN and p.name not in UNNAMED]
    assert unknown == []


def test_data_parses(tree: Path) -> None:
    for suffix, parse in PARSERS.items():
        for path in files(tree, suffix):
            parse(path.read_text("utf-8"))


def test_the_compose_file_meets_the_specification(tree: Path) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    schema = json.loads((HERE / "docker" / "compose-spec.json").read_text("utf-8"))
    compose = yaml.safe_load((tree / "docker-compose.yml").read_text("utf-8"))
    validator = jsonschema_rs.validator_for(schema)
    assert [error.message for error in validator.iter_errors(compose)] == []


def test_every_schema_loads(tree: Path, postgres_database: str) -> None:
    loaded = []
    for path in files(tree, ".sql"):
        text = path.read_text("utf-8")
        if "sqlite" in path.name:
            for _ in range(2):
                with sqlite3.connect(":memory:") as connection:
                    connection.executescript(text)
        else:
            asyncio.run(_load(postgres_database, text))
        loaded.append(path.relative_to(tree).as_posix())
    assert loaded == ["database/schema.sql", "database/schema.sqlite.sql"]


async def _load(url: str, text: str) -> None:
    import asyncpg

    session = await asyncpg.connect(url)
    try:
        await session.execute(text)
    finally:
        await session.close()


def test_typescript_compiles(tree: Path, tmp_path: Path) -> None:
    modules = {path.stem: path.read_text("utf-8") for path in files(tree, ".ts")}
    assert modules.keys() == {"types", "client"}
    assert refused_by_tsc(tmp_path, **modules) == ""
