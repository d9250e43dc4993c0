"""A rename in an editor, up to the database of the service: the rows are still there."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from forge.diagnostics.fixes import apply_edits
from forge.editing import renaming
from forge.editing.domain import Domain
from forge.ir.compiler import Compiler
from forge.targets.sqlite import TARGET
from specora_runtime.sqlite import SqliteDatabase
from tests.lsp.places import ROOT

NAMES = ("desk_policy", "service_policy")


def test_rows_survive_renames_of_their_entity_and_fields(tmp_path: Path) -> None:
    folder = tmp_path / "helpdesk"
    shutil.copytree(ROOT / "domains/helpdesk", folder)
    moment = "2026-01-01T00:00:00.000000Z"
    insert = (
        "INSERT INTO sla_policies (id, name, priority, plan, response_time, resolution_hours, "
        "active, created_at, updated_at) VALUES ('01a1f8b2-f64c-72c1-a1a8-265fca9f3502', 'Gold', "
        f"'high', 'pro', 'PT2H', 24, 1, '{moment}', '{moment}')"
    )
    _run(folder, tmp_path, insert)
    _rename(folder, "sla_policy", "name: sla_policy", NAMES[0])
    _rename(folder, "sla_policy", "    resolution_hours:", "hours")
    assert _run(folder, tmp_path, "SELECT name, hours FROM desk_policies") == [
        ("Gold", 24)
    ]
    # Renamed twice without a start in between, the database has the names before the last.
    _rename(folder, "sla_policy", f"name: {NAMES[0]}", "middle_policy")
    _rename(folder, "sla_policy", "name: middle_policy", NAMES[1])
    _rename(folder, "sla_policy", "    hours:", "span")
    rows = _run(folder, tmp_path, "SELECT name, span FROM service_policies")
    assert rows == [("Gold", 24)]


def _rename(folder: Path, file: str, needle: str, name: str) -> None:
    """Rename what stands at the end of a needle, and write what changes."""
    domain = Domain(folder)
    path = (folder / "entities" / f"{file}.contract.yaml").as_posix()
    text = domain.text(path) or ""
    at = text.index(needle) + len(needle.rstrip(":")) - 1
    found = renaming.rename(domain, path, at, name)
    assert isinstance(found, renaming.Renaming), found
    for changed in {edit.span.file for edit in found.fix.edits}:
        edits = [edit for edit in found.fix.edits if edit.span.file == changed]
        Path(changed).write_text(apply_edits(domain.text(changed) or "", edits))


def _run(folder: Path, place: Path, statement: str) -> list[tuple[Any, ...]]:
    """The result of a statement on the database of the service, brought to its schema."""
    (file,) = TARGET.generate(Compiler(folder).compile())
    schema = place / "schema.sql"
    schema.write_text(file.content)

    async def run() -> list[tuple[Any, ...]]:
        database = SqliteDatabase((), schema, place / "data" / "service.db")
        await database.open()
        try:
            if statement.startswith("INSERT"):
                await database.execute(statement)
                return []
            return [tuple(row.values()) for row in await database.fetch(statement)]
        finally:
            await database.close()

    return asyncio.run(run())
