"""Real inputs with a known truth, and how well an import agrees with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factory.importers import migrate
from tests.shared import shared

KINDS = ("openapi", "prisma", "sql")
EXACT = ("entities", "fields", "required", "pk", "refs")
NEAR = ("types", "enums", "unique", "operations")


def items() -> list[str]:
    """Every item of the corpora whose kind is imported: `prisma/umami`."""
    root = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
    return [
        f"{kind}/{item.name}"
        for kind in KINDS
        if (root / kind / "open").is_dir()
        for item in sorted((root / kind / "open").iterdir())
    ]


def source(item: str) -> Path:
    """The folder of an item's input; skips the test where it is absent."""
    kind, _, name = item.partition("/")
    return shared("corpora", kind, "open", name, "input")


def score(item: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Recall and precision by kind of fact."""
    kind, _, name = item.partition("/")
    found = migrate(source(item), "imported", output=folder / "none").to_json()
    facts = folder / "facts.json"
    facts.write_text(json.dumps(found["facts"]), "utf-8")
    script = shared("corpora", "check_truth.py")
    short = ["truth.json", "--short"] if kind == "sql" else []
    command = [
        sys.executable,
        str(script),
        "score",
        f"{kind}/open/{name}",
        str(facts),
        *short,
    ]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ})
    result: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return result


each_item = pytest.mark.parametrize("item", items() or ["prisma/absent"])
