"""Imports agree with what the sources really hold, and what comes of them is valid and lasting."""

from __future__ import annotations

from pathlib import Path

from factory.importers import migrate
from forge.ir.compiler import Compiler
from tests.importers.corpus import EXACT, NEAR, each_item, score, source


@each_item
def test_agrees_with_the_truth(item: str, tmp_path: Path) -> None:
    found = score(item, tmp_path)
    low = {
        kind: (figures["recall"], figures["precision"])
        for kind, figures in found.items()
        for least in ([0.99] if kind in EXACT else [0.97] if kind in NEAR else [])
        if min(figures["recall"], figures["precision"]) < least
    }
    assert not low, (low, found)


@each_item
def test_contracts_are_valid_and_a_second_run_changes_nothing(
    item: str, tmp_path: Path
) -> None:
    migrate(source(item), "imported", output=tmp_path).apply(tmp_path)
    faults = [d for d in Compiler(tmp_path).analyze().diagnostics if d.is_error]
    # What handlers do is for people to write.
    assert {d.name for d in faults} <= {"behavior/missing-function"}
    again = migrate(source(item), "imported", output=tmp_path)
    assert dict(again.fixes) == {}
    assert again.differences == ()
