"""Runs `spc factory …` as a process, with no key in its environment but the test's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.cli.spc import BIN, Done

OURS = ("SPECORA_AI_", "DATABASE_URL")
KEYS = ("_API_KEY", "_BASE_URL", "_AUTH_TOKEN")

TICKET = """\
# What people ask for.
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: ticket, domain: desk, description: A request}
spec:
  fields:
    subject: {type: string, required: true}   # one line
    # how much it hurts
    priority:
      type: string
      enum: [low, high]
"""

CUSTOMER = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: customer, domain: desk}
spec:
  fields:
    name: {type: string, required: true}
"""


def desk(folder: Path) -> Path:
    """A small domain; the path of its ticket below `folder`."""
    entities = folder / "domains/desk/entities"
    entities.mkdir(parents=True)
    (entities / "ticket.contract.yaml").write_text(TICKET, "utf-8")
    (entities / "customer.contract.yaml").write_text(CUSTOMER, "utf-8")
    return Path("domains/desk/entities/ticket.contract.yaml")


def factory(
    *args: str | Path, cwd: Path, env: Mapping[str, str], said: str = ""
) -> Done:
    """Run a command of the factory; `said` is what comes over its standard input."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(OURS) and not name.endswith(KEYS)
    }
    done = subprocess.run(
        [str(BIN / "spc"), "factory", *map(str, args)],
        cwd=cwd,
        input=said.encode(),
        capture_output=True,
        check=False,
        timeout=120,
        env={**kept, "COLUMNS": "80", **env},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
