"""The service under test: in this process, or at `BASE_URL` where that is set."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from .asgi import BASE_URL, serving
from .declarations import Service

NOTHING: Any = object()
"""The body of a request without one."""

VERSIONED = frozenset({"update", "replace", "delete", "transition", "restore"})
"""What changes a record, and may have to name its version."""
ANY_VERSION: Mapping[str, str] = {"if-match": "*"}
ANONYMOUS = "anonymous"
"""The role of a request without a token."""


class Raw(str):
    """A piece of a body that is sent as it is, such as a number that no float holds."""

    __slots__ = ()


def encode(value: Any) -> bytes:
    """`value` as JSON in ASCII, so that half a surrogate pair can be sent."""
    pieces: dict[str, str] = {}

    def mark(item: Any) -> Any:
        if isinstance(item, Raw):
            name = uuid4().hex
            pieces[f'"{name}"'] = str(item)
            return name
        if isinstance(item, dict):
            return {key: mark(inner) for key, inner in item.items()}
        return [mark(inner) for inner in item] if isinstance(item, list) else item

    text = json.dumps(mark(value))
    for name, piece in pieces.items():
        text = text.replace(name, piece)
    return text.encode()


class Client:
    """Sends requests, each as the caller of a role."""

    def __init__(self, http: httpx.Client, service: Service, *, remote: bool) -> None:
        self._http = http
        self._tokens: dict[str, str] = {}
        self.service = service
        self.remote = remote
        """Whether the service is somebody else's process, which others may use too."""
        self.enforces_roles = service.has_auth and self._asks_for_tokens()

    def _asks_for_tokens(self) -> bool:
        """Whether authentication is meant to be on.

        Of somebody else's process only its behaviour tells, of this one its environment.
        """
        if self.remote:
            return self._http.get("/auth/me").status_code == 401
        switch = os.environ.get("AUTH_ENABLED", "").strip().lower()
        return (
            switch in ("true", "1", "yes", "on")
            if switch
            else self.service.auth_enabled
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        role: str,
        body: Any = NOTHING,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer to a request. `body` is sent as JSON, `content` as it is."""
        sent = {"content-type": "application/json"}
        if role != ANONYMOUS and self.enforces_roles:
            sent["authorization"] = f"Bearer {self._token(role)}"
        if body is not NOTHING:
            content = encode(body)
        query = "&".join(
            f"{quote(name, safe='[]')}={quote(value, safe=',')}"
            for name, value in (params or {}).items()
        )
        return self._http.request(
            method,
            f"{path}?{query}" if query else path,
            content=content,
            headers={**sent, **(headers or {})},
        )

    def _token(self, role: str) -> str:
        if role not in self._tokens:
            user = {"id": str(uuid4()), "email": f"{role}@example.com", "role": role}
            answer = self._http.post("/auth/login", json=user)
            if answer.status_code != 200:
                raise NoDevelopmentLogin(answer.text)
            self._tokens[role] = answer.json()["access_token"]
        return self._tokens[role]


class NoDevelopmentLogin(AssertionError):
    """The service hands out no tokens: `AUTH_DEV_LOGIN` is not `true`."""


@contextmanager
def connected(service: Service) -> Iterator[Client]:
    """A client of the service."""
    url = os.environ.get("BASE_URL", "").rstrip("/")
    if url:
        with httpx.Client(base_url=url, timeout=60) as http:
            yield Client(http, service, remote=True)
        return
    # The app reads its environment when it is imported, which happens here first.
    app = import_module("backend.app").app
    with (
        serving(app) as transport,
        httpx.Client(transport=transport, base_url=BASE_URL) as http,
    ):
        yield Client(http, service, remote=False)
