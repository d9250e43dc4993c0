"""The compiler says what the scenarios say, about every rule there is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from forge.checks.registry import CHECKS
from forge.diagnostics import pages
from tests.language.mdtest import Scenario, accept, all_scenarios, fixed, read, run

ACCEPTING = os.environ.get("SPECORA_ACCEPT") == "1"
SCENARIOS = all_scenarios()


def _named(rule: str) -> list[Scenario]:
    return [scenario for scenario in SCENARIOS if scenario.rule == rule]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_faults_stand_where_they_are_marked(scenario: Scenario, tmp_path: Path) -> None:
    outcome = run(scenario, tmp_path)
    if ACCEPTING:
        accept(scenario, outcome)
        scenario = next(s for s in read(scenario.file) if s.title == scenario.title)
    assert outcome.faults() == scenario.expected()
    if scenario.snapshot is not None:
        assert outcome.text == scenario.snapshot.body


@pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if s.fixed], ids=lambda s: s.id
)
def test_fixes_write_what_was_meant(scenario: Scenario) -> None:
    texts = fixed(scenario)
    for block in scenario.fixed:
        assert texts[block.name] == block.body


@pytest.mark.parametrize(
    "rule", [name for name in pages.names() if not name.startswith("target/")]
)
def test_rules_have_a_page_and_fixtures_that_fail_and_pass(rule: str) -> None:
    page = pages.page(rule) or ""
    first, *sections = page.removeprefix(f"# {rule}\n\n").split("\n## ")
    assert first.strip()
    assert [section.split("\n")[0] for section in sections] == [
        "Why",
        "Example",
        "Instead",
    ]
    assert all(section.partition("\n")[2].strip() for section in sections)
    fires = [rule in {f[3] for f in s.expected()} for s in _named(rule)]
    assert True in fires, "no scenario in which it fails"
    assert False in fires, "no scenario that passes"


def test_fixtures_are_of_rules_that_exist() -> None:
    for scenario in SCENARIOS:
        family, fault = scenario.rule.split("/")
        assert scenario.rule in pages.names()
        assert scenario.file.parent.name == family
        assert scenario.file.stem == fault


def test_every_rule_is_registered() -> None:
    registered = {check.__module__ for check in CHECKS}
    assert registered == set(_modules())


def _modules() -> Iterator[str]:
    checks = Path(__file__).parents[2] / "src" / "forge" / "checks"
    for file in checks.glob("*/*.py"):
        if file.stem != "__init__":
            yield f"forge.checks.{file.parent.name}.{file.stem}"
