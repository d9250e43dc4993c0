"""The services that are measured: the generated one, and what it is compared with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = ROOT.parent / "shared" / "bench"
DOMAIN = Path(__file__).parent / "domain"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spc-bench"

PARAMETERS = "count=none&sort=-created_at&"
"""What the list of the generated service carries besides the customer and the limit."""

_UVICORN = (
    sys.executable,
    *("-m", "uvicorn", "--no-access-log", "--log-level", "warning"),
    *("--loop", "uvloop", "--http", "httptools", "--host", "127.0.0.1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One server: how to start it, and how it wants its lists."""

    name: str
    command: tuple[str, ...]
    """Without its port, which comes last."""
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    parameters: str = ""
    """Query parameters of its list, each followed by `&`."""


def generated(name: str, app: Path, environment: Mapping[str, str]) -> Service:
    """Our own service from the folder `app`, with every check that it has."""
    return Service(
        name=name,
        command=(*_UVICORN, "backend.app:app", "--app-dir", str(app), "--port"),
        folder=app,
        environment={"LOG_LEVEL": "warning", **environment},
        parameters=PARAMETERS,
    )


def generate(output: Path) -> None:
    """Compile the domain of this benchmark."""
    spc = Path(sys.executable).parent / "spc"
    command = [spc, "forge", "generate", DOMAIN, "--output", output]
    subprocess.run(command, check=True, capture_output=True)


def references(url: str, letters: str) -> tuple[list[Service], list[str]]:
    """The hand-written services over the database `url` that `letters` names, and why some
    of them are left out."""
    if not letters:
        return [], []
    if not REFERENCES.is_dir():
        return [], [f"no references: {REFERENCES} is not there"]
    environment = {"BENCH_DSN": url, "PYTHONPATH": str(REFERENCES)}
    found = [
        _python("(a) FastAPI + asyncpg", "fa_usual", "", environment),
        _python("(c) bare ASGI, JSON from PG", "asgi_raw", "pg", environment),
    ]
    found = [service for service in found if service.name[1] in letters]
    if "b" not in letters:
        return found, []
    reason = _install_node()
    if reason:
        return found, [f"no Fastify: {reason}"]
    fastify = Service(
        name="(b) Fastify + pg",
        command=("node", str(REFERENCES / "node" / "server.js")),
        folder=CACHE,
        environment={"BENCH_DSN": url, "NODE_PATH": str(CACHE / "node_modules")},
    )
    return sorted([*found, fastify], key=lambda service: service.name), []


def _python(
    name: str, module: str, variant: str, environment: Mapping[str, str]
) -> Service:
    return Service(
        name=name,
        command=(*_UVICORN, f"apps.{module}:app", "--port"),
        folder=REFERENCES,
        environment={**environment, "VARIANT": variant},
    )


def _install_node() -> str:
    """Install what the Node reference needs into a cache; the reason why not, if any."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "Node is not installed"
    if (CACHE / "node_modules" / "fastify").is_dir():
        return ""
    CACHE.mkdir(parents=True, exist_ok=True)
    shutil.copy(REFERENCES / "node" / "package.json", CACHE)
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True)
    return f"npm install failed: {done.stderr[-200:]}" if done.returncode else ""
