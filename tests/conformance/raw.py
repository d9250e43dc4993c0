"""HTTP as bytes: requests that no well-behaved client would send."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

TIMEOUT = 30


@dataclass(frozen=True)
class Heard:
    """What came back; status 0 where the service hung up instead."""

    status: int
    kind: str = ""
    """The media type."""
    body: bytes = b""
    etag: str = ""

    @property
    def problem(self) -> Any:
        """The problem that an error tells of."""
        return json.loads(self.body)


GONE = Heard(0)


class Wire:
    """A connection to the service that is opened anew whenever it has been closed."""

    def __init__(self, port: int, timeout: float = TIMEOUT) -> None:
        self._port = port
        self._timeout = timeout
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def request(
        self,
        method: str,
        target: bytes,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | None = None,
    ) -> Heard:
        """The answer to a request that is HTTP, whatever it holds."""
        lines = [b"%s %s HTTP/1.1" % (method.encode(), target), b"Host: 127.0.0.1"]
        lines += [b"%s: %s" % header for header in headers]
        if body is not None:
            lines.append(b"Content-Length: %d" % len(body))
        return self.exchange(b"\r\n".join(lines) + b"\r\n\r\n" + (body or b""), method)

    def exchange(
        self, raw: bytes, method: str = "GET", *, hang_up: bool = False
    ) -> Heard:
        """What the service answers to these bytes; `hang_up` says that no more will come."""
        for attempt in range(2):
            fresh = self._socket is None
            heard = self._once(raw, method, hang_up=hang_up)
            if heard.status or fresh or attempt:
                return heard
        return GONE

    def _once(self, raw: bytes, method: str, *, hang_up: bool) -> Heard:
        if self._socket is None:
            self._socket = socket.create_connection(
                ("127.0.0.1", self._port), self._timeout
            )
        last = False
        try:
            self._socket.sendall(raw)
        except OSError:
            # A service that has heard enough closes early, and its answer is there to read.
            last = True
        try:
            response = http.client.HTTPResponse(self._socket, method=method)
            response.begin()
            tag = response.getheader("etag") or ""
            heard = Heard(response.status, _kind(response), response.read(), tag)
            last = last or response.will_close
        except (OSError, http.client.HTTPException):
            heard, last = GONE, True
        if last:
            self.close()
        return heard


def _kind(response: http.client.HTTPResponse) -> str:
    return (response.getheader("content-type") or "").partition(";")[0].strip()
