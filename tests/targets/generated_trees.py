"""Whole generated apps of the example domains, for tests of what was generated."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forge.emit import Generated
from forge.ir.application import Application
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import EVERYTHING, find_targets

HERE = Path(__file__).parent
SHARED = Path(
    os.environ.get("SPECORA_SHARED_DOMAINS", HERE.parents[2] / "shared" / "domains")
)
DOMAINS = (
    HERE / "everything",
    HERE.parents[1] / "domains" / "helpdesk",
    SHARED / "helpdesk",
    SHARED / "marketplace",
    SHARED / "saas_platform",
)


def compiled(folder: Path) -> Application:
    """The IR of a domain; skips the test where the domain is absent."""
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    return Compiler(contract_root=folder).compile()


def everything_of(ir: Application) -> Generated:
    """The files of every target."""
    return generate(ir, find_targets((EVERYTHING,)))


def written(generated: Generated, folder: Path) -> Path:
    """The folder, with the files in it."""
    for file in generated:
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content.encode("utf-8"))
    return folder
