"""Databases for the runtime's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from databases import STORES, Place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "postgres_url" in names or "postgresql" in item.name:
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Each of the stores in turn, empty."""
    needs_server = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if needs_server else ""
    return Place(request.param, tmp_path, url)
