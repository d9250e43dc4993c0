from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import desk
import httpx
import pytest
from serving import served
from starlette.requests import Request

from specora_runtime import errors, problems
from specora_runtime.bodies import BodyTooLarge, MalformedJson, UnsupportedMediaType
from specora_runtime.problem_kinds import KINDS
from specora_runtime.security import Unauthenticated

SCOPE = {"type": "http", "path": "/tickets/1", "raw_path": b"/tickets/1"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(desk.build(tmp_path_factory.mktemp("desk"))) as client:
        yield client


def told(fault: errors.Fault) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes(problems.from_fault(SCOPE, fault).body))
    return content


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (MalformedJson("x"), 400, "malformed-json"),
        (errors.BadQuery("x", "y", "z"), 400, "bad-query"),
        (errors.IllegalTransition("a", "b", ("c",)), 400, "illegal-transition"),
        (Unauthenticated(), 401, "unauthenticated"),
        (errors.RoleRequired(("admin",)), 403, "forbidden"),
        (problems.NotFound("ticket"), 404, "not-found"),
        (errors.UniqueConflict(("a",)), 409, "conflict"),
        (errors.UniqueViolation("k"), 409, "conflict"),
        (errors.InUse("ticket", 3), 409, "in-use"),
        (errors.StaleVersion(), 412, "stale-version"),
        (BodyTooLarge(1), 413, "too-large"),
        (UnsupportedMediaType("x"), 415, "unsupported-media-type"),
        (errors.Invalid(()), 422, "invalid"),
        (errors.CheckViolation("k"), 422, "invalid"),
        (errors.NotNullViolation("c"), 422, "invalid"),
        (errors.UnknownReference("a", "b"), 422, "unknown-reference"),
        (errors.ForeignKeyViolation("k"), 422, "unknown-reference"),
        (errors.GuardUnmet(("a",), "b"), 422, "guard-unmet"),
        (errors.Unavailable("host secret"), 503, "unavailable"),
        (errors.Retry("table"), 503, "unavailable"),
        (errors.Fault("anything"), 500, "internal"),
    ],
)
def test_every_fault_has_its_status(
    fault: errors.Fault, status: int, code: str
) -> None:
    content = told(fault)
    assert (content["status"], content["type"]) == (status, f"/problems/{code}")
    assert content["instance"] == "/tickets/1"
    assert content["title"] == KINDS[code].title


@pytest.mark.parametrize(
    "fault",
    [errors.Unavailable("db.internal:5432"), errors.Retry("t"), errors.Fault("x")],
)
def test_what_concerns_the_database_stays_inside(fault: errors.Fault) -> None:
    assert "detail" not in told(fault)


def test_a_fault_tells_what_a_client_can_act_on() -> None:
    assert told(errors.IllegalTransition("a", "b", ("c", "d")))["allowed_states"] == [
        "c",
        "d",
    ]
    assert told(errors.InUse("ticket", 3))["count"] == 3
    assert told(errors.RoleRequired(("admin",)))["roles"] == ["admin"]
    guard = told(errors.GuardUnmet(("a/b",), "x > 1"))["errors"]
    assert [error["pointer"] for error in guard] == ["/a~1b", ""]
    (query,) = told(errors.BadQuery("lmit", "unknown", "c", "did you mean?"))["errors"]
    assert query == {
        "parameter": "lmit",
        "code": "c",
        "detail": "unknown: did you mean?",
    }


def test_challenge_and_retry_are_headers() -> None:
    denied = problems.from_fault(SCOPE, Unauthenticated(error="invalid_token"))
    assert denied.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert "retry-after" in problems.from_fault(SCOPE, errors.Unavailable("x")).headers


@pytest.mark.parametrize("code", KINDS)
def test_every_type_leads_to_its_page(client: httpx.Client, code: str) -> None:
    answer = client.get(f"/problems/{code}")
    assert (answer.status_code, answer.json()["status"]) == (
        200,
        KINDS[code].status,
    )


def test_an_unknown_type_has_no_page(client: httpx.Client) -> None:
    assert client.get("/problems/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nowhere", 404, "/problems/not-found"),
        ("GET", "/teapot", 418, "about:blank"),
        ("GET", "/busy", 429, "/problems/too-many-requests"),
        ("GET", "/tickets/urgent?limit=x", 422, "/problems/invalid"),
        ("DELETE", "/echo", 405, "/problems/method-not-allowed"),
    ],
)
def test_custom_routers_answer_problems_too(
    client: httpx.Client, method: str, path: str, status: int, kind: str
) -> None:
    answer = client.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


def test_custom_routers_keep_their_headers(client: httpx.Client) -> None:
    assert client.get("/busy").headers["retry-after"] == "7"
    assert client.delete("/echo").headers["allow"] == "POST"


def test_bodies_of_custom_routers_have_the_same_codes(client: httpx.Client) -> None:
    answer = client.post("/echo", json={"hall": 1})
    found = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert found == [("/hall", "wrong-type"), ("/place", "required")]


def test_an_unexpected_fault_is_a_500_without_detail(client: httpx.Client) -> None:
    answer = client.get("/broken", headers={"x-request-id": "abc-1"})
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] == "abc-1"
    assert answer.json() == {
        "type": "/problems/internal",
        "title": "Internal error",
        "status": 500,
        "instance": "/broken",
        "request_id": "abc-1",
    }


class Healer(BaseHTTPRequestHandler):
    taken: ClassVar[list[tuple[str, str | None, dict[str, Any]]]] = []
    arrived: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.taken.append((self.path, self.headers["authorization"], json.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.arrived.set()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_the_healer_hears_of_an_unexpected_fault(tmp_path: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Healer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    app = desk.build(tmp_path, healer_url=url, healer_token="t")
    with served(app) as client:
        assert client.get("/broken").status_code == 500
        assert Healer.arrived.wait(10)
    server.shutdown()
    ((path, token, report),) = Healer.taken
    assert (path, token) == ("/healer/ingest", "Bearer t")
    assert report["source"] == "runtime"
    assert report["error"] == "RuntimeError: a secret of the inside"
    assert "in broken" in report["stacktrace"]
    assert report["context"]["path"] == "/broken"
    assert report["context"]["status_code"] == 500


def test_a_healer_that_is_down_delays_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = desk.build(tmp_path, healer_url="http://127.0.0.1:9")
    with served(app) as client:
        for _ in range(3):
            assert client.get("/broken").elapsed.total_seconds() < 1
            assert client.get("/health").status_code == 200
    warnings = [r for r in caplog.records if "does not take reports" in r.message]
    assert len(warnings) <= 1


def test_a_request_without_raw_path_has_an_instance() -> None:
    request = Request({"type": "http", "path": "/a b", "headers": [], "method": "GET"})
    assert problems.instance(request.scope) == "/a%20b"
