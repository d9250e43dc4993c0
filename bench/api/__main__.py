"""`python -m bench.api`: the generated service beside the references, as ratios."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench.api import data, report, rounds
from bench.api.cluster import cluster
from bench.api.processes import free_port, running
from bench.api.services import Service, generate, generated, references


def _on_postgres(app: Path, url: str) -> Service:
    environment = {"DATABASE_BACKEND": "postgres", "DATABASE_URL": url}
    return generated(report.OURS, app, environment)


def _start_once(service: Service, folder: Path) -> None:
    """Let the service make its tables."""
    port = free_port()
    with running(
        (*service.command, str(port)),
        cores="0",
        folder=service.folder,
        environment=service.environment,
        url=f"http://127.0.0.1:{port}/readyz",
        log=folder / "server.log",
    ):
        pass


def measure(number: int, seconds: int, against: str = report.REFERENCES) -> bool:
    """Print every figure; whether all bounds hold. Without wrk it prints why not.

    `against` names the references by their letters. Where some are left out, so is what
    tells of the generated service alone.
    """
    for tool in ("wrk", "taskset"):
        if shutil.which(tool) is None:
            print(f"API: left out, because {tool} is not installed")
            return True
    with tempfile.TemporaryDirectory(prefix="spc-bench-") as name:
        folder = Path(name)
        generate(folder / "app")
        ids = data.write_ids(folder)
        holds = _postgres(folder, ids, number, seconds, against)
        if against == report.REFERENCES:
            _sqlite(folder, ids, min(number, 3), seconds)
    return holds


def _postgres(
    folder: Path, ids: tuple[Path, Path], number: int, seconds: int, against: str
) -> bool:
    with cluster() as server:
        own = _on_postgres(folder / "app", server.generated)
        _start_once(own, folder)
        data.execute(server.generated, data.LOAD)
        data.execute(server.hand_written, (*data.REFERENCE_TABLES, *data.LOAD))
        server.clean()
        services, reasons = references(server.hand_written, against)
        shared = rounds.Conditions(
            folder=folder,
            ids=ids,
            database=server.pid,
            clean=server.clean,
            seconds=seconds,
        )
        results = rounds.measure([own, *services], number, shared)
        print(report.conditions(number, seconds, server.version))
        for line in (*reasons, *report.figures(results, database=True)):
            print(line)
        print("CPU of the server, ratios of minima")
        verdicts = list(report.ratios(results))
        for line, _ in verdicts:
            print(line)
        if against == report.REFERENCES:
            _scaling(own, shared)
    return all(holds for _, holds in verdicts)


def _scaling(own: Service, shared: rounds.Conditions) -> None:
    one, two = (rounds.throughput(own, workers, shared) for workers in (1, 2))
    print("requests per second, everything on both cores: 1 worker, 2 workers")
    for operation, rate in one.items():
        more = two[operation]
        print(f"  {operation:<46}{rate:16.0f}{more:16.0f}  x {more / rate:.2f}")


def _sqlite(folder: Path, ids: tuple[Path, Path], number: int, seconds: int) -> None:
    path = folder / "tickets.sqlite"
    environment = {"DATABASE_BACKEND": "sqlite", "DATABASE_URL": f"sqlite:///{path}"}
    own = generated(f"{report.OURS}, SQLite", folder / "app", environment)
    _start_once(own, folder)
    data.load_sqlite(path)
    shared = rounds.Conditions(
        folder=folder,
        ids=ids,
        database=0,
        clean=partial(_clean_sqlite, path),
        seconds=seconds,
    )
    results = rounds.measure([own], number, shared)
    print("SQLite (WAL, writes through one thread, 4 reading threads)")
    for line in report.figures(results, database=False):
        print(line)


def _clean_sqlite(path: Path) -> None:
    with sqlite3.connect(path, timeout=10) as connection:
        connection.execute(data.CLEAN[0])
    connection.close()


def main() -> int:
    """Measure with the rounds that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="per operation")
    parser.add_argument(
        "--against",
        default=report.REFERENCES,
        metavar="LETTERS",
        help="the references to run: `bc`, or nothing for none",
    )
    given = parser.parse_args()
    holds = measure(given.rounds, given.seconds, given.against)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
