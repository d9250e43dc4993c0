"""What endpoints share, and those that read: a page of records, and one record."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from . import graph
from .bodies import read_body, validate
from .buried import buried
from .database import Database
from .entity import Caller, Entity, Record
from .errors import VersionRequired
from .expansions import Catalog
from .headers import header
from .identity import etag
from .json_text import item_text
from .links import Renderer, encode, renderer, self_path
from .operations import Collection, Graph, List, Operation, Read
from .paging import body_of, chosen, content_of, link_header
from .parameters import pairs_of, refuse_parameters
from .problems import NotFound
from .query import Query
from .query_string import once, parse_query, parse_read
from .relations import Expansion
from .repository import Repository
from .security import EVERYONE, Authenticator, authorize
from .tenancy import Tenancy
from .visibility import Deleted

Endpoint: TypeAlias = Callable[[Request, str], Awaitable[Response]]
"""Answers a request for the record of a key, which is empty for a collection."""

EVERYTHING: Final = Query()
"""Asks for the whole of a record."""

JSON: Final = (b"content-type", b"application/json")
_TAG: Final = re.compile(r'"([^"]*)"')


class Answer(Response):
    """A response whose bytes and headers are ready as they are."""

    def __init__(self, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        length = (
            () if status in (204, 304) else ((b"content-length", b"%d" % len(body)),)
        )
        self.raw_headers = [*headers, *length]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response, to `HEAD` without its body."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the endpoints of one collection share."""

    collection: Collection
    repository: Repository
    render: Renderer
    catalog: Catalog
    path_of: Callable[[Mapping[str, Any]], str]
    database: Database
    auth: Authenticator | None
    max_body_bytes: int
    tenancy: Tenancy | None = None

    @property
    def entity(self) -> Entity:
        """The kind of record."""
        return self.collection.entity

    def answer(
        self,
        status: int,
        record: Record,
        *headers: tuple[bytes, bytes],
        query: Query = EVERYTHING,
    ) -> Answer:
        """The representation of a record, as far as `query` asks for it, with its ETag."""
        tag = (b"etag", etag(record, self.entity).encode())
        if status == 204:
            return Answer(status, b"", tag, *headers)
        own = chosen(self.render, self.entity, query)
        show = self.catalog.renderer(own, query.expand)
        return Answer(status, encode(show(record)), JSON, tag, *headers)

    def parse_expand(self, text: str, limit: int) -> tuple[Expansion, ...]:
        """What `expand` asks for with so many records. Raises `BadQuery`."""
        return self.catalog.parse(self.entity, text, limit)

    async def admit(self, request: Request, operation: Operation) -> Caller:
        """The caller, who may call the operation; refuses a query string."""
        caller = EVERYONE
        if self.auth is not None:
            caller = await authorize(self.auth, request, operation.roles)
        if self.tenancy is not None and operation.how != "GET":
            self.tenancy.demand(self.entity, caller)
        if request.scope["query_string"]:
            refuse_parameters(request.scope)
        return caller

    async def body(self, request: Request, model: type[BaseModel]) -> dict[str, Any]:
        """The values that the request's body sends."""
        return validate(
            model, self.entity, await read_body(request, self.max_body_bytes)
        )

    def demand_version(self, if_match: str | None) -> str | None:
        """The version that a change names. Raises `VersionRequired` where it must."""
        if if_match is None and self.collection.if_match_required:
            raise VersionRequired
        return if_match

    def missing(self) -> NotFound:
        """The fault of a key that no record has."""
        return NotFound(self.entity.name)


def context_of(
    collection: Collection,
    catalog: Catalog,
    database: Database,
    auth: Authenticator | None,
    max_body_bytes: int,
    tenancy: Tenancy | None = None,
) -> Context:
    """Bind a collection to its repository, its renderer and the service's settings."""
    return Context(
        collection=collection,
        repository=collection.repository(),
        render=renderer(collection, catalog.targets),
        catalog=catalog,
        path_of=self_path(collection.entity, collection.path),
        database=database,
        auth=auth,
        max_body_bytes=max_body_bytes,
        tenancy=tenancy,
    )


def list_endpoint(context: Context, operation: List) -> Endpoint:
    """The endpoint of a page of records."""
    repository, render, entity = context.repository, context.render, context.entity
    item = item_text(context.collection, context.catalog.targets)
    take = buried(context.collection)

    async def serve(request: Request, _key: str) -> Response:
        caller = await authorize(context.auth, request, operation.roles)
        pairs, deleted = take(pairs_of(request.scope), caller)
        query = parse_query(entity, pairs, operation.filters, context.parse_expand)
        if deleted is not Deleted.EXCLUDE:
            query = replace(query, deleted=deleted)
        context.catalog.admit(query.expand, caller)
        if item is not None:
            written = await repository.page_text(query, item, caller=caller)
            if written is not None:
                link = (b"link", link_header(request.scope, query, written.page))
                return Answer(operation.status, body_of(written), JSON, link)
        page = await repository.page(query, caller=caller)
        own = chosen(render, entity, query)
        show = context.catalog.renderer(own, query.expand)
        content = content_of(page, [show(record) for record in page.items])
        link = (b"link", link_header(request.scope, query, page))
        return Answer(operation.status, encode(content), JSON, link)

    return serve


def read_endpoint(context: Context, operation: Read) -> Endpoint:
    """The endpoint of one record."""
    take = buried(context.collection)

    async def serve(request: Request, key: str) -> Response:
        caller = await authorize(context.auth, request, operation.roles)
        pairs, deleted = take(pairs_of(request.scope), caller)
        query = parse_read(context.entity, pairs, context.parse_expand)
        context.catalog.admit(query.expand, caller)
        record = await context.repository.get(
            key, caller=caller, deleted=deleted, expand=query.expand
        )
        if record is None:
            raise context.missing()
        known = header(request.scope, b"if-none-match")
        # The tag is that of the record alone: it does not tell what is shown beside it.
        if known is not None and not query.expand:
            tag = etag(record, context.entity)
            if known.strip() == "*" or tag.strip('"') in _TAG.findall(known):
                return Answer(304, b"", (b"etag", tag.encode()))
        return context.answer(operation.status, record, query=query)

    return serve


def graph_endpoint(context: Context, operation: Graph) -> Endpoint:
    """The endpoint of what is around one record."""
    catalog, entity = context.catalog, context.entity

    async def serve(request: Request, key: str) -> Response:
        caller = await authorize(context.auth, request, operation.roles)
        refuse_parameters(request.scope, graph.PARAMETERS)
        given = once(pairs_of(request.scope))
        walk = graph.plan_walk(catalog, entity, given, caller)
        nodes = await context.repository.graph(key, walk, caller=caller)
        if not nodes:
            raise context.missing()
        content = graph.shown_graph(catalog, walk, nodes)
        return Answer(operation.status, encode(content), JSON)

    return serve
