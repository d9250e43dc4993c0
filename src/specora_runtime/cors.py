"""Requests from other origins, by Starlette's middleware."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from .headers import headers_of


class Cors(CORSMiddleware):
    """Starlette's middleware, out of the way of requests that name no origin.

    Where every origin is admitted, such an answer is the same for all and needs no
    `Vary`; Starlette would still go through its headers.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if (
            scope["type"] == "http"
            and self.allow_all_origins
            and not self.allow_credentials
            and b"origin" not in headers_of(scope)
        ):
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)
