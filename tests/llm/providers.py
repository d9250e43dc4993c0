"""A loopback server that speaks the wire format of each provider and does what its script says."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

KEYS = {
    "anthropic": "ANTHROPIC",
    "openai": "OPENAI",
    "xai": "XAI",
    "zai": "ZAI",
    "google": "GOOGLE",
}
"""Providers with a key, and what their variables begin with."""

LOCAL = {"ollama": "OLLAMA", "lmstudio": "LMSTUDIO"}

EVERY = (*KEYS, *LOCAL)

KEY = "sk-test-4711-very-secret-key"


@dataclass(frozen=True)
class Say:
    """An answer."""

    text: str


@dataclass(frozen=True)
class Fail:
    """A status that is not 200."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    message: str = "a fault of the stub"


@dataclass(frozen=True)
class Half:
    """The first half of an answer, then nothing; `cut` closes the connection within the body."""

    text: str = "half of what was to be said"
    cut: bool = True


@dataclass(frozen=True)
class Cut:
    """The connection is closed before a byte of an answer."""


@dataclass(frozen=True)
class Garbage:
    """200 with a body that is no JSON."""


@dataclass(frozen=True)
class Empty:
    """An answer without a word."""


@dataclass(frozen=True)
class Refuse:
    """A refusal in the way of the provider."""


@dataclass(frozen=True)
class Overlong:
    """An answer that ends at the limit of tokens."""


@dataclass(frozen=True)
class Body:
    """200 with exactly this as its JSON."""

    value: object


@dataclass(frozen=True)
class Hang:
    """No answer for as long as the client waits."""


Step = Say | Fail | Half | Cut | Garbage | Empty | Refuse | Overlong | Hang | Body


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def words(self) -> str:
        """Everything that was sent, as text."""
        return json.dumps(self.body, ensure_ascii=False)


@dataclass
class Stub:
    """A server, its script, and what it was asked."""

    steps: list[Step]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    models: Sequence[str] = ()
    over: threading.Event = field(default_factory=threading.Event)

    def environ(self, provider: str) -> dict[str, str]:
        """The variables under which `provider` is this server."""
        quick = {"SPECORA_AI_BACKOFF": "0.01", "SPECORA_AI_TIMEOUT": "20"}
        if provider in LOCAL:
            return {**quick, f"{LOCAL[provider]}_BASE_URL": self.url}
        prefix = KEYS[provider]
        path = "/v1" if provider == "openai" else ""
        return {
            **quick,
            f"{prefix}_API_KEY": KEY,
            f"{prefix}_BASE_URL": self.url + path,
        }


@contextmanager
def provider_stub(*steps: Step, models: Sequence[str] = ()) -> Iterator[Stub]:
    """A server that does one step a request and answers 418 when the script is at its end."""
    stub = Stub(list(steps), models=models)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stub))
    server.daemon_threads = True
    server.block_on_close = False
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.over.set()
        server.shutdown()
        server.server_close()


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not stub.models:
                self._send(404, {"error": {"message": "no models here"}})
                return
            self._send(200, {"data": [{"id": name} for name in stub.models]})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.asked.append(Asked(self.path, headers, body))
            step = stub.steps.pop(0) if stub.steps else Fail(418)
            self._do(step, _wire(self.path, body))

        def _do(self, step: Step, wire: Wire) -> None:
            match step:
                case Fail():
                    fault = {"type": "stub_error", "message": step.message}
                    self._send(step.status, {"error": fault}, step.headers)
                case Cut():
                    self._close()
                case Body(value):
                    self._send(200, value)
                case Hang():
                    stub.over.wait(30)
                    self._close()
                case Garbage():
                    self._raw(b"<html>this is no JSON {", wire.content_type)
                case Half(text, cut):
                    whole = wire.whole(step)
                    part = whole[: len(whole) * 2 // 3]
                    if wire.stream:
                        part = wire.until(text)
                    self._raw(part, wire.content_type, len(part) + 99 * cut)
                    self._close()
                case _:
                    self._raw(wire.whole(step), wire.content_type)

        def _send(
            self, status: int, body: object, headers: Sequence[tuple[str, str]] = ()
        ) -> None:
            self._raw(
                json.dumps(body).encode(), "application/json", None, status, headers
            )

        def _raw(
            self,
            body: bytes,
            content_type: str,
            length: int | None = None,
            status: int = 200,
            headers: Sequence[tuple[str, str]] = (),
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(length or len(body)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _close(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, format: str, *args: object) -> None:
            """The tests read what was asked from `Stub.asked`."""

    return Handler


@dataclass(frozen=True)
class Wire:
    """A provider's format, whole or as a stream."""

    stream: bool
    model: str

    @property
    def content_type(self) -> str:
        return "text/event-stream" if self.stream else "application/json"

    def whole(self, step: Step) -> bytes:
        text, end = _said(step)
        if self.stream:
            return b"".join(self.events(text, end))
        return json.dumps(self.body(text, end)).encode()

    def until(self, text: str) -> bytes:
        """The stream up to where half of the text is told."""
        events = list(self.events(text, "stop"))
        return b"".join(events[: len(events) // 2])

    def body(self, text: str, end: str) -> object:
        raise NotImplementedError

    def events(self, text: str, end: str) -> Iterator[bytes]:
        raise NotImplementedError


class Anthropic(Wire):
    ENDS: ClassVar = {"stop": "end_turn", "refusal": "refusal", "length": "max_tokens"}

    def body(self, text: str, end: str) -> dict[str, Any]:
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [{"type": "text", "text": text}] if text else [],
            "stop_reason": self.ENDS[end],
            "stop_sequence": None,
            "usage": {"input_tokens": 120, "output_tokens": 30},
        }

    def events(self, text: str, end: str) -> Iterator[bytes]:
        start = self.body("", end) | {"stop_reason": None}
        yield _event({"type": "message_start", "message": start})
        yield _event(
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "text", "text": ""},
            }
        )
        for piece in _pieces(text):
            delta = {"type": "text_delta", "text": piece}
            yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
        yield _event({"type": "content_block_stop", "index": 0})
        yield _event(
            {
                "type": "message_delta",
                "delta": {"stop_reason": self.ENDS[end], "stop_sequence": None},
                "usage": {"output_tokens": 30},
            }
        )
        yield _event({"type": "message_stop"})


class OpenAI(Wire):
    ENDS: ClassVar = {"stop": "stop", "refusal": "content_filter", "length": "length"}

    def body(self, text: str, end: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": self.model,
            "choices": [
                {"index": 0, "message": message, "finish_reason": self.ENDS[end]}
            ],
            "usage": {
                "prompt_tokens": 120,
                "completion_tokens": 30,
                "total_tokens": 150,
            },
        }

    def events(self, text: str, end: str) -> Iterator[bytes]:
        base = self.body("", end) | {"object": "chat.completion.chunk", "usage": None}

        def chunk(delta: dict[str, str], finish: str | None) -> bytes:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return _event(base | {"choices": [choice]}, named=False)

        for piece in _pieces(text):
            yield chunk({"role": "assistant", "content": piece}, None)
        yield chunk({}, self.ENDS[end])
        yield _event(
            base | {"choices": [], "usage": self.body("", end)["usage"]}, named=False
        )
        yield b"data: [DONE]\n\n"


class Google(Wire):
    ENDS: ClassVar = {"stop": "STOP", "refusal": "SAFETY", "length": "MAX_TOKENS"}

    def body(self, text: str, end: str) -> dict[str, Any]:
        parts = [{"text": text}] if text else []
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": parts}}
        if end:
            candidate["finishReason"] = self.ENDS[end]
        return {
            "candidates": [candidate | {"index": 0}],
            "usageMetadata": {
                "promptTokenCount": 120,
                "candidatesTokenCount": 30,
                "totalTokenCount": 150,
            },
            "modelVersion": self.model,
            "responseId": "r1",
        }

    def events(self, text: str, end: str) -> Iterator[bytes]:
        pieces = list(_pieces(text))
        for piece in pieces[:-1]:
            yield _event(self.body(piece, ""), named=False)
        yield _event(self.body(pieces[-1] if pieces else "", end), named=False)


def _wire(path: str, body: dict[str, Any]) -> Wire:
    if path.split("?")[0].endswith("/v1/messages"):
        return Anthropic(bool(body.get("stream")), body["model"])
    if path.endswith("/chat/completions"):
        return OpenAI(bool(body.get("stream")), body["model"])
    model, _, method = path.split("?")[0].rpartition("/")[2].partition(":")
    assert method in ("generateContent", "streamGenerateContent"), path
    return Google(method.startswith("stream"), model)


def _said(step: Step) -> tuple[str, str]:
    match step:
        case Say(text) | Half(text):
            return text, "stop"
        case Refuse():
            return "", "refusal"
        case Overlong():
            return "as much as could be sa", "length"
        case _:
            return "", "stop"


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), 7):
        yield text[start : start + 7]


def _event(value: dict[str, Any], *, named: bool = True) -> bytes:
    name = f"event: {value['type']}\n" if named else ""
    return f"{name}data: {json.dumps(value)}\n\n".encode()
