"""The conformance domain on all three adapters, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.conformance.sessions")

from tests.conformance.apps import DOMAIN, Served, generate, served_on_all  # noqa: E402

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def conformance_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated backend of the conformance domain."""
    return generate(DOMAIN, tmp_path_factory.mktemp("conformance") / "app")


@pytest.fixture(scope="session")
def trio(
    conformance_app: Path,
    postgres_server_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Served, ...]]:
    """The app on each adapter."""
    state = tmp_path_factory.mktemp("trio")
    with served_on_all(conformance_app, state, postgres_server_url) as found:
        yield found


@pytest.fixture(scope="module")
def own_trio(
    conformance_app: Path,
    postgres_server_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Served, ...]]:
    """The app on each adapter, with records of one module alone."""
    state = tmp_path_factory.mktemp("own")
    with served_on_all(conformance_app, state, postgres_server_url) as found:
        yield found
