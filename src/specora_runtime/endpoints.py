"""The standard operations: one plain endpoint per operation of a collection."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from . import operations as ops
from .bodies import read_body, validate, wire_names
from .effects import set_plain
from .entity import Caller, Entity, Record
from .errors import FieldError, RuleBroken, StaleVersion
from .expansions import Catalog
from .identity import etag
from .links import Renderer, encode, renderer, self_path
from .operations import Collection, Operation, Rules, Write
from .parameters import pairs_of, refuse_parameters
from .problems import NotFound
from .query_string import once, parse_query
from .relations import Expansion
from .repository import Repository
from .security import Authenticator, authorize
from .tenancy import Tenancy
from .writes import moment

T = TypeVar("T")
Endpoint: TypeAlias = Callable[[Request, str], Awaitable[Response]]
"""Answers a request for the record of a key, which is empty for a collection."""

_JSON: Final = (b"content-type", b"application/json")
_TAG: Final = re.compile(r'"([^"]*)"')
_ATTEMPTS: Final = 3


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
        expand: tuple[Expansion, ...] = (),
    ) -> Answer:
        """The representation of a record with its ETag."""
        tag = (b"etag", etag(record, self.entity).encode())
        if status == 204:
            return Answer(status, b"", tag, *headers)
        show = self.catalog.renderer(self.render, expand)
        return Answer(status, encode(show(record)), _JSON, tag, *headers)

    def parse_expand(self, text: str) -> tuple[Expansion, ...]:
        """What `expand` asks for. Raises `BadQuery`."""
        return self.catalog.parse(self.entity, text)

    def expansions(self, scope: Scope) -> tuple[Expansion, ...]:
        """What a read of one record shows along with it. Raises `BadQuery`."""
        if not scope["query_string"]:
            return ()
        refuse_parameters(scope, ("expand",))
        given = once(pairs_of(scope))
        return self.parse_expand(given["expand"]) if given else ()

    async def admit(self, request: Request, operation: Operation) -> Caller:
        """The caller, who may call the operation; refuses a query string."""
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

    def missing(self) -> NotFound:
        """The fault of a key that no record has."""
        return NotFound(self.entity.name)


def context_of(
    collection: Collection,
    catalog: Catalog,
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
        auth=auth,
        max_body_bytes=max_body_bytes,
        tenancy=tenancy,
    )


def endpoint(context: Context, operation: Operation) -> Endpoint:
    """The endpoint that serves `operation`."""
    match operation:
        case ops.List():
            return _list(context, operation)
        case ops.Read():
            return _read(context, operation)
        case ops.Create():
            return _create(context, operation)
        case ops.Update():
            return _update(context, operation)
        case ops.Replace():
            return _replace(context, operation)
        case ops.Delete():
            return _delete(context, operation)
        case ops.Transition():
            return _transition(context, operation)
        case ops.Handler():
            # It stands on what this module defines.
            from .handlers import handler

            return handler(context, operation)
    raise TypeError(f"{type(operation).__name__} is not a standard operation")


def _list(context: Context, operation: ops.List) -> Endpoint:
    repository, render, entity = context.repository, context.render, context.entity

    async def serve(request: Request, _key: str) -> Response:
        caller = await authorize(context.auth, request, operation.roles)
        pairs = pairs_of(request.scope)
        query = parse_query(entity, pairs, operation.filters, context.parse_expand)
        context.catalog.admit(query.expand, caller)
        page = await repository.page(query, caller=caller)
        show = context.catalog.renderer(render, query.expand)
        content = {
            "items": [show(record) for record in page.items],
            "total": page.total,
            "next_cursor": page.next_cursor,
        }
        return Answer(operation.status, encode(content), _JSON)

    return serve


def _read(context: Context, operation: ops.Read) -> Endpoint:
    async def serve(request: Request, key: str) -> Response:
        caller = await authorize(context.auth, request, operation.roles)
        expand = context.expansions(request.scope)
        context.catalog.admit(expand, caller)
        record = await context.repository.get(key, caller=caller, expand=expand)
        if record is None:
            raise context.missing()
        known = request.headers.get("if-none-match")
        # The tag is that of the record alone: it does not tell what is shown beside it.
        if known is not None and not expand:
            tag = etag(record, context.entity)
            if known.strip() == "*" or tag.strip('"') in _TAG.findall(known):
                return Answer(304, b"", (b"etag", tag.encode()))
        return context.answer(operation.status, record, expand=expand)

    return serve


def _create(context: Context, operation: ops.Create) -> Endpoint:
    extra, entity = operation.extra, context.entity

    async def serve(request: Request, _key: str) -> Response:
        caller = await context.admit(request, operation)
        data = await context.body(request, operation.body)
        if operation.validation:
            wanted = _filled(entity, blank(entity) | data, operation, caller)
            check(operation.validation, wanted, caller)
        record = await context.repository.create(data, caller=caller, extra=extra)
        place = (b"location", context.path_of(record).encode())
        return context.answer(operation.status, record, place)

    return serve


def _update(context: Context, operation: ops.Update) -> Endpoint:
    async def serve(request: Request, key: str) -> Response:
        caller = await context.admit(request, operation)
        data = await context.body(request, operation.body)
        return await _change(context, operation, request, key, data, caller)

    return serve


def _replace(context: Context, operation: ops.Replace) -> Endpoint:
    named = wire_names(operation.body)
    cleared = {
        field.name: field.default
        for field in context.entity.fields
        if field.name in named and not field.sensitive
    }

    async def serve(request: Request, key: str) -> Response:
        caller = await context.admit(request, operation)
        data = cleared | await context.body(request, operation.body)
        return await _change(context, operation, request, key, data, caller)

    return serve


async def _change(
    context: Context,
    operation: Write,
    request: Request,
    key: str,
    data: dict[str, Any],
    caller: Caller,
) -> Response:
    async def act(if_match: str | None) -> Record | None:
        return await context.repository.update(
            key, data, caller=caller, if_match=if_match, extra=operation.extra
        )

    record = await _ruled(context, operation, request, key, data, caller, act)
    return context.answer(operation.status, record)


def _delete(context: Context, operation: ops.Delete) -> Endpoint:
    extra = operation.extra

    async def serve(request: Request, key: str) -> Response:
        caller = await context.admit(request, operation)

        async def act(if_match: str | None) -> bool | None:
            done = await context.repository.delete(
                key, caller=caller, if_match=if_match, extra=extra
            )
            return done or None

        await _ruled(context, operation, request, key, {}, caller, act)
        return Answer(operation.status, b"")

    return serve


def _transition(context: Context, operation: ops.Transition) -> Endpoint:
    extra, workflow = operation.extra, context.entity.workflow

    async def serve(request: Request, key: str) -> Response:
        caller = await context.admit(request, operation)
        data = await context.body(request, operation.body)
        state = data.pop("state")

        async def act(if_match: str | None) -> Record | None:
            return await context.repository.transition(
                key, state, data, caller=caller, if_match=if_match, extra=extra
            )

        stored = data | {workflow.field: state} if workflow else data
        record = await _ruled(context, operation, request, key, stored, caller, act)
        return context.answer(operation.status, record)

    return serve


async def _ruled(
    context: Context,
    operation: Write,
    request: Request,
    key: str,
    data: dict[str, Any],
    caller: Caller,
    act: Callable[[str | None], Awaitable[T | None]],
) -> T:
    """What `act` does to the record of `key`, for which the operation's rules hold."""
    wanted = if_match = request.headers.get("if-match")
    for attempt in range(_ATTEMPTS):
        if operation.validation:
            present = await context.repository.get(key, caller=caller)
            if present is None:
                raise context.missing()
            candidate = _filled(context.entity, present | data, operation, caller)
            check(operation.validation, candidate, caller)
            # The rules hold for this version, so no other one may be written.
            if_match = wanted or etag(present, context.entity)
        try:
            result = await act(if_match)
        except StaleVersion:
            if wanted is not None or attempt + 1 == _ATTEMPTS:
                raise
            continue
        if result is None:
            raise context.missing()
        return result
    raise AssertionError("unreachable")


def check(rules: Rules, record: Record, caller: Caller) -> None:
    """Raise `RuleBroken` where `record` breaks a rule.

    The first broken rule decides on the status; all that share it are named.
    """
    broken = [rule for rule in rules if not rule.function(record, caller)]
    if broken:
        status = broken[0].status
        errors = tuple(
            FieldError(rule.field, rule.code, rule.detail)
            for rule in broken
            if rule.status == status
        )
        raise RuleBroken(errors, status)


def _filled(entity: Entity, record: Record, operation: Write, caller: Caller) -> Record:
    """`record` with what the operation fills, but for numbers that are not drawn yet."""
    set_plain(entity, record, operation.fills, caller, moment())
    return record


def blank(entity: Entity) -> Record:
    """A record of its defaults alone, so that rules may read any field."""
    state = {entity.workflow.field: entity.workflow.initial} if entity.workflow else {}
    return {field.name: field.default for field in entity.fields} | state
