"""Schemathesis, with every check, against every example domain.

`make test` takes a sample: one domain on each adapter, few examples. `make soak` takes all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from tests.conformance.apps import (
    ADAPTERS,
    DOMAIN,
    HERE,
    ROOT,
    Served,
    generate,
    served,
)
from tests.shared import shared

SOAK = "SPECORA_SOAK" in os.environ
EXAMPLES = 1
SOAK_EXAMPLES = 50
MINUTES = 40
"""After which a run is stuck."""

DOMAINS = (
    "helpdesk",
    "conformance",
    "shared/helpdesk",
    "shared/marketplace",
    "shared/saas_platform",
)
SAMPLES = {
    "helpdesk": ("memory", "tickets"),
    "conformance": ("postgres", "tasks"),
    "shared/marketplace": ("sqlite", "listings"),
}
"""The adapter of the sample, and the route whose limits it covers one by one."""

UNCOVERED = """
[[operations]]
{}
phases.coverage.enabled = false
"""

AUTH = {
    "AUTH_DEV_LOGIN": "true",
    "AUTH_SECRET": "a secret of the tests that nobody else knows",
}
ADMIN = {
    "id": "018f0000-0000-7000-8000-000000000001",
    "email": "admin@specora.dev",
    "role": "admin",
}


def folder_of(domain: str) -> Path:
    """The contracts of a domain; skips the test where they are not there."""
    if domain == "conformance":
        return DOMAIN
    kind, _, name = domain.rpartition("/")
    return shared("domains", name) if kind else ROOT / "domains" / name


@contextmanager
def booted(domain: str, adapter: str, tmp: Path, server_url: str) -> Iterator[Served]:
    """The generated app of a domain."""
    folder = generate(folder_of(domain), tmp / "app")
    with served(folder, adapter, tmp / "state", server_url, AUTH) as found:
        yield found


def configuration(found: Served, route: str) -> Path:
    """The settings; where a route is named, only its operations but the list are covered."""
    text = (HERE / "schemathesis.toml").read_text("utf-8")
    if route:
        text += UNCOVERED.format(f'exclude-tag = "{route}"')
        text += UNCOVERED.format('include-operation-id-regex = "^list_"')
    file = found.state / "schemathesis.toml"
    file.write_text(text, "utf-8")
    return file


def fuzz(found: Served, *arguments: str, route: str = "") -> int:
    """Run Schemathesis against an app; the number of its requests."""
    st = Path(sys.executable).parent / "st"
    command = [
        st, "--config-file", configuration(found, route), "--no-color", "run",
        f"{found.url}/openapi.json", "--checks", "all", "--continue-on-failure",
        "--generation-database", "none", *token(found), *arguments,
    ]  # fmt: skip
    done = subprocess.run(
        command,
        cwd=found.state,
        env=os.environ | {"SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")},
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    report = done.stdout + done.stderr
    assert done.returncode == 0, report
    assert "Traceback" not in found.log(), found.log()
    passed = re.search(r"(\d+) generated, (\d+) passed", report)
    assert passed is not None, report
    return int(passed[2])


def token(found: Served) -> tuple[str, ...]:
    """The header of an administrator, where the app asks who is calling."""
    status, body = found.app.call("POST", "/auth/login", ADMIN)
    if status == 404:
        return ()
    assert status == 200, body
    return ("--header", f"Authorization: Bearer {body['access_token']}")


@pytest.mark.parametrize("domain", SAMPLES)
def test_a_sample(domain: str, tmp_path: Path, postgres_server_url: str) -> None:
    adapter, route = SAMPLES[domain]
    with booted(domain, adapter, tmp_path, postgres_server_url) as found:
        sample = ("--seed", "7", "--max-examples", str(EXAMPLES))
        assert fuzz(found, *sample, route=route) > 100


@pytest.mark.slow
@pytest.mark.skipif(not SOAK, reason="`make soak` runs the full matrix")
@pytest.mark.parametrize(("domain", "adapter"), list(product(DOMAINS, ADAPTERS)))
def test_everything(
    domain: str, adapter: str, tmp_path: Path, postgres_server_url: str
) -> None:
    with booted(domain, adapter, tmp_path, postgres_server_url) as found:
        assert fuzz(found, "--max-examples", str(SOAK_EXAMPLES)) > 1000
