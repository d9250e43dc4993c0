"""Samples of hostile outputs in the engines that are too slow for every example."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from forge.emit import File
from forge.emit.formatting import format_files
from specora_runtime.schema_text import parse_schema
from tests.hostile.compiling import compiled
from tests.hostile.examples import carried, harmless
from tests.hostile.positions import Holds, Position, positions, replaced
from tests.hostile.reading import read
from tests.hostile.texts import EVERYTHING, FRAGMENTS
from tests.targets.tsc import refused_by_tsc

RUFF = Path(sys.executable).parent / "ruff"
SIZE = 40


@cache
def sample() -> tuple[tuple[Position, str, dict[str, str]], ...]:
    """Positions with texts, and the files that come of them; the same in every run."""
    chance = random.Random(7)
    reached = [p for p in positions() if p.holds is Holds.FREE and carried(p)]
    found = []
    for number in range(SIZE):
        position = reached[number % len(reached)]
        text = (
            EVERYTHING
            if number < len(reached)
            else "".join(chance.sample(FRAGMENTS, 5))
        )
        files = compiled(replaced(position, text)).files
        if files:
            found.append((position, text, files))
    return tuple(found)


def test_typescript_takes_the_types(tmp_path: Path) -> None:
    modules = {}
    for number, (_, _, files) in enumerate(sample()):
        modules[f"types{number}"] = files["types.ts"]
        own = files["client.ts"].replace('"./types.js"', f'"./types{number}.js"')
        modules[f"client{number}"] = own
    assert refused_by_tsc(tmp_path, **modules) == ""


@pytest.mark.postgres
def test_postgres_takes_the_schemas(postgres_url: str) -> None:
    schemas = {files["database/schema.sql"] for _, _, files in sample()}
    assert len(schemas) > 5
    asyncio.run(_load_each(postgres_url, schemas))


async def _load_each(url: str, schemas: set[str]) -> None:
    import asyncpg

    session = await asyncpg.connect(url)
    try:
        for schema in schemas:
            transaction = session.transaction()
            await transaction.start()
            await session.execute(schema)
            await transaction.rollback()
    finally:
        await session.close()


@pytest.mark.parametrize("path", ["database/schema.sql", "database/schema.sqlite.sql"])
def test_the_migrator_reads_the_same_tables(path: str) -> None:
    """A comment or a default is never read as a column, or as the former name of one."""
    for position, text, files in sample():
        before, after = (
            parse_schema(f[path]) for f in (harmless(position).files, files)
        )
        assert len(after.others) == len(before.others)
        for one, other in zip(before.tables, after.tables, strict=True):
            assert (one.name, one.renamed_from) == (other.name, other.renamed_from), (
                text
            )
            columns = (
                [(c.name, c.renamed_from) for c in t.columns] for t in (one, other)
            )
            assert next(columns) == next(columns), text
            assert len(one.constraints) == len(other.constraints), text


def test_formatting_keeps_the_code_and_the_linter_is_content(tmp_path: Path) -> None:
    python = {
        f"app{number}/{path}": text
        for number, (_, _, files) in enumerate(sample())
        for path, text in files.items()
        if path.endswith(".py") and text != harmless(sample()[0][0]).files.get(path)
    }
    formatted = format_files(File(path, text) for path, text in python.items())
    for file in formatted:
        assert read(file.path, file.content) == read(file.path, python[file.path]), (
            file.path
        )
        place = tmp_path / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content.encode("utf-8"))
    own = ("--config", 'lint.isort.known-first-party=["backend"]')
    command = [str(RUFF), "check", "--isolated", "--no-cache", "--quiet", *own, "."]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[:3000]
