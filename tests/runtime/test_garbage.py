"""A service collects garbage rarely while it runs, and leaves others' settings alone."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import desk
import pytest

from specora_runtime.garbage import rare_collections

USUAL = (700, 10, 10)


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


def test_while_a_service_runs(tmp_path: Path) -> None:
    async def work() -> tuple[int, int, int]:
        app = desk.build(tmp_path)
        async with app.router.lifespan_context(app):
            assert gc.get_freeze_count() > 0
            return gc.get_threshold()

    assert asyncio.run(work()) == (10_000, 10, 10)
    assert gc.get_threshold() == USUAL
    assert gc.get_freeze_count() == 0


def test_a_threshold_of_somebody_else_stays() -> None:
    gc.set_threshold(900, 10, 10)
    with rare_collections():
        assert gc.get_threshold() == (900, 10, 10)
        assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == (900, 10, 10)


def test_one_service_within_another() -> None:
    with rare_collections():
        with rare_collections():
            assert gc.get_threshold() == (10_000, 10, 10)
        assert gc.get_threshold() == (10_000, 10, 10)
        assert gc.get_freeze_count() > 0


def test_a_fault_ends_it() -> None:
    with pytest.raises(RuntimeError), rare_collections():
        raise RuntimeError
    assert gc.get_threshold() == USUAL
