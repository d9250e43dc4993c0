"""The generated tests pass on every domain and adapter, against a server that is already there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import running
from tests.shared import shared

from factory.importers import migrate
from forge.emit.writer import apply_changes, plan_changes
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import find_targets

TARGETS = ("fastapi-prod", "openapi", "sqlite", "postgres", "tests")
DOMAINS = ("helpdesk", "marketplace", "saas_platform")
IN_MEMORY = DOMAINS if "SPECORA_SOAK" in os.environ else DOMAINS[:1]
"""The large ones run on the SQLite of a file and on PostgreSQL anyway."""
HERE = Path(__file__).parent
RARE = {
    "everything": HERE / "everything",
    "rare": HERE / "rare",
    "conformance": HERE.parent / "conformance" / "domain",
}
"""What other domains seldom use."""

SCHEMAS = {
    "parcel": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parcel",
        "type": "object",
        "required": ["carrier", "state"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "carrier": {"type": "string", "minLength": 2, "maxLength": 30},
            "state": {"$ref": "#/$defs/State"},
            "weight": {"type": "number", "minimum": 0},
            "sent_at": {"type": ["string", "null"], "format": "date-time"},
            "recipient": {"$ref": "recipient.schema.json"},
        },
        "$defs": {"State": {"enum": ["packed", "sent"]}},
    },
    "recipient": {
        "title": "Recipient",
        "type": "object",
        "required": ["email"],
        "properties": {
            "email": {"type": "string", "format": "email"},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
        },
    },
}
"""A folder of JSON Schema, where one file refers to another."""
TIMEOUT = 300

pytestmark = pytest.mark.slow


def generated(name: str, folder: Path) -> Path:
    """The service of a domain, written to `folder`."""
    return written(RARE[name] if name in RARE else shared("domains", name), folder)


def written(source: Path, folder: Path) -> Path:
    """The service of the contracts in `source`, written to `folder`."""
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


@pytest.mark.parametrize("domain", [*IN_MEMORY, *RARE])
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


def test_service_of_json_schemas(tmp_path: Path) -> None:
    """Contracts that an import wrote, which nobody has looked through."""
    source = tmp_path / "schemas"
    source.mkdir()
    for name, schema in SCHEMAS.items():
        (source / f"{name}.schema.json").write_text(json.dumps(schema), "utf-8")
    migrate(source, "parcels", output=tmp_path / "parcels").apply(tmp_path / "parcels")
    report = run(written(tmp_path / "parcels", tmp_path / "service"))
    passed = re.search(r"(\d+) passed", report)
    assert passed is not None
    assert int(passed[1]) > 300, report[-500:]
