"""Every target makes of contracts what its scenarios say."""

import os

import pytest
from scenarios import Scenario, accept, all_scenarios, differences

ACCEPTING = os.environ.get("SPECORA_ACCEPT") == "1"


@pytest.mark.parametrize("scenario", all_scenarios(), ids=lambda s: s.id)
def test_scenario(scenario: Scenario) -> None:
    if ACCEPTING:
        accept(scenario)
    found = next(s for s in all_scenarios() if s.id == scenario.id)
    assert found.expectations, "a scenario without an expected block"
    assert differences(found) == ""
