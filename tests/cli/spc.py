"""Running the command line as people do: as a process, with pipes instead of a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
TYPES = ("--target", "openapi")
"""A target that is quick and yields one file."""

ENTITY = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {{name: {name}, domain: {domain}}}
spec:
  fields:
    title: {{type: {type}, required: true}}
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


def spc(
    *args: str | Path,
    cwd: Path,
    command: str = "spc",
    env: Mapping[str, str] | None = None,
) -> Done:
    """Run a command to its end."""
    done = subprocess.run(
        [str(BIN / command), *map(str, args)],
        cwd=cwd,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=120,
        env=environment(env),
    )
    return Done(
        done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


def environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a narrow terminal that has colours, though nothing here is one."""
    kept = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "NO_COLOR")
    }
    return {**kept, "TERM": "xterm-256color", "COLUMNS": "40", **(env or {})}


def write_entity(
    folder: Path, name: str = "item", domain: str = "shop", type: str = "string"
) -> Path:
    """A small contract; `type` may be one that there is none of."""
    path = folder / "entities" / f"{name}.contract.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ENTITY.format(name=name, domain=domain, type=type), "utf-8")
    return path
