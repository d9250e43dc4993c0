"""Hard sources of every format agree with what people read in them, and the contracts last."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.importers import migrate
from forge.ir.compiler import Compiler
from tests.importers.scenarios import Scenario, disagreements, scenarios


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.name)
def test_agrees_with_the_truth(scenario: Scenario, tmp_path: Path) -> None:
    source, domain = scenario.write(tmp_path / "source"), tmp_path / "work"
    found = migrate(source, "work", output=domain)
    assert disagreements(scenario, found) == []
    found.apply(domain)
    faults = [d for d in Compiler(domain).analyze().diagnostics if d.is_error]
    # What handlers do is for people to write.
    assert {d.name for d in faults} <= {"behavior/missing-function"}
    again = migrate(source, "work", output=domain)
    assert (dict(again.fixes), again.differences) == ({}, ())
