"""Workflows from what is said of states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from factory.phrases.facts import ANY, Life

CATEGORIES: Final[dict[str, frozenset[str]]] = {
    "closed": frozenset(
        {"closed", "done", "resolved", "completed", "complete", "cancelled", "canceled", "rejected",
         "archived", "delivered", "finished", "expired", "declined", "returned", "refunded",
         "withdrawn", "fulfilled", "abandoned", "failed", "settled", "retired", "deleted"}
    ),
    "hold": frozenset(
        {"on_hold", "hold", "held", "paused", "blocked", "suspended", "waiting", "frozen",
         "postponed", "deferred", "snoozed", "inactive", "escalated"}
    ),
}  # fmt: skip
"""Words that tell where a state stands in the life of a record; any other is open."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that is said of the states of one thing."""

    states: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]


def drawn(lives: Iterable[Life]) -> Drawn:
    """The states and steps of one thing; a step from any state is one from each that goes on."""
    found: dict[str, None] = {}
    steps: dict[tuple[str, str], None] = {}
    everywhere: dict[str, None] = {}
    for life in lives:
        found |= dict.fromkeys(life.states)
        for before, after in life.steps:
            if before == ANY and after != ANY:
                everywhere[after] = None
            elif after == ANY:
                steps |= dict.fromkeys((before, s) for s in life.states if s != before)
            elif before != after:
                steps[before, after] = None
    going_on = [s for s in found if any(before == s for before, _ in steps)]
    for state in everywhere:
        found.setdefault(state)
        steps |= dict.fromkeys((s, state) for s in going_on if s != state)
    return Drawn(tuple(found), tuple(steps))


def workflow_spec(said: Drawn) -> dict[str, Any]:
    """What a workflow says: labels, categories, the ends."""
    steps: dict[str, list[str]] = {}
    for before, after in said.steps:
        steps.setdefault(before, []).append(after)
    return {
        "initial": said.states[0],
        "states": {s: _state(s, terminal=s not in steps) for s in said.states},
        "transitions": {s: steps[s] for s in said.states if s in steps},
    }


def _state(name: str, *, terminal: bool) -> dict[str, Any]:
    return {
        "label": name.replace("_", " ").capitalize(),
        "category": "closed" if terminal else category(name),
        **({"terminal": True} if terminal else {}),
    }


def category(name: str) -> str:
    """Where a state stands, by its name.

    >>> category("waiting_for_customer"), category("resolved"), category("in_progress")
    ('hold', 'closed', 'open')
    """
    for found, names in CATEGORIES.items():
        if name in names or name.partition("_")[0] in names - {"closed", "done"}:
            return found
    return "open"
