"""What is sent again with its key takes effect once, on every adapter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.conformance.apps import ADAPTERS, Served
from tests.conformance.sessions import Session, on_every_adapter

TITLE = {"title": "keyed", "account_code": "keyed"}


def key(text: str) -> dict[str, str]:
    """The header."""
    return {"Idempotency-Key": text}


def ready(app: Session) -> None:
    """Store the account that the tasks of these tests refer to."""
    if app.get("/accounts/keyed").status == 404:
        app.made("/accounts", code="keyed", name="k")


@on_every_adapter
def test_the_same_request_is_answered_again(app: Session) -> None:
    ready(app)
    first = app.post("/tasks", TITLE, headers=key("create 1"))
    assert (first.status, "idempotent-replayed" in first.headers) == (201, False)
    again = app.post("/tasks", TITLE, headers=key("create 1"))
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.status, again.body) == (first.status, first.body)
    for name in ("location", "etag", "content-type"):
        assert again.headers[name] == first.headers[name]
    changed = app.patch(first.headers["location"], {"title": "changed"})
    assert changed.status == 200
    # The answer is that of then, whatever has happened since.
    assert app.post("/tasks", TITLE, headers=key("create 1")).body == first.body
    other = app.post("/tasks", TITLE, headers=key("create 2"))
    assert other.body["id"] != first.body["id"]
    assert app.get("/tasks?account_code=keyed").body["total"] == 2
    for item in (first, other):
        assert app.delete(item.headers["location"]).status == 204


@on_every_adapter
def test_another_request_with_the_key_is_refused(app: Session) -> None:
    ready(app)
    made = app.post("/tasks", TITLE, headers=key("reused"))
    assert made.status == 201
    for path, body in (
        ("/tasks", TITLE | {"title": "another"}),
        ("/accounts", TITLE),
        ("/tasks/bulk", {"operations": []}),
    ):
        refused = app.refused(422, "POST", path, body, headers=key("reused"))
        assert refused.faults == [("Idempotency-Key", "key-reused")]
        assert refused.body["type"] == "/problems/key-reused"
    assert app.delete(made.headers["location"]).status == 204


@on_every_adapter
def test_what_failed_leaves_its_key(app: Session) -> None:
    ready(app)
    app.refused(422, "POST", "/tasks", {"title": ""}, headers=key("failed"))
    app.refused(400, "POST", "/tasks", content=b"{", headers=key("failed"))
    missing = TITLE | {"account_code": "nobody"}
    app.refused(422, "POST", "/tasks", missing, headers=key("failed"))
    made = app.post("/tasks", TITLE, headers=key("failed"))
    assert (made.status, "idempotent-replayed" in made.headers) == (201, False)
    assert app.delete(made.headers["location"]).status == 204


@on_every_adapter
def test_the_form_of_a_key(app: Session) -> None:
    ready(app)
    for text in ("", "x" * 256, "a\tb", "é"):
        headers = [("Idempotency-Key", text.encode("latin-1"))]
        refused = app.refused(400, "POST", "/tasks", TITLE, headers=headers)  # type: ignore[arg-type]
        assert refused.faults == [("Idempotency-Key", "bad-key")]
    for text in ("x", "x" * 255, '"quoted"', "with a space"):
        made = app.post("/tasks", TITLE, headers=key(text))
        assert made.status == 201
        assert app.delete(made.headers["location"]).status == 204


@on_every_adapter
def test_a_bulk_and_a_restore_have_keys_too(app: Session) -> None:
    operations = [
        {"op": "create", "body": {"code": "bulk keyed", "name": "b"}},
        {"op": "create", "body": {"code": "bulk keyed", "name": "c"}},
        {"op": "delete", "id": "nobody"},
    ]
    content = {"operations": operations, "atomic": False}
    first = app.post("/accounts/bulk", content, headers=key("bulk"))
    assert [one["status"] for one in first.body["results"]] == [201, 409, 404]
    again = app.post("/accounts/bulk", content, headers=key("bulk"))
    assert again.body == first.body
    atomic = {"operations": operations}
    app.refused(409, "POST", "/accounts/bulk", atomic, headers=key("atomic"))
    path = "/accounts/bulk%20keyed"
    assert app.delete(path).status == 204
    back = app.post(f"{path}/restore", headers=key("restore"))
    assert back.status == 200
    assert app.delete(path).status == 204
    again = app.post(f"{path}/restore", headers=key("restore"))
    assert (again.status, again.body) == (200, back.body)
    app.refused(404, "GET", path)


@on_every_adapter
def test_a_kept_answer_may_have_no_body(app: Session) -> None:
    ready(app)
    headers = key("minimal") | {"Prefer": "return=minimal"}
    first = app.post("/tasks", TITLE, headers=headers)
    again = app.post("/tasks", TITLE, headers=headers)
    assert (first.status, first.body) == (again.status, again.body) == (201, None)
    assert again.headers["location"] == first.headers["location"]
    assert app.delete(first.headers["location"]).status == 204


def at_once(
    served: Served, count: int, ask: Callable[[httpx.Client, int], httpx.Response]
) -> list[httpx.Response]:
    """The answers to requests that are sent at the same time."""
    limits = httpx.Limits(max_connections=count)
    with (
        httpx.Client(base_url=served.url, timeout=60, limits=limits) as client,
        ThreadPoolExecutor(count) as pool,
    ):
        return list(pool.map(lambda n: ask(client, n), range(count)))


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_fifty_requests_with_one_key_make_one_record(
    own_trio: tuple[Served, ...], adapter: str
) -> None:
    served = own_trio[ADAPTERS.index(adapter)]
    body = {"name": "fifty"}

    def ask(client: httpx.Client, _number: int) -> httpx.Response:
        return client.post("/agents", json=body, headers=key("fifty"))

    answers = at_once(served, 50, ask)
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {a.json()["number"] for a in answers if a.status_code == 201}
    assert len(made) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"] == "/problems/key-in-flight"
            assert answer.headers["retry-after"] == "1"
    found: Any = httpx.get(f"{served.url}/agents?name=fifty").json()
    assert found["total"] == 1


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_of_two_clients_one_wins(own_trio: tuple[Served, ...], adapter: str) -> None:
    served = own_trio[ADAPTERS.index(adapter)]
    made = httpx.post(f"{served.url}/slots", json={"shelf": "two", "place": 1})
    path = made.headers["location"]
    for change in range(20):
        version = {"If-Match": httpx.get(f"{served.url}{path}").headers["etag"]}

        def ask(
            client: httpx.Client,
            number: int,
            change: int = change,
            version: dict[str, str] = version,
        ) -> httpx.Response:
            body = {"label": f"{change} by {number}"}
            return client.patch(path, json=body, headers=version)

        answers = at_once(served, 2, ask)
        assert sorted(a.status_code for a in answers) == [200, 412]
        (won,) = (a.json()["label"] for a in answers if a.status_code == 200)
        assert httpx.get(f"{served.url}{path}").json()["label"] == won


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_two_hundred_creates_count_without_a_gap(
    own_trio: tuple[Served, ...], adapter: str
) -> None:
    served = own_trio[ADAPTERS.index(adapter)]

    def ask(client: httpx.Client, number: int) -> httpx.Response:
        # Every tenth is one of two in a bulk that fails, and gives its number back.
        if number % 11 == 10:
            items = [{"op": "create", "body": {"title": f"failed {number}"}}] * 2
            return client.post("/papers/bulk", json={"operations": items})
        return client.post("/papers", json={"title": f"counted {number}"})

    answers = at_once(served, 220, ask)
    assert sorted(a.status_code for a in answers) == [201] * 200 + [409] * 20
    numbers = sorted(a.json()["number"] for a in answers if a.status_code == 201)
    assert numbers == [f"PAP-{n:06}" for n in range(1, 201)]
