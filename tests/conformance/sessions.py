"""Scenarios: one conversation with the service, held with every adapter and compared.

What legitimately differs between two runs (ids, times of the service, cursors, ETags) is
masked by the order in which it appears; everything else has to be the same.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.conformance.apps import Served

_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
_NUMBER = re.compile(r"TSK-\d{6}|INV-\d{4}-\d{4}")
_CURSOR = re.compile(r"cursor=[\w-]{30,}")
_TIMES = ("created_at", "updated_at", "finished_at", "deleted_at")
_COUNTED = ("number", "agent_number", "position")
_SEEN = ("content-type", "allow", "location", "etag", "www-authenticate", "retry-after")
_PLAIN = re.compile(r"(/agents/)(\d+)")


@dataclass(frozen=True)
class Answer:
    """What the service answered."""

    status: int
    headers: Mapping[str, str]
    body: Any
    """The JSON value; the text where it is none; `None` where it is empty."""

    @property
    def etag(self) -> str:
        """The version that the answer names."""
        return self.headers["etag"]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Place and code of each error of a problem."""
        errors = self.body.get("errors", ())
        return [(e.get("pointer", e.get("parameter")), e["code"]) for e in errors]


class Masks:
    """Stable names for what differs from run to run."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def text(self, text: str) -> str:
        """`text` with its ids and numbers replaced."""
        text = _UUID.sub(lambda found: self._name("id", found[0].lower()), text)
        text = _PLAIN.sub(lambda found: found[1] + self._name("count", found[2]), text)
        return _NUMBER.sub(lambda found: self._name("number", found[0]), text)

    def value(self, value: Any, name: str = "") -> Any:
        """`value` with everything in it masked; `name` is its member's."""
        if isinstance(value, dict):
            return {
                self.text(key): self.value(item, key) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.value(item, name) for item in value]
        if isinstance(value, str):
            return f"<{name}>" if name in (*_TIMES, "next_cursor") else self.text(value)
        if name in _COUNTED and isinstance(value, int):
            return self._name("count", str(value))
        return value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers that are part of the interface."""
        shown = {name: self.text(headers[name]) for name in _SEEN if name in headers}
        return shown | ({"etag": "<etag>"} if "etag" in shown else {})

    def _name(self, kind: str, found: str) -> str:
        return self._names.setdefault(f"{kind} {found}", f"<{kind} {len(self._names)}>")


class Session:
    """A conversation with one adapter, which writes down what it hears."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.client = httpx.Client(base_url=served.url, timeout=30)
        self.transcript: list[Any] = []
        self._masks = Masks()

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request; `body` is sent as JSON, `content` as it is."""
        given: dict[str, Any] = {"headers": dict(headers or {})}
        if content is not None:
            given["content"] = content
            given["headers"].setdefault("Content-Type", "application/json")
        elif body is not None:
            given["json"] = body
        answer = heard(self.client.request(method, path, **given))
        self.note(f"{method} {path}", answer)
        return answer

    def note(self, request: str, answer: Answer) -> None:
        """Write down an answer."""
        masks = self._masks
        self.transcript.append(
            (
                _CURSOR.sub("cursor=<cursor>", masks.text(request)),
                answer.status,
                masks.headers(answer.headers),
                masks.value(answer.body),
            )
        )

    def get(self, path: str, **given: Any) -> Answer:
        """`GET`."""
        return self.send("GET", path, **given)

    def post(self, path: str, body: Any = None, **given: Any) -> Answer:
        """`POST`."""
        return self.send("POST", path, body, **given)

    def patch(self, path: str, body: Any = None, **given: Any) -> Answer:
        """`PATCH`."""
        return self.send("PATCH", path, body, **given)

    def put(self, path: str, body: Any = None, **given: Any) -> Answer:
        """`PUT`."""
        return self.send("PUT", path, body, **given)

    def delete(self, path: str, **given: Any) -> Answer:
        """`DELETE`."""
        return self.send("DELETE", path, **given)

    def made(self, path: str, /, **body: Any) -> dict[str, Any]:
        """A record that has just been created."""
        answer = self.post(path, body)
        assert answer.status == 201, answer.body
        record: dict[str, Any] = answer.body
        return record

    def items(self, path: str) -> list[dict[str, Any]]:
        """The records on a page."""
        answer = self.get(path)
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.body["items"]
        return found

    def refused(
        self, status: int, method: str, path: str, body: Any = None, **given: Any
    ) -> Answer:
        """The problem with which a request is refused."""
        answer = self.send(method, path, body, **given)
        assert answer.status == status, answer.body
        assert answer.headers["content-type"] == "application/problem+json"
        if answer.body is not None:
            assert answer.body["status"] == status
            assert answer.body["type"].startswith("/problems/")
        return answer


def heard(response: httpx.Response) -> Answer:
    """A response of httpx as an answer."""
    body: Any = None
    if response.content:
        is_json = "json" in response.headers.get("content-type", "")
        body = response.json() if is_json else response.text
    return Answer(response.status_code, response.headers, body)


Scenario = Callable[..., None]


def on_every_adapter(scenario: Scenario) -> Callable[..., None]:
    """A test that plays `scenario(session, ...)` with each adapter and compares them."""

    @functools.wraps(scenario)
    def test(trio: tuple[Served, ...], **fixtures: Any) -> None:
        transcripts = [(s.adapter, _played(scenario, s, fixtures)) for s in trio]
        first, wanted = transcripts[0]
        for adapter, transcript in transcripts[1:]:
            for mine, theirs in zip(wanted, transcript, strict=True):
                assert theirs == mine, f"{adapter} and {first} differ"

    names = list(inspect.signature(scenario).parameters)[1:]
    parameters = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        for name in ("trio", *names)
    ]
    test.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return test


def _played(
    scenario: Scenario, served: Served, fixtures: Mapping[str, Any]
) -> list[Any]:
    session = Session(served)
    try:
        with session.client:
            scenario(session, **fixtures)
    except BaseException as fault:
        fault.add_note(f"on the adapter {served.adapter}")
        raise
    return session.transcript
