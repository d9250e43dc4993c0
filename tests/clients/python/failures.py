"""Lost connections, refusals that pass, and what comes back broken."""

import sys
import time

import httpx
from helpdesk_client import (
    Client,
    MalformedAnswer,
    NotAnswered,
    ServerError,
    Unavailable,
)

seen = []


class After(httpx.HTTPTransport):
    """A real transport, before which some answers come."""

    def __init__(self, *first):
        super().__init__()
        self.first = list(first)

    def handle_request(self, request):
        seen.append(request.headers)
        answer = self.first.pop(0) if self.first else None
        if isinstance(answer, Exception):
            raise answer
        return answer or super().handle_request(request)


def after(*first, **options):
    seen.clear()
    http = httpx.Client(transport=After(*first))
    options = {"token": lambda: "of-the-day", "headers": {"X-Trace": "1"}, **options}
    return Client(sys.argv[1], http_client=http, **options)


def busy(seconds):
    return httpx.Response(503, headers={"Retry-After": str(seconds)})


def refused(kind, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except kind as fault:
        return fault
    raise AssertionError(f"{kind.__name__} is not raised")


body = {"name": "Once", "email": "once@py.example"}
made = after(httpx.ReadError("lost"), busy(0)).customers.create.answer(body)
assert made.status == 201
assert len(seen) == 3
assert len({headers["idempotency-key"] for headers in seen}) == 1
assert seen[0]["authorization"] == "Bearer of-the-day"
assert seen[0]["x-trace"] == "1"
other = {**body, "email": "other@py.example"}
after().customers.create(other, idempotency_key="mine")
assert [headers["idempotency-key"] for headers in seen] == ["mine"]

started = time.monotonic()
after(busy(1)).customers.list()
assert time.monotonic() - started >= 1
assert "idempotency-key" not in seen[0]
fault = refused(Unavailable, after(busy(0), busy(0), busy(0)).customers.list)
assert len(seen) == 3
assert isinstance(fault, ServerError)
refused(Unavailable, after(busy(0)).customers.list, retries=0)
assert len(seen) == 1
refused(Unavailable, after(busy(3600)).customers.list)
assert len(seen) == 1
refused(MalformedAnswer, after(httpx.Response(200, text="<html>")).service.live)
bad = refused(ServerError, after(httpx.Response(502, text="<html>")).service.live)
assert bad.problem == {"type": "about:blank", "title": "Bad Gateway", "status": 502}
refused(NotAnswered, Client("http://127.0.0.1:9", retries=0).service.live)
print("done")
