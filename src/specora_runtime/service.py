"""The application object: FastAPI, with a short way for the standard operations.

FastAPI's own layers cost as much as a standard operation and do nothing for it. They stay
in use where somebody else added to them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from .rivals import wins
from .routes import Table

_OBSERVER = "opentelemetry.sdk"
"""The module whose presence means that requests are traced."""


class Service(FastAPI):
    """FastAPI that hands requests for standard paths to its middleware alone."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._front: ASGIApp | None = None
        self._layers = 0

    def shorten(self, table: Table, rivals: Sequence[BaseRoute]) -> None:
        """Serve what `table` holds and no one of `rivals` claims by the short way."""
        front: ASGIApp = super().__call__
        for layer in reversed(self.user_middleware):
            front = layer.cls(front, *layer.args, **layer.kwargs)
        self._front, self._layers = front, len(self.user_middleware)
        self._table, self._rivals = table, tuple(rivals)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the lifespan."""
        front = self._front
        if front is not None and scope["type"] == "http" and self._is_short(scope):
            await front(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def _is_short(self, scope: Scope) -> bool:
        if len(self.user_middleware) != self._layers or _OBSERVER in sys.modules:
            return False
        found = self._table.find(scope)
        if found is None or (self._rivals and wins(self._rivals, scope)):
            return False
        scope["specora.found"] = found
        return True
