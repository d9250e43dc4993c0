"""Load on one server, and what a request of it costs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.api.processes import cpu_seconds, tree

SCRIPT = Path(__file__).parent / "load.lua"
CONNECTIONS = 32
OPERATIONS = ("get", "list", "post", "patch")

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Sample:
    """One operation of one round."""

    server: float
    """Microseconds of CPU per request, of the server and all its threads."""
    database: float
    """The same of PostgreSQL; 0 without it."""
    per_second: float
    p50: float
    """Milliseconds."""
    p99: float


@dataclass(frozen=True, slots=True)
class Target:
    """What is loaded and watched."""

    url: str
    server: int
    database: int
    """Process id of PostgreSQL; 0 for none."""
    parameters: str
    ids: tuple[Path, Path]


def load(target: Target, operation: str, seconds: float, core: str = "1") -> Sample:
    """Send requests of `operation` for so long."""
    command = _command(target, operation, seconds, core)
    servers = tree(target.server)
    backends = tree(target.database) if target.database else []
    before = cpu_seconds(servers), cpu_seconds(backends)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = cpu_seconds(servers), cpu_seconds(backends)
    text = done.stdout
    count = int(_number(r"(\d+) requests in", text))
    failed = re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", text)
    if failed or not count:
        raise RuntimeError(f"{operation}: {failed[0] if failed else text}")
    spent = [
        sum(after[place][pid] - before[place][pid] for pid in pids) / count * 1e6
        for place, pids in enumerate((servers, backends))
    ]
    return Sample(
        spent[0],
        spent[1],
        _number(r"Requests/sec:\s+([\d.]+)", text),
        _latency(50, text),
        _latency(99, text),
    )


def _command(
    target: Target, operation: str, seconds: float, core: str
) -> Sequence[str]:
    return [
        *("taskset", "-c", core, "wrk", "-t1", f"-c{CONNECTIONS}", "--latency"),
        *(f"-d{seconds:g}s", "-s", str(SCRIPT), target.url, "--", operation),
        *(str(target.ids[0]), str(target.ids[1]), target.parameters),
    ]


def _number(pattern: str, text: str) -> float:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"wrk says: {text}")
    return float(match[1])


def _latency(percent: int, text: str) -> float:
    match = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"wrk says: {text}")
    return float(match[1]) * _UNITS[match[2]]
