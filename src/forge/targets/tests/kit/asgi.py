"""An ASGI application in this process, spoken to through `httpx` without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import httpx

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

BASE_URL = "http://testserver"
_START_SECONDS = 60


class InProcess(httpx.BaseTransport):
    """Runs the application on an event loop that stands still between two requests."""

    def __init__(self, app: App, runner: asyncio.Runner) -> None:
        self._app = app
        self._runner = runner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        return self._runner.run(self._answer(request, request.read()))

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        sent = False
        start: Message = {"status": 500, "headers": []}
        pieces: list[bytes] = []

        async def receive() -> Message:
            nonlocal sent
            if sent:
                return {"type": "http.disconnect"}
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                pieces.append(message.get("body", b""))

        await self._app(_scope(request), receive, send)
        # A server sends no body in answer to HEAD, whatever the application hands it.
        content = b"" if request.method == "HEAD" else b"".join(pieces)
        return httpx.Response(
            start["status"],
            headers=list(start["headers"]),
            stream=httpx.ByteStream(content),
        )


def _scope(request: httpx.Request) -> Message:
    raw_path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 50000),
        "server": (request.url.host, 80),
        "state": {},
    }


@contextmanager
def serving(app: App) -> Iterator[httpx.BaseTransport]:
    """The application between its start and its end."""
    with asyncio.Runner() as runner:
        lifespan = _Lifespan(app)
        runner.run(lifespan.start())
        try:
            yield InProcess(app, runner)
        finally:
            runner.run(lifespan.end())


class _Lifespan:
    """The `lifespan` protocol: one task that waits from the start to the end."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Future[None] | None = None

    async def start(self) -> None:
        """Start the application."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        serve = self._app(scope, self._events.get, self._answers.put)
        self._task = asyncio.ensure_future(serve)
        await self._ask("startup")

    async def end(self) -> None:
        """Let the application end."""
        await self._ask("shutdown")

    async def _ask(self, event: str) -> None:
        await self._events.put({"type": f"lifespan.{event}"})
        waiting = asyncio.ensure_future(self._answers.get())
        assert self._task is not None  # `start` has made it
        await asyncio.wait(
            (waiting, self._task),
            timeout=_START_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not waiting.done():
            waiting.cancel()
            if self._task.done():
                self._task.result()
            raise RuntimeError(f"the service does not answer its {event}")
        answer = waiting.result()
        if answer["type"] != f"lifespan.{event}.complete":
            raise RuntimeError(f"{answer['type']}: {answer.get('message', '')}")
