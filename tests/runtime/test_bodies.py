from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import desk
import httpx
import pytest
from serving import served

from specora_runtime.bodies import is_json, pointer

UUID_TEXT = "550e8400-e29b-41d4-a716-446655440000"
DEEP = 100_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(desk.build(tmp_path_factory.mktemp("desk"))) as client:
        yield client


def ticket(**changes: Any) -> str:
    content = {"subject": "s", "customer_id": UUID_TEXT} | changes
    return json.dumps(content, allow_nan=True)


def raw_ticket(member: str) -> bytes:
    return f'{{"subject": "s", "customer_id": "{UUID_TEXT}", {member}}}'.encode()


def post(client: httpx.Client, body: str | bytes, **headers: str) -> httpx.Response:
    sent = {"content-type": "application/json"} | headers
    return client.post("/tickets", content=body, headers=sent)


HOSTILE: list[tuple[str, str | bytes, int, list[tuple[str, str]]]] = [
    ("empty", b"", 400, []),
    ("blank", b" \n", 400, []),
    ("not JSON", b"subject=s", 400, []),
    ("cut", b'{"subject": "s', 400, []),
    ("two values", b"{} {}", 400, []),
    ("trailing comma", b'{"subject": "s",}', 400, []),
    ("comment", b"{} // x", 400, []),
    ("byte order mark", b"\xef\xbb\xbf{}", 400, []),
    ("UTF-16", '{"subject": "s"}'.encode("utf-16"), 400, []),
    ("invalid UTF-8", b'{"subject": "\xff"}', 400, []),
    ("overlong UTF-8", b'{"subject": "\xc0\x80"}', 400, []),
    ("encoded surrogate", b'{"subject": "\xed\xa0\x80"}', 400, []),
    ("raw control character", b'{"subject": "\x00"}', 400, []),
    ("NaN", raw_ticket('"weight": NaN'), 400, []),
    ("infinity", raw_ticket('"weight": -Infinity'), 400, []),
    ("duplicated key", raw_ticket('"subject": "t"'), 400, []),
    ("duplicated unknown key", raw_ticket('"x": 1, "x": 2'), 400, []),
    ("deep array", b"[" * DEEP + b"]" * DEEP, 400, []),
    ("deep object", b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, []),
    ("deep and open", b'{"subject":' + b"[" * DEEP, 400, []),
    ("null", b"null", 422, [("", "wrong-type")]),
    ("array", b"[]", 422, [("", "wrong-type")]),
    ("text", b'"x"', 422, [("", "wrong-type")]),
    ("number", b"1", 422, [("", "wrong-type")]),
    ("nothing", b"{}", 422, [("/subject", "required"), ("/customer_id", "required")]),
    ("number for text", ticket(subject=5), 422, [("/subject", "wrong-type")]),
    ("object for text", ticket(subject={}), 422, [("/subject", "wrong-type")]),
    ("null for text", ticket(subject=None), 422, [("/subject", "null-not-allowed")]),
    ("NUL", ticket(subject="a\x00b"), 422, [("/subject", "bad-text")]),
    ("lone surrogate", ticket(subject="\ud800"), 422, [("/subject", "bad-text")]),
    ("low surrogate", ticket(subject="\udfffx"), 422, [("/subject", "bad-text")]),
    ("too long", ticket(subject="x" * 301), 422, [("/subject", "too-long")]),
    ("number for enum", ticket(priority=1), 422, [("/priority", "not-an-enum-value")]),
    ("no such value", ticket(priority="x"), 422, [("/priority", "not-an-enum-value")]),
    ("no UUID", ticket(customer_id="x"), 422, [("/customer_id", "bad-format")]),
    ("NUL in UUID", ticket(customer_id="\x00"), 422, [("/customer_id", "bad-format")]),
    ("text for number", ticket(weight="1"), 422, [("/weight", "wrong-type")]),
    ("boolean for number", ticket(weight=True), 422, [("/weight", "wrong-type")]),
    ("fraction", ticket(weight=1.5), 422, [("/weight", "wrong-type")]),
    ("2^31", ticket(weight=2**31), 422, [("/weight", "out-of-range")]),
    ("2^63", ticket(weight=2**63), 422, [("/weight", "out-of-range")]),
    ("1e400", raw_ticket('"weight": 1e400'), 422, [("/weight", "out-of-range")]),
    (
        "5000 digits",
        raw_ticket(f'"weight": {"1" * 5000}'),
        422,
        [("/weight", "out-of-range")],
    ),
    ("decimal 1e400", raw_ticket('"price": 1e400'), 422, [("/price", "out-of-range")]),
    ("scale", ticket(price="0.123456789"), 422, [("/price", "scale")]),
    (
        "a million digits",
        raw_ticket(f'"price": 1.{"1" * 900_000}'),
        422,
        [("/price", "out-of-range")],
    ),
    ("unknown field", ticket(subjekt="s"), 422, [("/subjekt", "unknown-field")]),
    ("escaped field", ticket(**{"a/b~c": 1}), 422, [("/a~1b~0c", "unknown-field")]),
    ("surrogate field", ticket(**{"\ud800": 1}), 422, [("/\\ud800", "unknown-field")]),
    ("computed field", ticket(number="1"), 422, [("/number", "read-only")]),
    ("key", ticket(id=UUID_TEXT), 422, [("/id", "read-only")]),
    ("state", ticket(state="closed"), 422, [("/state", "read-only")]),
    (
        "all at once",
        ticket(subject=1, priority="x", weight=-1, x=1),
        422,
        [
            ("/subject", "wrong-type"),
            ("/priority", "not-an-enum-value"),
            ("/weight", "out-of-range"),
            ("/x", "unknown-field"),
        ],
    ),
    ("20 MB", ticket(subject="x" * 20_000_000), 413, []),
    ("over the limit by one", b" " * (1024 * 1024 + 1), 413, []),
]


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [case[1:] for case in HOSTILE],
    ids=[case[0] for case in HOSTILE],
)
def test_a_hostile_body_is_refused(
    client: httpx.Client, body: str | bytes, status: int, errors: list[tuple[str, str]]
) -> None:
    answer = post(client, body)
    problem = answer.json()
    found = [(error["pointer"], error["code"]) for error in problem.get("errors", [])]
    assert (answer.status_code, found) == (status, errors)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_comes_in_chunks_is_bounded(client: httpx.Client) -> None:
    answer = client.post("/tickets", content=(b" " * 65536 for _ in range(400)))
    assert answer.status_code == 413


def test_an_unknown_field_gets_the_nearest_name(client: httpx.Client) -> None:
    (error,) = post(client, ticket(subjekt="s")).json()["errors"]
    assert error["detail"] == "`subjekt` is not a field; did you mean `subject`?"


def test_the_number_of_reported_faults_is_bounded(client: httpx.Client) -> None:
    answer = post(client, json.dumps({f"x{n}": n for n in range(60_000)}))
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 102


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415),
        ("", 415),
        ("application/json", 422),
        ("APPLICATION/JSON; charset=utf-8", 422),
        ("application/merge-patch+json", 422),
    ],
)
def test_the_content_type_must_be_json(
    client: httpx.Client, kind: str, status: int
) -> None:
    assert post(client, b"{}", **{"content-type": kind}).status_code == status


def test_a_missing_content_type_counts_as_json(client: httpx.Client) -> None:
    assert client.post("/tickets", content=b"{}").status_code == 422


def test_a_form_without_content_is_an_empty_body(client: httpx.Client) -> None:
    assert post(client, b"", **{"content-type": "text/plain"}).status_code == 400


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("/state", "required")]),
        ({"state": "assigned", "x": 1}, [("/x", "unknown-field")]),
        ({"state": 5}, [("/state", "wrong-type")]),
        ({"state": None}, [("/state", "null-not-allowed")]),
    ],
)
def test_the_body_of_a_transition_is_closed(
    client: httpx.Client, body: object, errors: list[tuple[str, str]]
) -> None:
    answer = client.put(f"/tickets/{UUID_TEXT}/state", json=body)
    found = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert (answer.status_code, found) == (422, errors)


def test_pointers_and_media_types() -> None:
    assert pointer(("a/b", 0, "~")) == "/a~1b/0/~0"
    assert is_json("application/problem+json") is True
    assert is_json("text/json") is False
