"""The generated tests fail when the service is wrong: it is broken in many ways, one at a time.

`make test` breaks it in every third way, `make soak` in all.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from forked import run
from mutation import Mutation
from mutations import MUTATIONS
from mutations_of_apart import APART
from mutations_of_rare import RARE

from forge.emit.writer import apply_changes, plan_changes
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import find_targets

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("fastapi-prod", "openapi", "sqlite", "postgres", "tests")
TIMEOUT = 120
TRIED = slice(None, None, None if "SPECORA_SOAK" in os.environ else 3)

pytestmark = pytest.mark.slow


def generated(domain: Path, folder: Path) -> Path:
    """The service of a domain, which nobody edits."""
    app = Compiler(domain).compile()
    files = generate(app, find_targets(TARGETS)).files
    changes = plan_changes(folder, files, TARGETS)
    apply_changes(folder, app.domain, files, changes)
    # Copies of the folder come with the byte code that this leaves behind.
    run(folder, "tests/test_service.py", timeout=TIMEOUT)
    return folder


@pytest.fixture(scope="session")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service that most mutations break."""
    return generated(ROOT / "domains" / "helpdesk", tmp_path_factory.mktemp("helpdesk"))


@pytest.fixture(scope="session")
def rare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service with authentication, rules and variants."""
    return generated(Path(__file__).parent / "rare", tmp_path_factory.mktemp("rare"))


@pytest.fixture(scope="session")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service with tenants, soft deletion and demanded versions."""
    return generated(Path(__file__).parent / "apart", tmp_path_factory.mktemp("apart"))


def notices(folder: Path, mutation: Mutation, service: Path) -> None:
    """Check that the tests of a copy of `service` fail once it is broken."""
    shutil.copytree(service, folder)
    for edit in mutation.edits:
        edit.apply(folder)
    module, suite = mutation.noticed_by.split("::")
    done = run(folder, f"tests/test_{module}.py::Test{suite}", timeout=TIMEOUT)
    # 1 is pytest's code for tests that failed; a service that does not start proves nothing.
    assert done.code == 1, done.text[-3000:]
    assert "failed" in done.text, done.text[-3000:]


def test_service_as_generated_passes(helpdesk: Path) -> None:
    done = run(helpdesk, "tests", timeout=TIMEOUT)
    assert done.code == 0, done.text[-3000:]
    assert " passed" in done.text, done.text[-500:]


def test_service_of_tenants_as_generated_passes(apart: Path) -> None:
    done = run(apart, "tests", timeout=TIMEOUT)
    assert done.code == 0, done.text[-3000:]
    assert " passed" in done.text, done.text[-500:]


@pytest.mark.parametrize(
    "mutation", MUTATIONS[TRIED], ids=lambda mutation: mutation.name
)
def test_broken_service_is_noticed(
    helpdesk: Path, tmp_path: Path, mutation: Mutation
) -> None:
    notices(tmp_path / "app", mutation, helpdesk)


@pytest.mark.parametrize("mutation", RARE[TRIED], ids=lambda mutation: mutation.name)
def test_broken_service_of_rare_parts_is_noticed(
    rare: Path, tmp_path: Path, mutation: Mutation
) -> None:
    notices(tmp_path / "app", mutation, rare)


@pytest.mark.parametrize("mutation", APART[TRIED], ids=lambda mutation: mutation.name)
def test_broken_service_of_tenants_is_noticed(
    apart: Path, tmp_path: Path, mutation: Mutation
) -> None:
    notices(tmp_path / "app", mutation, apart)
