"""Make a conversation that diverges short: fewer steps, and less in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.model.playing import Step

Fails = Callable[[Sequence[Step]], bool]


def shrunk(steps: Sequence[Step], fails: Fails) -> list[Step]:
    """The shortest conversation that was found to fail like `steps`."""
    found = list(steps)
    size = len(found) // 2
    while size:
        at = 0
        while at < len(found):
            shorter = found[:at] + found[at + size :]
            if shorter and fails(shorter):
                found = shorter
            else:
                at += size
        size //= 2
    while True:
        simpler = next((one for one in _simpler(found) if fails(one)), None)
        if simpler is None:
            return found
        found = simpler


def _simpler(steps: list[Step]) -> Iterator[list[Step]]:
    for at, step in enumerate(steps):
        for one in _less(step):
            yield [*steps[:at], one, *steps[at + 1 :]]


def _less(step: Step) -> Iterator[Step]:
    """The step with one thing less in it."""
    yield from step.get("both", ())
    for part in ("headers", "query", "body"):
        value = step.get(part)
        if part in step and not value:
            yield {name: held for name, held in step.items() if name != part}
        for smaller in _members_less(value):
            yield {**step, part: smaller}


def _members_less(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for at in range(len(value)):
            yield value[:at] + value[at + 1 :]
    if isinstance(value, dict) and "$" not in value and "$bytes" not in value:
        for name, held in value.items():
            yield {other: one for other, one in value.items() if other != name}
            for smaller in _members_less(held):
                yield value | {name: smaller}
