"""What a generated app of 200 entities costs to start."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.compiler import SPC, Measure
from bench.synthetic import write_domain

PROBE = """
import asyncio, resource, sys
sys.path.insert(0, sys.argv[1])
from backend.app import app

async def get(path):
    sent = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        sent.append(message)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": [], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return sent[0]["status"], sum(len(m.get("body", b"")) for m in sent)

status, size = asyncio.run(get("/openapi.json"))
usage = resource.getrusage(resource.RUSAGE_SELF)
print(status, size, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def measure(entities: int = 200) -> tuple[list[Measure], float, int]:
    """Seconds to import and answer `/openapi.json`; MB of memory; bytes of the document."""
    with tempfile.TemporaryDirectory(prefix="specora-bench-") as name:
        folder = Path(name)
        write_domain(folder / "domain", entities)
        subprocess.run(
            [SPC, "forge", "generate", folder / "domain", "--output", folder / "out"],
            check=True,
            capture_output=True,
        )
        results = [_probe(folder / "out") for _ in range(3)]
    seconds = min(r[2] for r in results)
    found = [Measure(f"app of {entities}: import and /openapi.json", seconds, 3.0)]
    return found, min(r[3] for r in results), int(results[0][1])


def _probe(app: Path) -> tuple[float, ...]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(app)],
        env={"DATABASE_BACKEND": "memory", "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(float(part) for part in done.stdout.split())
