"""Generated tests in a process that has what every service imports, so that it starts at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
from dataclasses import dataclass
from pathlib import Path

_LIBRARIES = ["pytest", "_pytest.assertion.rewrite", "httpx", "fastapi", "pydantic"]
_LIBRARIES += [
    "msgspec",
    "uvicorn.middleware.proxy_headers",
    "jwt",
    "pwdlib.hashers.argon2",
]
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended."""

    code: int
    """0 where all tests passed, 1 where some failed."""
    text: str


def run(folder: Path, *arguments: str, timeout: float) -> Report:
    """The generated tests of the service in `folder`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LIBRARIES)
    report = folder / "report.txt"
    process = context.Process(target=_child, args=(str(folder), str(report), arguments))
    process.start()
    process.join(timeout)
    if process.is_alive():
        process.kill()
        process.join()
    return Report(process.exitcode or 0, report.read_text("utf-8", "replace"))


def _child(folder: str, report: str, arguments: tuple[str, ...]) -> None:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    os.environ.clear()
    # Other distributions' plugins take longer to load than some of these runs.
    os.environ.update(kept, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    os.chdir(folder)
    output = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    import pytest

    code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", *arguments])
    sys.stdout.flush()
    # A service's threads must not keep the process from ending.
    os._exit(int(code))
