"""Processes on a core of their own, and what they use: CPU, memory, time to answer."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 30.0
STOP_SECONDS = 10.0


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = Path(f"/proc/{pid}/task/{task}/children").read_text()
            for child in children.split():
                found += tree(int(child))
    except OSError:
        pass  # It has ended meanwhile.
    return found


def cpu_seconds(pids: Sequence[int]) -> dict[int, float]:
    """CPU time of each process by the scheduler's own count, threads included."""
    return {pid: _cpu(pid) for pid in pids}


def _cpu(pid: int) -> float:
    total = 0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            text = Path(f"/proc/{pid}/task/{task}/schedstat").read_text()
            total += int(text.split()[0])
    except OSError:
        pass
    return total / 1e9


def megabytes(pid: int) -> float:
    """Memory of one process; pages that it shares count in proportion."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    lines = (line.split() for line in text.splitlines())
    return next(int(line[1]) / 1024 for line in lines if line[0] == "Pss:")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str],
    *,
    cores: str,
    folder: Path,
    environment: Mapping[str, str],
    url: str,
    log: Path,
) -> Iterator[tuple[int, float]]:
    """A server that answers `url`; yields its process id and the seconds until it did."""
    started = time.monotonic()
    with log.open("a") as output:
        process = subprocess.Popen(
            ["taskset", "-c", cores, *command],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await(process, url, log)
        yield process.pid, time.monotonic() - started
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in reversed(tree(process.pid)):
                os.kill(pid, signal.SIGKILL)
            process.wait()


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{url} does not answer: {log.read_text()[-2000:]}")
