"""Identifiers that sort by time."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from specora_runtime.uuid7 import uuid7


def test_form() -> None:
    before = time.time_ns() // 1_000_000
    value = uuid.UUID(uuid7())
    assert value.version == 7
    assert value.variant == uuid.RFC_4122
    assert before - 1 <= value.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_order_and_distinctness_over_threads() -> None:
    def many(_: int) -> list[str]:
        return [uuid7() for _ in range(20_000)]

    with ThreadPoolExecutor(4) as threads:
        series = list(threads.map(many, range(4)))
    assert all(made == sorted(made) for made in series)
    assert len({value for made in series for value in made}) == 80_000
