"""Hostile requests: never a 5xx, always a problem, the same answer on every adapter."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conformance import hostile
from tests.conformance.apps import Served
from tests.conformance.raw import Heard, Wire
from tests.conformance.sessions import Masks

JSON = (b"Content-Type", b"application/json")
BODIED = ("POST", "PUT", "PATCH")
NIL = "00000000-0000-7000-8000-000000000000"

EXAMPLES: dict[str, dict[str, Any]] = {
    "/accounts": {"code": "hostile {n}", "name": "x", "mail": "hostile{n}@x.example"},
    "/agents": {"name": "hostile"},
    "/tasks": {"title": "hostile", "account_code": "hostile", "once": "{n}"},
    "/notes": {"task_id": "{task}", "body": "hostile"},
    "/finance/invoices": {"unit_price": "1.5"},
    "/slots": {"shelf": "hostile {n}", "place": 1},
    "/bookings": {"shelf": "hostile", "place": 1, "day": "2024-02-29"},
    "/samples": {"label": "hostile", "code": "HO-{n}"},
    "/words": {"class": "hostile {n}", "order": 1},
}
"""A body that each collection takes; `{n}` is different each time."""


@dataclass(frozen=True)
class Place:
    """A path of the interface: a collection, a record or the state of one."""

    collection: str
    suffix: str
    methods: tuple[str, ...]


class Attacker:
    """Sends hostile requests to one adapter and writes down the statuses."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.wire = Wire(served.port)
        self.heard: list[tuple[str, int]] = []
        self._numbers = itertools.count()
        self._task = ""
        self._paths: dict[str, str] = {}
        document = json.loads(self.wire.request("GET", b"/openapi.json").body)
        self.places = tuple(_places(document))
        self.fields = tuple(_fields(document))

    def record(self, collection: str) -> str:
        """The path of a record; it is made again where it has been deleted."""
        path = self._paths.get(collection)
        if path is None or self.wire.request("GET", path.encode()).status == 404:
            path = self._paths[collection] = self._made(collection)
        return path

    def _made(self, collection: str) -> str:
        heard = self.post(collection, self.example(collection))
        if heard.status == 409:
            heard = self.post(collection, self.example(collection))
        assert heard.status == 201, (collection, heard)
        path: str = json.loads(heard.body)["_links"]["self"]
        return path

    def post(self, path: str, body: dict[str, Any]) -> Heard:
        """An ordinary create."""
        return self.wire.request(
            "POST", path.encode(), [JSON], json.dumps(body).encode()
        )

    def example(self, collection: str) -> dict[str, Any]:
        """A body that is taken."""
        number = str(next(self._numbers))
        if collection == "/notes":
            self._task = self.record("/tasks").rpartition("/")[2]
        values = {"{n}": number, "{task}": self._task}
        text = json.dumps(EXAMPLES[collection])
        for name, value in values.items():
            text = text.replace(name, value)
        found: dict[str, Any] = json.loads(text)
        return found

    def hit(
        self,
        name: str,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (),
        body: bytes | None = None,
    ) -> Heard:
        """The answer to a hostile request, which is judged and written down."""
        heard = self.wire.request(method, target, headers, body)
        self.judge(name, method, heard)
        return heard

    def judge(self, name: str, method: str, heard: Heard) -> None:
        """Fail where the service has failed."""
        adapter = self.served.adapter
        assert heard.status != 0, f"{adapter} hangs up: {method} {name}"
        assert heard.status < 500, f"{adapter} fails: {method} {name}: {heard}"
        if heard.status >= 400 and heard.body and heard.kind != "text/plain":
            assert heard.kind == "application/problem+json", (name, heard)
            assert heard.problem["status"] == heard.status, (name, heard)
            assert heard.problem["type"], (name, heard)
            assert heard.problem["title"], (name, heard)
        elif heard.status >= 400 and heard.body:
            # What is no HTTP never reaches the service; its server says so in a line.
            assert (heard.status, heard.body) == (
                400,
                b"Invalid HTTP request received.",
            ), (
                name,
                heard,
            )
        self.heard.append((f"{method} {name}", heard.status))

    def targets(self) -> Iterator[tuple[str, str, bytes]]:
        """Every operation: name, method and a path at which it serves."""
        for place in self.places:
            for method in place.methods:
                path = place.collection
                if place.suffix:
                    path = self.record(path) + place.suffix.removeprefix("/{id}")
                yield f"{place.collection}{place.suffix}", method, path.encode()


def _places(document: dict[str, Any]) -> Iterator[Place]:
    for path, item in document["paths"].items():
        collection = path.partition("/{id}")[0]
        if collection in EXAMPLES:
            methods = tuple(method.upper() for method in item)
            yield Place(collection, path.removeprefix(collection), methods)


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Collection, method and the fields that its body may hold."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            if "$ref" in schema:
                schema = document["components"]["schemas"][
                    schema["$ref"].rpartition("/")[2]
                ]
            collection = path.partition("/{id}")[0]
            if collection in EXAMPLES and not path.endswith("/state") and schema:
                yield collection, method.upper(), tuple(schema["properties"])


@pytest.fixture(scope="module")
def army(own_trio: tuple[Served, ...]) -> Iterator[tuple[Attacker, ...]]:
    """An attacker for each adapter."""
    found = tuple(Attacker(served) for served in own_trio)
    for attacker in found:
        attacker.post("/accounts", {"code": "hostile", "name": "x"})
        attacker.post("/slots", {"shelf": "hostile", "place": 1})
    yield found
    for attacker in found:
        attacker.wire.close()


@pytest.fixture
def attackers(army: tuple[Attacker, ...]) -> Iterator[tuple[Attacker, ...]]:
    """The army, before a fight; after it, all have heard the same."""
    yield army
    first, *others = [(attacker.served.adapter, attacker.heard) for attacker in army]
    for adapter, heard in others:
        for mine, theirs in itertools.zip_longest(first[1], heard):
            assert theirs == mine, (adapter, first[0])
    for attacker in army:
        assert "Traceback" not in attacker.served.log()
        attacker.heard = []


def test_hostile_values(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for collection, method, names in attacker.fields:
            if method == "PUT" and collection != "/samples":
                continue
            for name, (label, value) in itertools.product(
                names, hostile.VALUES.items()
            ):
                path = collection
                if method != "POST":
                    path = attacker.record(collection)
                body = attacker.example(collection) if method != "PATCH" else {}
                body.pop("code" if method == "PUT" else name, None)
                members = [
                    json.dumps(k) + ": " + json.dumps(v) for k, v in body.items()
                ]
                text = ", ".join([*members, json.dumps(name) + ": "]).encode()
                attacker.hit(
                    f"{collection} {name}={label}",
                    method,
                    path.encode(),
                    [JSON],
                    b"{" + text + value + b"}",
                )


def test_hostile_bodies(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for label, body in hostile.BODIES.items():
            for name, method, path in attacker.targets():
                attacker.hit(f"{name} body: {label}", method, path, [JSON], body)


def test_huge_bodies(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for method, path in (
            ("POST", "/agents"),
            ("PATCH", attacker.record("/agents")),
            ("PUT", attacker.record("/samples")),
            ("PUT", f"{attacker.record('/tasks')}/state"),
        ):
            heard = attacker.hit("20 MB", method, path.encode(), [JSON], hostile.LARGE)
            assert heard.status == 413


def test_hostile_queries(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for query in (*hostile.QUERIES, hostile.HUGE_QUERY):
            for name, method, path in attacker.targets():
                if method not in BODIED:
                    attacker.hit(f"{name}?{query[:60]!r}", method, path + b"?" + query)
        for collection, method, names in attacker.fields:
            if method == "POST" and collection in ("/samples", "/tasks", "/slots"):
                for field, operator, text in itertools.product(
                    names, hostile.OPERATORS, hostile.TEXTS
                ):
                    query = field.encode() + operator + b"=" + text
                    target = collection.encode() + b"?limit=3&" + query
                    attacker.hit(f"{collection}?{query[:60]!r}", "GET", target)


def test_hostile_paths(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for target in hostile.TARGETS:
            for method in ("GET", "POST", "DELETE"):
                attacker.hit(repr(target[:60]), method, target, [JSON], b"{}")
        for place in attacker.places:
            start, end = (
                place.suffix.partition("{id}")[::2] if place.suffix else ("", "")
            )
            for key, method in itertools.product(
                hostile.KEYS if start else (), place.methods
            ):
                target = (place.collection + start).encode() + key + end.encode()
                attacker.hit(
                    f"{place.collection} {key[:60]!r}", method, target, [JSON], b"{}"
                )


def test_hostile_methods(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for name, _, path in list(attacker.targets()):
            for method in hostile.METHODS:
                attacker.hit(f"{name} without a body", method, path)
                attacker.hit(f"{name} with one", method, path, [JSON], b'{"x": 1}')


def test_hostile_headers(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        for header in hostile.HEADERS:
            for name, method, path in attacker.targets():
                body = None
                if method in BODIED:
                    body = json.dumps(
                        attacker.example(name.partition("/{")[0])
                    ).encode()
                attacker.hit(
                    f"{name} {header[0]!r}: {header[1][:60]!r}",
                    method,
                    path,
                    [header],
                    body,
                )


FRAMES: dict[str, tuple[bytes, ...]] = {
    "longer than said": (b"Content-Length: 2", b'{}GET /health HTTP/1.1\r\nHost: x\r\n\r\n'),
    "shorter than said": (b"Content-Length: 1000", b"{}"),
    "negative": (b"Content-Length: -1", b"{}"),
    "no number": (b"Content-Length: abc", b"{}"),
    "beyond 64 bits": (b"Content-Length: 99999999999999999999", b"{}"),
    "Unicode digits": ("Content-Length: ٢".encode(), b"{}"),
    "twice": (b"Content-Length: 2\r\nContent-Length: 3", b"{}x"),
    "both": (b"Content-Length: 2\r\nTransfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n"),
    "chunks": (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n"),
    "chunks without end": (b"Transfer-Encoding: chunked", b"2\r\n{}\r\n"),
    "chunk of no size": (b"Transfer-Encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"),
    "chunk of a huge size": (b"Transfer-Encoding: chunked", b"ffffffffffffffffff\r\n{}\r\n"),
    "unknown coding": (b"Transfer-Encoding: gzip", b"2\r\n{}\r\n0\r\n\r\n"),
    "folded": (b"X: a\r\n b\r\nContent-Length: 2", b"{}"),
    "no colon": (b"nonsense\r\nContent-Length: 2", b"{}"),
    "NUL in a header": (b"X: a\x00b\r\nContent-Length: 2", b"{}"),
    "huge header": (b"X: " + b"x" * 1_000_000 + b"\r\nContent-Length: 2", b"{}"),
    "many headers": (b"\r\n".join([b"X: y"] * 20_000) + b"\r\nContent-Length: 2", b"{}"),
    "waits to go on": (b"Expect: 100-continue\r\nContent-Length: 2", b"{}"),
}  # fmt: skip
"""Ways to say how long a body is that are lies, or no HTTP at all."""
UNFINISHED = ("shorter than said", "chunks without end")
"""For these the service waits until the client has gone."""

LINES: tuple[bytes, ...] = (
    b"GET", b"GET /health", b"GET /health HTTP/9.9", b"GET /health HTTP/1.0",
    b"GET  /health  HTTP/1.1",
    b"get /health HTTP/1.1", b"ZZZ /health HTTP/1.1", b"GET health HTTP/1.1", b"GET * HTTP/1.1",
    b"OPTIONS * HTTP/1.1", b"CONNECT 127.0.0.1:1 HTTP/1.1", b"GET /a b HTTP/1.1",
    b"\x16\x03\x01\x02\x00",
    b"GET /\x00 HTTP/1.1", b"PRI * HTTP/2.0", b"\xff\xff\xff", b"{}", b"X" * 100_000,
)  # fmt: skip
"""Request lines that are hardly any."""


def test_hostile_framing(attackers: tuple[Attacker, ...]) -> None:
    for attacker in attackers:
        port = attacker.served.port
        path = attacker.record("/agents")
        for method, target in (
            ("POST", "/agents"),
            ("PATCH", path),
            ("GET", path),
            ("PUT", "/x"),
        ):
            for label, (headers, body) in FRAMES.items():
                line = f"{method} {target} HTTP/1.1\r\nHost: x\r\n".encode()
                raw = (
                    line
                    + b"Content-Type: application/json\r\n"
                    + headers
                    + b"\r\n\r\n"
                    + body
                )
                wait = 0.1 if label in UNFINISHED else 30
                heard = Wire(port, wait).exchange(raw, method)
                assert bool(heard.status) or label in UNFINISHED, (label, method)
                if label not in UNFINISHED or method == "GET":
                    attacker.judge(label, method, heard)
        for line in LINES:
            heard = Wire(port).exchange(
                line + b"\r\nHost: x\r\n\r\n", line[:4].decode("latin-1")
            )
            attacker.judge(repr(line[:60]), "", heard)
        assert Wire(port).request("GET", b"/health").status == 200


def test_what_is_left_is_the_same(own_trio: tuple[Served, ...]) -> None:
    """After all of the above, every adapter holds the same records in the same order."""
    left = [list(records(served)) for served in own_trio]
    for others in left[1:]:
        for mine, theirs in zip(left[0], others, strict=True):
            assert theirs == mine
    assert Counter(collection for collection, _ in left[0]).total() > 1000


def records(served: Served) -> Iterator[tuple[str, Any]]:
    """Every record of every collection, masked."""
    wire, masks = Wire(served.port), Masks()
    for collection in EXAMPLES:
        for item in pages(wire, collection):
            yield collection, masks.value(item)
    wire.close()


def pages(wire: Wire, collection: str) -> Iterable[Any]:
    """The records of a collection."""
    cursor = ""
    while True:
        heard = wire.request("GET", f"{collection}?limit=1000{cursor}".encode())
        assert heard.status == 200
        page = json.loads(heard.body)
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"
