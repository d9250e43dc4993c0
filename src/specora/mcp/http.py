"""The server over streamable HTTP: for this machine, or for whoever knows the token."""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable

import anyio
import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from specora.mcp.server import SpecoraServer

PATH = "/mcp"
_GRACE = 3
"""Seconds that calls have to end when the server is told to."""
_NAMES = ("127.0.0.1", "localhost", "[::1]")


class TokenRequired:
    """Lets pass who sends the token; says nothing else to anybody."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            sent = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(sent, self._expected):
                answer = JSONResponse(
                    {"error": "unauthorized"},
                    401,
                    headers={"WWW-Authenticate": "Bearer"},
                )
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def serve(
    server: SpecoraServer,
    host: str,
    port: int,
    token: str,
    told: Callable[[str], None],
) -> None:
    """Serve until the process is told to end. `told` is given the address.

    Requests whose `Host` or `Origin` is not this very server's are refused, so that no page in
    a browser reaches it by a name that was bound anew. Elsewhere than on loopback the names of
    the machine are not known, and the token stands for them.
    """
    listener = socket.create_server(
        (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
    )
    at = listener.getsockname()[1]
    app: ASGIApp = server.streamable_http_app(
        streamable_http_path=PATH, transport_security=_security(host, at)
    )
    if token:
        app = TokenRequired(app, token)
    config = uvicorn.Config(
        app, log_level="warning", lifespan="on", timeout_graceful_shutdown=_GRACE
    )
    shown = f"[{host}]" if ":" in host else host
    told(f"http://{shown}:{at}{PATH}")
    anyio.run(lambda: uvicorn.Server(config).serve(sockets=[listener]))


def _security(host: str, port: int) -> TransportSecuritySettings:
    if host not in ("127.0.0.1", "::1", "localhost"):
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    hosts = [f"{name}:{port}" for name in _NAMES]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[*hosts, *(_NAMES if port == 80 else ())],
        allowed_origins=[f"http://{name}" for name in hosts],
    )
