"""The apps under test: generated from a folder of contracts, booted on each adapter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres_server import new_database
from tests.servers import App, running

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DOMAIN = HERE / "domain"
ADAPTERS = ("memory", "sqlite", "postgres")


def generate(domain: Path, output: Path) -> Path:
    """The folder of the backend that `domain` compiles to."""
    spc = Path(sys.executable).parent / "spc"
    done = subprocess.run(
        [
            spc,
            "forge",
            "generate",
            domain,
            "--target",
            "fastapi-prod",
            "--output",
            output,
        ],
        cwd=output.parent,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return output


@dataclass(frozen=True)
class Served:
    """One running app, and where its process writes."""

    adapter: str
    app: App
    state: Path

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return self.app.url

    @property
    def port(self) -> int:
        """Its port of the loopback."""
        return int(self.url.rpartition(":")[2])

    def log(self) -> str:
        """What the process has written so far."""
        logs = sorted(self.state.glob("server-*.log"))
        return "".join(log.read_text("utf-8", "replace") for log in logs)


@contextmanager
def served(
    folder: Path,
    adapter: str,
    state: Path,
    server_url: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """The app in `folder` on one adapter, on a database of its own."""
    state.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        url = (
            stack.enter_context(new_database(server_url))
            if adapter == "postgres"
            else ""
        )
        app = stack.enter_context(
            running(
                folder, adapter, state=state, postgres_url=url, environment=environment
            )
        )
        yield Served(adapter, app, state)


@contextmanager
def served_on_all(
    folder: Path,
    state: Path,
    server_url: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[tuple[Served, ...]]:
    """The app in `folder` on every adapter, in the order of `ADAPTERS`."""

    def enter(context: AbstractContextManager[Served]) -> Served:
        return stack.enter_context(context)

    contexts = [
        served(folder, adapter, state / adapter, server_url, environment)
        for adapter in ADAPTERS
    ]
    with ExitStack() as stack, ThreadPoolExecutor(len(contexts)) as pool:
        yield tuple(pool.map(enter, contexts))
