"""Numbers without gaps and races with one winner, under real concurrency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import pytest

from tests.conformance.apps import Served
from tests.conformance.sessions import Session, on_every_adapter

T = TypeVar("T")
CREATES = 200


@on_every_adapter
def test_formats_of_numbers(app: Session) -> None:
    app.made("/accounts", code="numbers", name="x")
    body = {"title": "x", "account_code": "numbers"}
    first, second = app.made("/tasks", **body), app.made("/tasks", **body)
    assert re.fullmatch(r"TSK-\d{6}", first["number"])
    assert _counted(second) == _counted(first) + 1
    invoice = app.made("/finance/invoices", unit_price=1)
    year = datetime.now(UTC).year
    assert re.fullmatch(rf"INV-{year}-\d{{4}}", invoice["reference"])
    assert int(invoice["position"]) == int(invoice["reference"][-4:])
    assert app.items(f"/tasks?number={first['number']}") == [first]


@on_every_adapter
def test_no_client_sets_a_number(app: Session) -> None:
    app.made("/accounts", code="setter", name="x")
    body = {"title": "x", "account_code": "setter"}
    for wanted in ("TSK-000001", "TSK-999999", None, 1):
        answer = app.refused(422, "POST", "/tasks", body | {"number": wanted})
        assert answer.faults == [("/number", "read-only")]
    path = app.made("/tasks", **body)["_links"]["self"]
    app.refused(422, "PATCH", path, {"number": "TSK-000001"})
    app.refused(422, "PUT", path, body | {"number": "TSK-000001"})
    app.refused(
        422, "POST", "/finance/invoices", {"unit_price": 1, "reference": "INV-1"}
    )


@on_every_adapter
def test_a_failed_create_burns_no_number(app: Session) -> None:
    app.made("/accounts", code="burns", name="x")
    body = {"title": "x", "account_code": "burns"}
    first = app.made("/tasks", **body, once="burns")
    app.refused(409, "POST", "/tasks", body | {"once": "burns"})
    app.refused(422, "POST", "/tasks", body | {"account_code": "nobody"})
    app.refused(422, "POST", "/tasks", body | {"agent_number": 2**62})
    app.refused(422, "POST", "/tasks", body | {"estimate": 1, "spent": 2})
    app.refused(422, "POST", "/tasks", body | {"title": ""})
    assert _counted(app.made("/tasks", **body)) == _counted(first) + 1
    invoice = app.made("/finance/invoices", unit_price=1)
    app.refused(
        422, "POST", "/finance/invoices", {"unit_price": 1, "account_code": "nobody"}
    )
    app.refused(422, "POST", "/finance/invoices", {"unit_price": -1})
    again = app.made("/finance/invoices", unit_price=1)
    assert int(again["position"]) == int(invoice["position"]) + 1


def _counted(task: dict[str, Any]) -> int:
    return int(task["number"].removeprefix("TSK-"))


def at_once(served: Served, work: Iterable[Callable[[httpx.Client], T]]) -> list[T]:
    """What each piece of work gives, all of them running together."""
    limits = httpx.Limits(max_connections=32)
    with (
        httpx.Client(base_url=served.url, timeout=60, limits=limits) as client,
        ThreadPoolExecutor(32) as pool,
    ):
        return list(pool.map(lambda piece: piece(client), work))


def post(path: str, body: object) -> Callable[[httpx.Client], httpx.Response]:
    """A create, to be run later."""
    return lambda client: client.post(path, json=body)


def put(path: str, body: object) -> Callable[[httpx.Client], httpx.Response]:
    """A replacement, to be run later."""
    return lambda client: client.put(path, json=body)


def change(
    path: str, tag: str, body: object
) -> Callable[[httpx.Client], httpx.Response]:
    """A change of one version, to be run later."""
    return lambda client: client.patch(path, json=body, headers={"If-Match": tag})


@pytest.mark.parametrize("kind", ["prefix", "sequence"])
def test_concurrent_creates_count_without_gap_or_repeat(
    trio: tuple[Served, ...], kind: str
) -> None:
    for served in trio:
        code = f"crowd {kind}"
        with httpx.Client(base_url=served.url) as client:
            client.post("/accounts", json={"code": code, "name": "x"})
        path, name, body = {
            "prefix": ("/tasks", "number", {"title": "x", "account_code": code}),
            "sequence": (
                "/finance/invoices",
                "position",
                {"unit_price": 1, "account_code": code},
            ),
        }[kind]
        # One in eleven fails late, after its number is taken.
        wrong = body | (
            {"agent_number": 2**62} if kind == "prefix" else {"account_code": "nobody"}
        )
        work = [
            post(path, wrong if n % 11 == 10 else body)
            for n in range(CREATES + CREATES // 10)
        ]
        answers = at_once(served, work)
        assert Counter(a.status_code for a in answers) == {
            201: CREATES,
            422: CREATES // 10,
        }
        made = [a.json()[name] for a in answers if a.status_code == 201]
        numbers = sorted(int(text.rpartition("-")[2]) for text in made)
        assert numbers == list(range(numbers[0], numbers[0] + CREATES)), served.adapter


def test_one_of_many_creates_gets_a_unique_value(trio: tuple[Served, ...]) -> None:
    for served in trio:
        body = {"code": "race", "name": "x", "mail": "race@x.example"}
        answers = at_once(served, [post("/accounts", body)] * 40)
        assert Counter(a.status_code for a in answers) == {201: 1, 409: 39}, (
            served.adapter
        )


def test_one_of_many_transitions_wins(trio: tuple[Served, ...]) -> None:
    for served in trio:
        with httpx.Client(base_url=served.url) as client:
            client.post("/accounts", json={"code": "step", "name": "x"})
            made = client.post("/tasks", json={"title": "x", "account_code": "step"})
        path = f"{made.headers['location']}/state"
        answers = at_once(served, [put(path, {"state": "active"})] * 40)
        assert Counter(a.status_code for a in answers) == {200: 1, 400: 39}, (
            served.adapter
        )
        allowed = [a.json()["allowed_states"] for a in answers if a.status_code == 400]
        assert allowed == [["waiting", "done", "gone"]] * 39


def test_one_of_many_conditional_changes_wins(trio: tuple[Served, ...]) -> None:
    for served in trio:
        with httpx.Client(base_url=served.url) as client:
            made = client.post("/agents", json={"name": "race"})
        path, tag = made.headers["location"], made.headers["etag"]
        answers = at_once(
            served,
            [change(path, tag, {"name": f"racer {number}"}) for number in range(40)],
        )
        assert Counter(a.status_code for a in answers) == {200: 1, 412: 39}, (
            served.adapter
        )


def test_deletes_and_references_race_to_one_outcome(trio: tuple[Served, ...]) -> None:
    """A record is deleted or referred to, and never both."""
    for served in trio:
        for number in range(15):
            code = f"tug {number}"
            body = {"title": "x", "account_code": code}
            with httpx.Client(base_url=served.url) as client:
                client.post("/accounts", json={"code": code, "name": "x"})
                delete = [lambda c, code=code: c.delete(f"/accounts/{code}")]
                answers = at_once(served, [*[post("/tasks", body)] * 2, *delete])
                statuses = sorted(answer.status_code for answer in answers)
                assert statuses in ([201, 201, 409], [204, 422, 422]), (
                    served.adapter,
                    statuses,
                )
                total = client.get(f"/tasks?account_code={code}").json()["total"]
                assert total == statuses.count(201)
