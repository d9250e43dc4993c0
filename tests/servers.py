"""Generated apps as real processes on loopback, on each adapter."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

START_SECONDS = 60


class App:
    """A running app."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        parse: bool = True,
    ) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path,
            data=data,
            method=method,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                raw = answer.read()
                return answer.status, json.loads(raw) if parse and raw else raw
        except urllib.error.HTTPError as error:
            raw = error.read()
            return error.code, json.loads(raw) if parse and raw else raw


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(
    folder: Path,
    backend: str,
    *,
    state: Path,
    postgres_url: str = "",
    environment: Mapping[str, str] | None = None,
) -> Iterator[App]:
    """The app in `folder` on `backend`. What it stores survives below `state`, or in PostgreSQL."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "backend.app:app",
        "--app-dir",
        str(folder),
    ]
    variables = _variables(backend, state, postgres_url)
    log = state / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *command,
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--log-level",
                "warning",
            ],
            env={**_clean(), **variables, **(environment or {})},
            cwd=state,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    app = App(f"http://127.0.0.1:{port}")
    try:
        _wait(app, process, log)
        yield app
    finally:
        process.terminate()
        process.wait(timeout=20)


def _clean() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name in kept}


def _variables(backend: str, state: Path, postgres_url: str) -> dict[str, str]:
    urls = {"sqlite": f"sqlite:///{state / 'test.db'}", "postgres": postgres_url}
    url = urls.get(backend)
    return {"DATABASE_BACKEND": backend, **({"DATABASE_URL": url} if url else {})}


def _wait(app: App, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            output = log.read_text("utf-8", "replace")
            raise AssertionError(f"the app ended with {process.returncode}:\n{output}")
        with suppress(OSError):
            if app.call("GET", "/readyz")[0] == 200:
                return
        time.sleep(0.05)
    raise AssertionError(f"no answer within {START_SECONDS} s")
