"""The outermost layer of a service: request ids, metrics, and faults nobody expects."""

from __future__ import annotations

import itertools
import logging
import re
import secrets
from time import perf_counter
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .headers import headers_of
from .metrics import Metrics
from .problems import problem
from .reporting import Reporter
from .routes import Place

_log = logging.getLogger(__name__)
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


class Edge:
    """ASGI: gives every request an id, counts it, and answers 500 for a fault of ours."""

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, reporter: Reporter | None = None
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.reporter = reporter
        self._prefix = secrets.token_hex(6).encode()
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        request_id = self._id_of(scope)
        scope["specora.request_id"] = request_id.decode()
        status = 0

        async def out(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id),
                ]
            await send(message)

        try:
            await self.app(scope, receive, out)
        except ClientDisconnect:
            pass  # Counted as 499, which is what servers write for it.
        # The edge of the process: whatever nobody expects ends here, in one place.
        except Exception as fault:
            self._record(scope, fault)
            if status:
                raise
            # The detail of such a fault is for the log, not for clients.
            answer = problem(scope, "internal", request_id=scope["specora.request_id"])
            await answer(scope, receive, out)
        finally:
            seconds = perf_counter() - started
            self.metrics.observe(
                scope["method"], route_of(scope), status or 499, seconds
            )

    def _id_of(self, scope: Scope) -> bytes:
        given = headers_of(scope).get(b"x-request-id")
        if given is not None and _REQUEST_ID.fullmatch(given):
            return given
        return b"%s-%x" % (self._prefix, next(self._numbers))

    def _record(self, scope: Scope, fault: Exception) -> None:
        method, route = scope["method"], route_of(scope)
        request_id = scope["specora.request_id"]
        _log.error(
            "%s %s failed (request %s)", method, route, request_id, exc_info=fault
        )
        if self.reporter is not None:
            place = scope.get("specora.place")
            entity = place.entity if isinstance(place, Place) else ""
            context: dict[str, Any] = {
                "method": method,
                "path": route,
                "status_code": 500,
                "request_id": request_id,
            }
            self.reporter.report(fault, entity, context)


def route_of(scope: Scope) -> str:
    """The template of the route that serves a request."""
    place = scope.get("specora.place")
    if isinstance(place, Place):
        return place.template
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "(none)"
