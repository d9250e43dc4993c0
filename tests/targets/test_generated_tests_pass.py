"""The generated tests pass on every domain and adapter, against a server that is already there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import running
from tests.shared import shared

from forge.emit.writer import apply_changes, plan_changes
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import find_targets

TARGETS = ("fastapi-prod", "openapi", "sqlite", "postgres", "tests")
DOMAINS = ("helpdesk", "marketplace", "saas_platform")
HERE = Path(__file__).parent
RARE = {
    "everything": HERE / "everything",
    "rare": HERE / "rare",
    "conformance": HERE.parent / "conformance" / "domain",
}
"""What other domains seldom use."""

TIMEOUT = 300

pytestmark = pytest.mark.slow


def generated(name: str, folder: Path) -> Path:
    """The service of a domain, written to `folder`."""
    source = RARE[name] if name in RARE else shared("domains", name)
    app = Compiler(source).compile()
    files = generate(app, find_targets(TARGETS)).files
    apply_changes(folder, app.domain, files, plan_changes(folder, files, TARGETS))
    return folder


def run(folder: Path, **variables: str) -> str:
    """The report of the generated tests, all of which have to pass."""
    kept = {
        k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")
    }
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--maxfail=5",
            "tests",
        ],
        cwd=folder,
        env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    return done.stdout


def _enough(report: str) -> None:
    """Most tests run, and are not skipped."""
    counts = {what: int(n) for n, what in re.findall(r"(\d+) (passed|skipped)", report)}
    assert counts["passed"] > 1000, report[-500:]
    assert counts.get("skipped", 0) < counts["passed"] / 10, report[-500:]


@pytest.mark.parametrize("domain", [*DOMAINS, *RARE])
def test_service_in_the_process_of_the_tests(domain: str, tmp_path: Path) -> None:
    _enough(run(generated(domain, tmp_path)))


@pytest.mark.parametrize("domain", DOMAINS)
def test_service_on_sqlite(domain: str, tmp_path: Path) -> None:
    folder = generated(domain, tmp_path / "app")
    with running(folder, "sqlite", state=tmp_path, environment=_VARIABLES) as app:
        _enough(run(folder, BASE_URL=app.url))


@pytest.mark.postgres
@pytest.mark.parametrize("domain", [*DOMAINS, "rare", "conformance"])
def test_service_on_postgres(domain: str, tmp_path: Path, postgres_url: str) -> None:
    folder = generated(domain, tmp_path / "app")
    with running(
        folder,
        "postgres",
        state=tmp_path,
        postgres_url=postgres_url,
        environment=_VARIABLES,
    ) as app:
        _enough(run(folder, BASE_URL=app.url))


_VARIABLES = {
    "AUTH_DEV_LOGIN": "true",
    "AUTH_SECRET": "a-secret-of-the-tests-0123456789abcdef",
}
