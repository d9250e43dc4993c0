"""Running services of the example domains, and their generated clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import EVERYTHING, find_targets
from tests.golden.trees import DOMAINS, domain
from tests.servers import running

HERE = Path(__file__).parent
ALSO = {
    "everything": HERE.parent / "targets" / "everything",
    "rare": HERE.parent / "targets" / "rare",
    "vault": HERE / "vault",
}
"""What the example domains seldom use."""
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Served:
    """A generated app, and where it answers."""

    tree: Path
    url: str


def generated(name: str, folder: Path) -> Path:
    """The whole output of a domain, in `folder`."""
    source = ALSO.get(name) or domain(name)
    for file in generate(Compiler(source).compile(), find_targets((EVERYTHING,))):
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content.encode("utf-8"))
    return folder


@pytest.fixture(scope="session", params=(*DOMAINS, *ALSO))
def tree(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The output of every example domain."""
    return generated(request.param, tmp_path_factory.mktemp(request.param))


def _served(
    name: str, factory: pytest.TempPathFactory, **environment: str
) -> Iterator[Served]:
    folder = generated(name, factory.mktemp(name))
    state = factory.mktemp(f"{name}-state")
    with running(folder, "memory", state=state, environment=environment) as app:
        yield Served(folder, app.url)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The helpdesk, which asks nobody who they are."""
    yield from _served("own", tmp_path_factory)


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that wants a login; its first user has the password `PASSWORD`."""
    yield from _served("vault", tmp_path_factory, AUTH_BOOTSTRAP_PASSWORD=PASSWORD)
