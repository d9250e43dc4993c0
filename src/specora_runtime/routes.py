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

from .database import Database
from .endpoints import Answer, Endpoint, context_of
from .entity import Entity
from .errors import Fault
from .expansions import Catalog
from .identity import parse_key
from .operations import (
    Bulk,
    Collection,
    Create,
    Delete,
    Handler,
    List,
    Operation,
    Read,
    Replace,
    Restore,
    Transition,
    Update,
)
from .problems import from_fault, from_http, problem
from .rivals import rivals, wins
from .security import Authenticator
from .serving import endpoint
from .tenancy import Tenancy

__all__ = [
    "Bulk",
    "Collection",
    "Create",
    "Delete",
    "Handler",
    "List",
    "Operation",
    "Place",
    "Read",
    "Replace",
    "Restore",
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
    closed: bool = False
    """Whether no record below the same path can have its last step as a key."""

    @property
    def allow(self) -> str:
        """The value of `Allow`."""
        head = ("HEAD",) if "GET" in self.endpoints else ()
        return ", ".join(sorted({*self.endpoints, *head, "OPTIONS"}))

    def serves(self, method: str) -> bool:
        """Whether an endpoint answers the method."""
        return ("GET" if method == "HEAD" else method) in self.endpoints


@dataclass(frozen=True, slots=True)
class Table:
    """Every standard path: exact ones, records below a collection, and paths below records."""

    exact: dict[str, Place] = field(default_factory=dict)
    items: dict[str, Place] = field(default_factory=dict)
    below: dict[tuple[str, str], Place] = field(default_factory=dict)
    """By the collection's path and the last step: `("/tickets", "state")`."""
    deep: list[tuple[tuple[str, ...], Place]] = field(default_factory=list)
    """Any other path, by its steps: those with several parameters."""

    def add(
        self,
        path: str,
        suffix: str,
        method: str,
        serve: Endpoint,
        entity: str = "",
        *,
        closed: bool = False,
    ) -> None:
        """Serve `method` at `path` and `suffix`: empty, `/bulk`, `/{id}`, `/{id}/state` ..."""
        place = self._place(Place(path + suffix or "/", entity, closed=closed))
        if method in place.endpoints:
            raise ValueError(f"{method} {place.template} is declared twice")
        place.endpoints[method] = serve

    def _place(self, place: Place) -> Place:
        """What stands at the path of `place`, by where its parameters are."""
        template = place.template
        steps = tuple(template.split("/"))
        match [n for n, step in enumerate(steps) if step.startswith("{")]:
            case []:
                return self.exact.setdefault(template, place)
            case [n] if n == len(steps) - 1:
                return self.items.setdefault("/".join(steps[:n]), place)
            case [n] if n == len(steps) - 2:
                return self.below.setdefault(("/".join(steps[:n]), steps[-1]), place)
        shape = tuple("{}" if step.startswith("{") else step for step in steps)
        for known, found in self.deep:
            if known == shape:
                return found
        self.deep.append((shape, place))
        # What is named comes before what varies, from the left.
        self.deep.sort(key=lambda entry: [step == "{}" for step in entry[0]])
        return place

    def templates(self) -> tuple[str, ...]:
        """Every path, with names in braces for what varies."""
        tables = (self.exact, self.items, self.below)
        places = [place for table in tables for place in table.values()]
        places += [place for _, place in self.deep]
        return tuple(place.template for place in places)

    def find(self, scope: Scope) -> tuple[Place, str] | None:
        """The place that a request is for, and the key in its path.

        The values of several parameters are in the scope, as `specora.parameters`.
        """
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
        method = scope["method"]
        if place is not None and (place.closed or place.serves(method)):
            return place, ""
        steps = path.split("/")
        if escaped:
            steps = [unquote(step) for step in steps]
        below = self._below(steps)
        if below is None and place is None and self.deep:
            return self._deep(steps, scope)
        if place is None:
            return below
        # A record may have the key `bulk`: what the exact path lacks, it answers.
        return below if below and below[0].serves(method) else (place, "")

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

    def _deep(self, steps: Sequence[str], scope: Scope) -> tuple[Place, str] | None:
        for shape, place in self.deep:
            if len(shape) != len(steps):
                continue
            pairs = tuple(zip(shape, steps, strict=True))
            if all(step if name == "{}" else name == step for name, step in pairs):
                values = tuple(step for name, step in pairs if name == "{}")
                scope["specora.parameters"] = values
                return place, values[0]
        return None


def mount(
    table: Table,
    collections: Iterable[Collection],
    *,
    database: Database,
    auth: Authenticator | None,
    max_body_bytes: int,
    tenancy: Tenancy | None = None,
) -> None:
    """Add every operation of `collections` to `table`."""
    collections = tuple(collections)
    catalog = Catalog(collections)
    for collection in collections:
        context = context_of(
            collection, catalog, database, auth, max_body_bytes, tenancy
        )
        for operation in collection.operations:
            table.add(
                collection.path,
                operation.where,
                operation.how,
                endpoint(context, operation),
                collection.entity.name,
                closed=_is_no_key(collection.entity, operation.where),
            )


def _is_no_key(entity: Entity, suffix: str) -> bool:
    """Whether the first step of `suffix` names something other than a record."""
    step = suffix.split("/")[1] if suffix else ""
    named = bool(step) and not step.startswith("{")
    return named and parse_key(entity, step) is None


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
        found = scope.get("specora.found")
        if found is None:
            found = self.table.find(scope) if scope["type"] == "http" else None
            if found is None or (self.rivals and wins(self.rivals, scope)):
                await self.app(scope, receive, send)
                return
        place, key = found
        scope["specora.place"] = place
        method = scope["method"]
        serve = place.endpoints.get("GET" if method == "HEAD" else method)
        try:
            if serve is None:
                response = _unserved(place, scope)
            else:
                response = await serve(Request(scope, receive, send), key)
        except Fault as fault:
            response = from_fault(scope, fault)
        except HTTPException as fault:
            response = from_http(scope, fault)
        except ClientDisconnect:
            return
        await response(scope, receive, send)


def _unserved(place: Place, scope: Scope) -> Response:
    """The answer to a method for which the place has no endpoint."""
    if scope["method"] == "OPTIONS":
        return Answer(204, b"", (b"allow", place.allow.encode()))
    return problem(scope, "method-not-allowed", headers={"Allow": place.allow})
