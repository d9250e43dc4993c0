"""Standard paths and their dispatch: one look-up for any number of collections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from .endpoints import Answer, Endpoint, context_of, endpoint
from .errors import Fault
from .links import paths_of
from .operations import (
    Collection,
    Create,
    Delete,
    List,
    Operation,
    Read,
    Replace,
    Transition,
    Update,
)
from .problems import from_fault, from_http, problem
from .rivals import rivals, wins
from .security import Authenticator

__all__ = [
    "Collection",
    "Create",
    "Delete",
    "List",
    "Operation",
    "Place",
    "Read",
    "Replace",
    "StandardRoutes",
    "Table",
    "Transition",
    "Update",
    "mount",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A path and its endpoints by method."""

    template: str
    entity: str = ""
    """Name of the entity behind it; empty for none."""
    endpoints: dict[str, Endpoint] = field(default_factory=dict)

    @property
    def allow(self) -> str:
        """The value of `Allow`."""
        head = ("HEAD",) if "GET" in self.endpoints else ()
        return ", ".join(sorted({*self.endpoints, *head, "OPTIONS"}))


@dataclass(frozen=True, slots=True)
class Table:
    """Every standard path: exact ones, records below a collection, and paths below records."""

    exact: dict[str, Place] = field(default_factory=dict)
    items: dict[str, Place] = field(default_factory=dict)
    below: dict[tuple[str, str], Place] = field(default_factory=dict)
    """By the collection's path and the last step: `("/tickets", "state")`."""

    def add(
        self, path: str, suffix: str, method: str, serve: Endpoint, entity: str = ""
    ) -> None:
        """Serve `method` at `path` and `suffix`: empty, `/bulk`, `/{id}` or `/{id}/state`."""
        place = Place(path + suffix, entity)
        key, tail = suffix.startswith("/{"), suffix.rpartition("/")[2]
        if not key:
            place = self.exact.setdefault(path + suffix, place)
        elif suffix.count("/") == 1:
            place = self.items.setdefault(path, place)
        else:
            place = self.below.setdefault((path, tail), place)
        if method in place.endpoints:
            raise ValueError(f"{method} {place.template} is declared twice")
        place.endpoints[method] = serve

    def templates(self) -> tuple[str, ...]:
        """Every path, with names in braces for what varies."""
        tables = (self.exact, self.items, self.below)
        return tuple(place.template for table in tables for place in table.values())

    def find(self, scope: Scope) -> tuple[Place, str] | None:
        """The place that a request is for, and the key in its path."""
        path: str = scope["path"]
        root: str = scope.get("root_path", "")
        raw: bytes = scope.get("raw_path") or b""
        escaped = b"%" in raw
        if escaped:
            # A slash that is part of a key comes escaped, and only the raw path tells.
            path = raw.decode("latin-1")
        if root and path.startswith(root):
            path = path[len(root) :]
        place = self.exact.get(path)
        if place is not None:
            return place, ""
        steps = path.split("/")
        if escaped:
            steps = [unquote(step) for step in steps]
        return self._below(steps)

    def _below(self, steps: Sequence[str]) -> tuple[Place, str] | None:
        last = steps[-1]
        if not last:
            return None
        place = self.items.get("/".join(steps[:-1]))
        if place is not None:
            return place, last
        place = self.below.get(("/".join(steps[:-2]), last))
        if place is not None and steps[-2]:
            return place, steps[-2]
        return None


def mount(
    table: Table,
    collections: Iterable[Collection],
    *,
    auth: Authenticator | None,
    max_body_bytes: int,
) -> None:
    """Add every operation of `collections` to `table`."""
    collections = tuple(collections)
    targets = paths_of(collections)
    for collection in collections:
        context = context_of(collection, targets, auth, max_body_bytes)
        for operation in collection.operations:
            table.add(
                collection.path,
                operation.suffix,
                operation.method,
                endpoint(context, operation),
                collection.entity.name,
            )


class StandardRoutes:
    """ASGI: serves the table's paths and hands every other request on.

    Where a route of `custom` routers claims a standard path, it wins.
    """

    def __init__(
        self, app: ASGIApp, *, table: Table, custom: Sequence[BaseRoute] = ()
    ) -> None:
        self.app = app
        self.table = table
        self.rivals = rivals(custom, table.templates())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of the table."""
        found = self.table.find(scope) if scope["type"] == "http" else None
        if found is None or (self.rivals and wins(self.rivals, scope)):
            await self.app(scope, receive, send)
            return
        place, key = found
        scope["specora.place"] = place
        try:
            response = await self._serve(place, key, Request(scope, receive, send))
        except Fault as fault:
            response = from_fault(scope, fault)
        except HTTPException as fault:
            response = from_http(scope, fault)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _serve(self, place: Place, key: str, request: Request) -> Response:
        method = request.method
        serve = place.endpoints.get("GET" if method == "HEAD" else method)
        if serve is not None:
            return await serve(request, key)
        if method == "OPTIONS":
            return Answer(204, b"", (b"allow", place.allow.encode()))
        return problem(
            request.scope, "method-not-allowed", headers={"Allow": place.allow}
        )
