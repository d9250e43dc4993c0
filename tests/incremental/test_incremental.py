"""After any change, a run that remembers gives what a run from nothing gives, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forge.cache import Cache
from forge.diagnostics import Diagnostic
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import EVERYTHING, find_targets
from tests.incremental.domain import Evolution, write

STEPS = 15

Outcome = tuple[tuple[Diagnostic, ...], dict[str, tuple[str, str, tuple[str, ...]]]]


def run(folder: Path, cache: Cache | None) -> Outcome:
    """Every diagnostic, and every file with its content, its target and its contracts."""
    analysis = Compiler(folder, cache=cache).analyze()
    if analysis.failed:
        return analysis.diagnostics, {}
    made = generate(analysis.application, find_targets((EVERYTHING,)), cache)
    files = {
        f.path: (f.content, f.target, tuple(origin.contract for origin in f.sources))
        for f in made.files
    }
    return analysis.diagnostics + made.diagnostics, files


@pytest.mark.parametrize("seed", range(4))
def test_every_evolution_gives_what_a_run_from_nothing_gives(
    seed: int, tmp_path: Path
) -> None:
    evolution = Evolution(seed)
    folder, kept = tmp_path / "domain", tmp_path / "cache"
    history = ["start"]
    generated = 0
    for _ in range(STEPS):
        write(evolution.files, folder)
        diagnostics, files = run(folder, None)
        known_diagnostics, known_files = run(folder, Cache(kept))
        assert known_diagnostics == diagnostics, history
        for path in files.keys() | known_files.keys():
            assert known_files.get(path) == files.get(path), (history, path)
        assert list(known_files) == list(files), history
        generated += bool(files)
        history.append(evolution.step())
    assert generated > STEPS // 4, history


FUNCTIONS = (
    {"one": "def shown(x: str) -> str: return x"},
    {"one": "def shown(x: str) -> str: return x.strip()"},
    {"one": "def shown(x: str | None) -> str: return x or ''"},
    {"one": "def shown(x: str, y: int = 1) -> str: return x"},
    {"two": "def shown(x: str) -> str: return x"},
    {"two": "def shown(x: int) -> str: return x"},
    {"two": "async def shown(x: str) -> str: return x"},
    {
        "two": "def shown(x: str) -> str: return x",
        "note": "def shown(x: str) -> str: ...",
    },
    {"one": "def shown(x: str) -> str: return x"},
)


def test_functions_that_expressions_call_are_looked_at_in_every_run(
    tmp_path: Path,
) -> None:
    folder, kept = tmp_path / "domain", tmp_path / "cache"
    fields = "{title: {type: string}, shown: {type: string, computed: shown(title)}}"
    head = "apiVersion: specora.dev/v1\nkind: Entity\n"
    contract = (
        f"{head}metadata: {{name: note, domain: shop}}\nspec: {{fields: {fields}}}\n"
    )
    seen = []
    for modules in FUNCTIONS:
        shutil.rmtree(folder, ignore_errors=True)
        write({"note": contract}, folder)
        (folder / "behaviors").mkdir()
        for name, text in modules.items():
            (folder / "behaviors" / f"{name}.py").write_text(text, "utf-8")
        outcome = run(folder, None)
        assert run(folder, Cache(kept)) == outcome, modules
        diagnostics, files = outcome
        called = files.get("backend/functions.py", ("", "", ()))[0]
        seen.append(([d.name for d in diagnostics if d.is_error], called))
    assert [faults for faults, _ in seen[5:7]] == [
        ["expression/type"],
        ["behavior/wrong-signature"],
    ]
    calls = [called for _, called in seen]
    assert calls[0] == calls[1] == calls[8]
    assert len({*calls}) == 6
