"""What is put together from a part for each entity is what planning all of them at once gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge.ir.application import Application
from forge.ir.compiler import Compiler
from forge.targets.fastapi_prod import assembly
from forge.targets.fastapi_prod.plan_names import plan_names
from forge.targets.openapi.assembly import assemble
from forge.targets.openapi.plan import plan
from forge.targets.openapi.render import render
from forge.targets.sql.dialect import Dialect
from forge.targets.sql.plan import plan as plan_schema
from forge.targets.sql.postgresql import PostgresDialect
from forge.targets.sql.render import _TEMPLATES
from forge.targets.sql.render import render as render_schema
from forge.targets.sql.sqlite import SqliteDialect
from forge.targets.typescript.plan import plan as plan_types
from forge.targets.typescript.render import _joined, _texts_of, _whole
from tests.incremental.domain import Evolution, write

STEPS = 20


def applications(seed: int, folder: Path) -> list[Application]:
    """Domains that compile, each a random step from the one before."""
    evolution = Evolution(seed)
    found = []
    for _ in range(STEPS):
        write(evolution.files, folder)
        analysis = Compiler(folder).analyze()
        if not analysis.failed:
            found.append(analysis.application)
        evolution.step()
    assert found
    return found


@pytest.mark.parametrize("seed", range(100, 104))
def test_parts_say_what_the_whole_says(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ir in applications(seed, tmp_path / "domain"):
        assert render(assemble(ir)).content == render(plan(ir)).content
        names = plan_names(ir)
        models = assembly.assemble_models(ir, names)
        entities = assembly.assemble_entities(ir, names)
        with monkeypatch.context() as patched:
            patched.setattr(assembly, "_repeated", lambda names: True)
            assert assembly.assemble_models(ir, names) == models
            assert assembly.assemble_entities(ir, names) == entities
        types = plan_types(ir)
        assert _texts_of(ir, types) == _joined(ir, _whole(ir, types))
        for dialect in (PostgresDialect(), SqliteDialect()):
            assert whole_schema(ir, dialect) in render_schema(ir, dialect)


def whole_schema(ir: Application, dialect: Dialect) -> str:
    """The tables, planned together."""
    return "".join(
        _TEMPLATES.render("table.sql.jinja", table=table, table_end=dialect.table_end)
        for table in plan_schema(ir, dialect).tables
    )
