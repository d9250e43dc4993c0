"""SIGTERM against a real process, and a database that is away at the start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import desk
import httpx
from serving import served

from specora_runtime.errors import Unavailable
from specora_runtime.sqlite import MemoryDatabase

PROGRAM = """
import asyncio, sys
from pathlib import Path
import desk, uvicorn
app = desk.build(Path(sys.argv[1]), drain_seconds=0.5)
@app.get("/slow")
async def slow() -> str:
    await asyncio.sleep(1.0)
    return "done"
uvicorn.run(app, port=int(sys.argv[2]), log_level="warning")
"""


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join(path for path in sys.path if path)
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(port)],
        env=os.environ | {"PYTHONPATH": paths},
    )
    # Readiness is asked anew each time, as a load balancer does.
    limits = httpx.Limits(max_keepalive_connections=0)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", limits=limits) as client:
            await_start(client)
            yield started, client
    finally:
        started.kill()
        started.wait(10)


def await_start(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get("/livez")
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the service does not start")


def test_sigterm_fails_readiness_first_and_lets_requests_finish(tmp_path: Path) -> None:
    answers: list[str] = []
    with process(tmp_path) as (service, client):
        assert client.get("/readyz").status_code == 200
        slow = threading.Thread(target=lambda: answers.append(client.get("/slow").text))
        slow.start()
        time.sleep(0.2)
        service.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        assert client.get("/readyz").status_code == 503
        assert client.get("/health").status_code == 200
        slow.join(10)
        assert answers == ['"done"']
        assert service.wait(10) in (0, -signal.SIGTERM)


class AwayDatabase(MemoryDatabase):
    """A database whose host is down for a while."""

    away = True

    async def open(self) -> None:
        if self.away:
            raise Unavailable("connection to db.internal refused")
        await super().open()

    async def ready(self) -> None:
        await self.open()


def test_a_database_that_is_away_fails_readiness_not_the_start(tmp_path: Path) -> None:
    app = desk.build(tmp_path, database=AwayDatabase)
    with served(app) as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "db.internal" not in answer.text
        app.state.database.away = False
        assert client.get("/readyz").status_code == 200
        assert client.get("/tickets").json()["total"] == 0
