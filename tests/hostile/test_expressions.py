"""Hostile text inside expressions: a literal of CEL is a literal in every language."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.hostile.examples import MARKER, Wrap, harmless, hold
from tests.hostile.positions import Position, positions
from tests.hostile.test_any_text import SETTINGS
from tests.hostile.texts import EVERYTHING, FRAGMENTS, hostile


def compared(text: str) -> str:
    """A condition that holds a text."""
    return f"title != {json.dumps(text, ensure_ascii=False)} && notes != null"


def numbered(text: str) -> str:
    """A format of numbers with a text around the number."""
    return f'sequence("{text}-{{n:04}}")'


COUNTERS = frozenset("{}#%")
"""What a format of numbers reads as more than itself."""


def at(*path: str | int) -> Position:
    (found,) = (p for p in positions() if p.path[-len(path) :] == path)
    return found


PLACES: dict[str, tuple[Position, Wrap]] = {
    "guard": (at("guards", "fresh -> gone", "condition"), compared),
    "rule": (at("validation", 0), compared),
    "named rule": (at("validation", 1, "rule"), compared),
    "number": (at("serial", "computed"), numbered),
}


@pytest.mark.parametrize("name", PLACES)
def test_the_harmless_text_arrives(name: str) -> None:
    result = harmless(*PLACES[name])
    assert [str(error) for error in result.errors] == []
    assert any(MARKER in text for text in result.files.values())


@pytest.mark.parametrize("name", PLACES)
def test_everything_at_once(name: str) -> None:
    position, wrap = PLACES[name]
    texts = (EVERYTHING, *FRAGMENTS)
    for text in (
        texts if wrap is compared else [t for t in FRAGMENTS if not COUNTERS & set(t)]
    ):
        accepted = hold(position, text, wrap)
        assert accepted or wrap is numbered, text


@SETTINGS
@given(name=st.sampled_from(sorted(PLACES)), text=hostile)
def test_any_text(name: str, text: str) -> None:
    position, wrap = PLACES[name]
    assume(wrap is compared or not COUNTERS & set(text))
    hold(position, text, wrap)
