"""The application: standard operations and pages of the service on a FastAPI app."""

from __future__ import annotations

import html
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from . import metrics, problems
from .cors import Cors
from .cursor import set_cursor_secret
from .database import Database
from .edge import Edge
from .endpoints import Answer, Endpoint
from .errors import Fault, Unavailable
from .lifecycle import Lifecycle
from .links import encode
from .operations import Collection
from .parameters import refuse_parameters
from .reporting import Reporter
from .rivals import rivals
from .routes import StandardRoutes, Table, mount
from .security import Authenticator
from .service import Service
from .settings import Settings
from .tenancy import Tenancy

_log = logging.getLogger(__name__)

_JSON: Final = (b"content-type", b"application/json")
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SENT: Final = (
    "Authorization",
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Prefer",
    "X-Request-ID",
)
_EXPOSED: Final = (
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "Preference-Applied",
    "Retry-After",
    "X-Request-ID",
)


def create_app(
    *,
    title: str,
    domain: str,
    settings: Settings,
    database: Database,
    collections: Iterable[Collection],
    openapi: Path,
    description: str = "",
    version: str = "0.1.0",
    auth: Authenticator | None = None,
    tenancy: Tenancy | None = None,
    routers: Sequence[APIRouter] = (),
) -> FastAPI:
    """A service over `database` that answers `collections` and `routers`.

    `openapi` is the generated description, served as it is. Without `auth` every caller
    is anonymous and roles are not enforced; without `tenancy` no caller has a tenant.
    """
    logging.getLogger(__package__).setLevel(settings.log_level.upper())
    if settings.cursor_secret is not None:
        set_cursor_secret(settings.cursor_secret)
    counters = metrics.Metrics()
    reporter = None
    if settings.healer_url:
        reporter = Reporter(settings.healer_url, settings.healer_token, domain)
    lifecycle = Lifecycle(settings, database, reporter)
    table = Table()
    mount(
        table,
        collections,
        database=database,
        auth=auth if tenancy is None else tenancy.authenticator(auth),
        max_body_bytes=settings.max_body_bytes,
        tenancy=tenancy,
    )
    _mount_pages(table, domain, title, lifecycle, counters, openapi.read_bytes())

    app = _framework(title, description, version, lifecycle)
    for router in routers:
        app.include_router(router)
    custom = [route for router in routers for route in router.routes]
    app.add_middleware(StandardRoutes, table=table, custom=custom)
    app.add_middleware(Edge, metrics=counters, reporter=reporter)
    _add_proxies(app, settings, () if tenancy is None else (tenancy.header,))
    app.shorten(table, rivals(custom, table.templates()))
    app.state.settings = settings
    app.state.database = database
    app.state.lifecycle = lifecycle
    return app


def _framework(
    title: str, description: str, version: str, lifecycle: Lifecycle
) -> Service:
    """FastAPI for custom routers: without pages of its own, answering problems."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with lifecycle.run():
            yield

    return Service(
        title=title,
        description=description,
        version=version,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            Fault: problems.on_fault,
            HTTPException: problems.on_http,
            RequestValidationError: problems.on_validation,
        },
    )


def _add_proxies(app: FastAPI, settings: Settings, sent: Sequence[str]) -> None:
    """What lies between clients and the edge: other origins and trusted proxies.

    `sent` are headers that clients of other origins may send besides the usual ones.
    """
    if settings.cors_origins:
        app.add_middleware(
            Cors,
            allow_origins=list(settings.cors_origins),
            allow_credentials=settings.cors_credentials,
            allow_methods=list(_METHODS),
            allow_headers=[*_SENT, *sent],
            expose_headers=list(_EXPOSED),
        )
    if settings.trusted_proxies:
        proxies = list(settings.trusted_proxies)
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)


def _mount_pages(
    table: Table,
    domain: str,
    title: str,
    lifecycle: Lifecycle,
    counters: metrics.Metrics,
    openapi: bytes,
) -> None:
    pages: dict[tuple[str, str], Endpoint] = {
        ("/health", ""): _constant({"status": "ok", "domain": domain}),
        ("/livez", ""): _constant({"status": "ok"}),
        ("/readyz", ""): _readyz(lifecycle),
        ("/openapi.json", ""): _document(openapi),
        ("/docs", ""): _html(get_swagger_ui_html, title),
        ("/redoc", ""): _html(get_redoc_html, title),
        ("/metrics", ""): _metrics(counters),
        ("/problems", "/{code}"): _problem,
    }
    for (path, suffix), page in pages.items():
        try:
            table.add(path, suffix, "GET", page)
        except ValueError:
            _log.warning("%s%s is a collection's and not the service's", path, suffix)


def _constant(content: dict[str, str]) -> Endpoint:
    body = encode(content)

    async def serve(request: Request, _key: str) -> Response:
        refuse_parameters(request.scope)
        return Answer(200, body, _JSON)

    return serve


def _readyz(lifecycle: Lifecycle) -> Endpoint:
    async def serve(request: Request, _key: str) -> Response:
        try:
            await lifecycle.ready()
        except Unavailable as fault:
            _log.warning("not ready: %s", fault)
            return problems.problem(request.scope, "unavailable")
        return Answer(200, b'{"status":"ok"}', _JSON)

    return serve


def _document(content: bytes) -> Endpoint:
    tag = b'"%s"' % blake2b(content, digest_size=12).hexdigest().encode()

    async def serve(request: Request, _key: str) -> Response:
        if tag.decode() in request.headers.get("if-none-match", ""):
            return Answer(304, b"", (b"etag", tag))
        return Answer(200, content, _JSON, (b"etag", tag))

    return serve


def _metrics(counters: metrics.Metrics) -> Endpoint:
    kind = (b"content-type", metrics.MEDIA_TYPE.encode())

    async def serve(_request: Request, _key: str) -> Response:
        return Answer(200, counters.render().encode(), kind)

    return serve


async def _problem(request: Request, code: str) -> Response:
    page = problems.page(code)
    if page is None:
        return problems.problem(request.scope, "not-found")
    return Answer(200, encode(page), _JSON)


def _html(page: Callable[..., Response], title: str) -> Endpoint:
    """A page of FastAPI's, which prints the title as it is into its HTML."""

    async def serve(request: Request, _key: str) -> Response:
        root = request.scope.get("root_path", "")
        return page(openapi_url=f"{root}/openapi.json", title=html.escape(title))

    return serve
