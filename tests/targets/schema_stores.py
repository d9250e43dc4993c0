"""Two real databases behind one small face, to see what a schema refuses."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from typing import Any, Protocol

from forge.emit import Target
from forge.ir.application import Application
from forge.targets.postgres import TARGET as POSTGRES
from forge.targets.sqlite import TARGET as SQLITE


class Store(Protocol):
    """A database with a generated schema in it."""

    dialect: str

    def load(self, app: Application) -> None:
        """Run the generated schema."""

    def run(self, sql: str) -> None:
        """Run a statement."""

    def refuses(self, sql: str) -> str:
        """The name of what a statement breaks; empty text when it is accepted.

        A constraint's name, or the columns of a unique key where SQLite gives those.
        """

    def count(self, table: str) -> int:
        """How many rows a table has."""


def schema(target: Target, app: Application) -> str:
    """The generated schema."""
    generated = target.generate(app)
    assert generated.diagnostics == ()
    (file,) = generated.files
    return file.content


class SqliteStore:
    """SQLite in memory."""

    dialect = "sqlite"

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.execute("PRAGMA foreign_keys = ON")

    def load(self, app: Application) -> None:
        self._connection.executescript(schema(SQLITE, app))

    def run(self, sql: str, *args: object) -> None:
        self._connection.execute(sql, args)

    def refuses(self, sql: str) -> str:
        try:
            self._connection.execute(sql)
        except sqlite3.IntegrityError as error:
            return re.sub(r"^\w+( \w+)? constraint failed: ", "", str(error))
        return ""

    def count(self, table: str) -> int:
        (row,) = self._connection.execute(f'SELECT count(*) FROM "{table}"')
        return int(row[0])


class PostgresStore:
    """One database of a PostgreSQL server."""

    dialect = "postgres"

    def __init__(self, url: str) -> None:
        import asyncpg

        self._loop = asyncio.new_event_loop()
        self._session = self._wait(lambda: asyncpg.connect(url))
        self._refusal: type[Exception] = asyncpg.PostgresError

    def _wait(self, call: Callable[[], Any]) -> Any:
        async def waiting() -> Any:
            return await call()

        return self._loop.run_until_complete(waiting())

    def load(self, app: Application) -> None:
        self._wait(lambda: self._session.execute(schema(POSTGRES, app)))

    def run(self, sql: str) -> None:
        self._wait(lambda: self._session.execute(sql))

    def refuses(self, sql: str) -> str:
        try:
            self.run(sql)
        except self._refusal as error:
            known = getattr(error, "constraint_name", None)
            return str(known or error)
        return ""

    def count(self, table: str) -> int:
        return int(self._wait(lambda: self._session.fetchval(_counting(table))))

    def close(self) -> None:
        """End the session."""
        self._wait(lambda: self._session.close())
        self._loop.close()


def _counting(table: str) -> str:
    return f'SELECT count(*) FROM "{table}"'
