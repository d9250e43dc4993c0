"""Any hostile text at any position: refused by a diagnostic, or carried unchanged.

500 examples; `SPECORA_SOAK=1` looks at many more, and at others every time.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forge.contracts.envelope import Kind
from tests.hostile.examples import carried, hold
from tests.hostile.positions import Holds, Position, contracts, positions
from tests.hostile.texts import hostile

SOAK = bool(os.environ.get("SPECORA_SOAK"))
SETTINGS = settings(
    max_examples=10_000 if SOAK else 125,
    derandomize=not SOAK,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
FREE = tuple(p for p in positions() if p.holds is Holds.FREE)
BOUND = tuple(p for p in positions() if p.holds is not Holds.FREE)
NAMES = tuple(p for p in positions() if p.path[-1] in ("table", "column"))


def _carried(*kinds: Kind) -> tuple[Position, ...]:
    found = [p for p in FREE if contracts()[p.contract]["kind"] in kinds]
    return tuple(p for p in found if carried(p))


@pytest.fixture(scope="module")
def stored() -> tuple[Position, ...]:
    """Where texts of entities and mixins reach an output."""
    return (*_carried(Kind.ENTITY, Kind.MIXIN), *NAMES)


@pytest.fixture(scope="module")
def spoken() -> tuple[Position, ...]:
    """Where texts of the other contracts reach an output."""
    return _carried(*(kind for kind in Kind if kind not in (Kind.ENTITY, Kind.MIXIN)))


@SETTINGS
@given(data=st.data(), text=hostile)
def test_texts_that_are_stored(
    stored: tuple[Position, ...], data: st.DataObject, text: str
) -> None:
    hold(data.draw(st.sampled_from(stored)), text)


@SETTINGS
@given(data=st.data(), text=hostile)
def test_texts_that_are_spoken(
    spoken: tuple[Position, ...], data: st.DataObject, text: str
) -> None:
    hold(data.draw(st.sampled_from(spoken)), text)


@SETTINGS
@given(position=st.sampled_from(FREE), text=hostile)
def test_texts_anywhere(position: Position, text: str) -> None:
    hold(position, text)


@SETTINGS
@given(position=st.sampled_from(BOUND), text=hostile)
def test_texts_where_a_name_or_a_number_belongs(position: Position, text: str) -> None:
    hold(position, text)
