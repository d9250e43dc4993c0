"""Generated services in this process, one for each adapter, called as ASGI."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from forge.ir.application import Application
from tests.conformance.apps import ADAPTERS
from tests.model.answers import Request

_PACKAGE = "backend"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a service answered."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Service:
    """One generated app on one adapter."""

    adapter: str
    ir: Application
    modules: dict[str, ModuleType]
    database: Any
    """The database of the runtime."""

    async def request(self, request: Request) -> Heard:
        """The answer to a request."""
        said: list[dict[str, Any]] = []
        body = b"" if request.body is None else _bytes(request.body)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            said.append(dict(message))

        await self._module("app").app(_scope(request, body), receive, send)
        headers = {k.decode(): v.decode() for k, v in said[0]["headers"]}
        content = b"".join(one.get("body", b"") for one in said[1:])
        return Heard(
            said[0]["status"], headers, json.loads(content) if content else None
        )

    def _module(self, name: str) -> Any:
        return self.modules[f"{_PACKAGE}.{name}"]

    async def rows(self, entity: str) -> list[dict[str, Any]]:
        """All that is stored of an entity, in native values."""
        database = self.database
        declared = next(e for e in database.entities if e.name == entity)
        table = self._module("runtime.sql").table_of(declared, database.dialect)
        found = await database.fetch(f"SELECT {table.columns} FROM {table.name}")
        return [dict(table.read(row)) for row in found]

    async def outbox(self) -> list[dict[str, Any]]:
        """The events, in order."""
        columns = "entity, record, name, payload"
        found = await self.database.fetch(
            f"SELECT {columns} FROM specora_outbox ORDER BY id"
        )
        return [{**row, "payload": json.loads(row["payload"])} for row in found]

    async def empty(self, entities: Sequence[str]) -> None:
        """Remove all records of some entities, children first, and what else is kept."""
        database, quoted = self.database, self.database.dialect.quote
        declared = [e for e in database.entities if e.name in entities]
        async with database.transaction() as connection:
            for entity in declared:
                for key in entity.foreign_keys:
                    columns = [entity.by_name[name] for name in key.fields]
                    if not any(column.required for column in columns):
                        sets = ", ".join(
                            f"{quoted(c.stored_as)} = NULL" for c in columns
                        )
                        await connection.execute(
                            f"UPDATE {quoted(entity.table)} SET {sets}"
                        )
            for entity in _children_first(declared):
                await connection.execute(f"DELETE FROM {quoted(entity.table)}")
            for table in await self._kept():
                await connection.execute(f"DELETE FROM {table}")

    async def _kept(self) -> list[str]:
        """The runtime's own tables, but for the one of the schema."""
        if self.adapter == "postgres":
            text = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        else:
            text = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = [row["name"] for row in await self.database.fetch(text)]
        return [n for n in names if n.startswith("specora_") and n != "specora_schema"]


def _children_first(entities: Sequence[Any]) -> Iterator[Any]:
    waiting = list(entities)
    while waiting:
        free = [
            e
            for e in waiting
            if not any(
                key.target == e.name and other is not e
                for other in waiting
                for key in other.foreign_keys
                if any(other.by_name[name].required for name in key.fields)
            )
        ]
        for entity in free or waiting[:1]:
            waiting.remove(entity)
            yield entity


@contextmanager
def _loaded(
    folder: Path, environment: Mapping[str, str]
) -> Iterator[dict[str, ModuleType]]:
    """The modules of an app that is imported under an environment."""
    before = dict(os.environ)
    os.environ.update(environment)
    sys.path.insert(0, str(folder))
    for name in _imported():
        del sys.modules[name]
    try:
        importlib.import_module(f"{_PACKAGE}.app")
        yield {name: sys.modules[name] for name in _imported()}
    finally:
        for name in _imported():
            del sys.modules[name]
        sys.path.remove(str(folder))
        os.environ.clear()
        os.environ.update(before)


def _imported() -> list[str]:
    return [n for n in sys.modules if n == _PACKAGE or n.startswith(f"{_PACKAGE}.")]


@asynccontextmanager
async def services(
    ir: Application, folder: Path, state: Path, postgres_url: str
) -> AsyncIterator[tuple[Service, ...]]:
    """The app in `folder` on every adapter."""
    urls = {"sqlite": f"sqlite:///{state / 'model.db'}", "postgres": postgres_url}
    async with AsyncExitStack() as stack:
        found = []
        for adapter in ADAPTERS:
            environment = {"DATABASE_BACKEND": adapter, "AUTH_ENABLED": "false"}
            if adapter in urls:
                environment["DATABASE_URL"] = urls[adapter]
            with _loaded(folder, environment) as modules:
                database = modules[f"{_PACKAGE}.repositories.base"].database()
                service = Service(adapter, ir, modules, database)
                await service.request(Request("GET", "/readyz"))
            stack.push_async_callback(database.close)
            found.append(service)
        yield tuple(found)


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _scope(request: Request, body: bytes) -> dict[str, Any]:
    query = "&".join(
        f"{quote(name, safe='[]')}={quote(text, safe='')}"
        for name, text in request.query
    )
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    headers |= {name.lower(): text for name, text in request.headers.items()}
    if request.body is None:
        del headers["content-type"]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": _decoded(request.path),
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


def _decoded(path: str) -> str:
    from urllib.parse import unquote

    return unquote(path)
