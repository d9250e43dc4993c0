"""After any change, a run that remembers gives what a run from nothing gives, byte for byte."""

from __future__ import annotations

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
