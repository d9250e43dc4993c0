"""The process of a generated service."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

STOP_SECONDS = 10.0


class AddressRefused(Exception):
    """Nothing can listen there: it is in use, or no address of this machine."""


class Service:
    """A generated app in a process of its own, which ends with this one."""

    def __init__(
        self, folder: Path, host: str, port: int, environment: Mapping[str, str]
    ) -> None:
        self._folder = folder
        self._host = host
        self._port = port
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the service answers."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Start the process; it may take a moment until it answers. Raises `AddressRefused`."""
        self._try_address()
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "backend.app:app",
            "--app-dir",
            str(self._folder.resolve()),
            "--host",
            self._host,
            "--port",
            str(self._port),
            "--log-level",
            "warning",
        ]
        environment = {**os.environ, **self._environment}
        self._process = subprocess.Popen(command, env=environment, stdout=2)

    def _try_address(self) -> None:
        """Another service on the port would answer, and take records, in place of this one."""
        try:
            family, kind, _, _, address = socket.getaddrinfo(
                self._host, self._port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            reason = error.strerror or str(error)
            raise AddressRefused(f"{self.url}: {reason}".lower()) from None

    def stop(self) -> None:
        """Ask the process to end, and end it where it does not."""
        process = self._process
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None

    def exit_code(self) -> int | None:
        """The code with which the process ended by itself; `None` while it runs."""
        return None if self._process is None else self._process.poll()

    def wait_until_ready(self, seconds: float = 60.0) -> bool:
        """Whether the service answers `/readyz` in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.exit_code() is None:
            status, _ = self.request("GET", "/readyz")
            if status == 200:
                return True
            time.sleep(0.1)
        return False

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, object]:
        """Status and JSON of an answer; status 0 where there is none."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path,
            data=data,
            method=method,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())
        except OSError:
            return 0, None


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")
