from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from databases import Place
from staff import ADMIN, PASSWORD, bearer, running

from specora_runtime.auth.attempts import AttemptLimit, LoginLimits, network_of

DEVELOPMENT = {"id": "user-1", "email": "admin@example.com", "role": "admin"}


@pytest.fixture
def memory(tmp_path: Path) -> Place:
    return Place("memory", tmp_path)


def test_a_login_yields_tokens_for_the_stored_user(place: Place) -> None:
    with running(place) as client:
        answer = client.login()
        tokens = answer.json()
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert set(tokens) == {
            "access_token",
            "token_type",
            "expires_in",
            "refresh_token",
        }
        assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 3600)
        me = client.me(bearer(tokens["access_token"])).json()
        assert (me["email"], me["role"]) == (ADMIN, "admin")


def test_every_refused_login_reads_the_same(place: Place) -> None:
    with running(place) as client:
        client.hire("gone@example.com", is_active=False)
        answers = [
            client.login(password="wrong horse"),
            client.login("nobody@example.com"),
            client.login("gone@example.com"),
            client.login(password="short"),
        ]
        assert {a.status_code for a in answers} == {401}
        assert len({a.text for a in answers}) == 1
        assert {a.headers["www-authenticate"] for a in answers} == {"Bearer"}


def test_an_unknown_user_takes_as_long_as_a_wrong_password(memory: Place) -> None:
    limits = LoginLimits()
    limits.identity = AttemptLimit(100, 60)

    with running(memory, limits=limits) as client:

        def seconds(email: str) -> float:
            start = time.perf_counter()
            assert client.login(email, "wrong horse").status_code == 401
            return time.perf_counter() - start

        pairs = [(seconds(ADMIN), seconds("nobody@example.com")) for _ in range(7)]
        known, unknown = (median(times) for times in zip(*pairs, strict=True))
        assert 0.5 < unknown / known < 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": ADMIN}, 422),
        ({"email": ADMIN, "password": 7}, 422),
        ({"email": ADMIN, "password": "a\0b"}, 422),
        ({"email": ADMIN, "password": "x" * 1025}, 422),
        ({"email": ADMIN, "password": PASSWORD, "role": "admin"}, 422),
        (DEVELOPMENT, 422),
        ([], 422),
    ],
)
def test_a_body_that_is_no_login_is_refused(
    memory: Place, body: Any, status: int
) -> None:
    with running(memory) as client:
        answer = client.http.post("/auth/login", json=body)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("raw", [b"", b"{", b'{"email": "\\ud800", "password": "x"}'])
def test_hostile_bytes_are_the_clients_fault(memory: Place, raw: bytes) -> None:
    with running(memory) as client:
        assert client.http.post("/auth/login", content=raw).status_code in (400, 422)


def test_a_request_without_a_token_is_401_and_names_the_scheme(memory: Place) -> None:
    with running(memory) as client:
        answer = client.http.get("/notes")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "value", ["Basic YTpi", "Bearer", "Bearer a b", "Bearer \xe9.\xe9.\xe9"]
)
def test_what_is_no_bearer_token_is_401(memory: Place, value: str) -> None:
    with running(memory) as client:
        headers = {"authorization": value.encode("latin-1")}
        assert client.http.get("/notes", headers=headers).status_code == 401


def test_two_authorization_headers_are_refused(memory: Place) -> None:
    with running(memory) as client:
        token = client.access()["authorization"]
        headers = [("authorization", token), ("authorization", token)]
        assert client.http.get("/notes", headers=headers).status_code == 401


def test_a_role_that_is_not_named_is_403(memory: Place) -> None:
    with running(memory) as client:
        client.hire()
        answer = client.http.get("/users", headers=client.access("mel@example.com"))
        assert answer.status_code == 403
        assert answer.json()["roles"] == ["admin"]
        made = client.http.post("/notes", json={"text": "t"}, headers=client.access())
        assert made.status_code == 403


def test_a_write_knows_its_author(place: Place) -> None:
    with running(place) as client:
        mel = client.hire()
        headers = client.access("mel@example.com")
        note = client.http.post("/notes", json={"text": "t"}, headers=headers).json()
        assert note["author"] == mel["id"]


def test_a_changed_role_holds_for_tokens_that_are_out(place: Place) -> None:
    with running(place) as client:
        mel = client.hire()
        headers = client.access("mel@example.com")
        assert client.http.get("/users", headers=headers).status_code == 403
        client.change(mel, role="admin")
        assert client.http.get("/users", headers=headers).status_code == 200
        client.change(mel, role="viewer")
        assert client.http.get("/users", headers=headers).status_code == 403


def test_a_deactivated_user_is_out_at_once(place: Place) -> None:
    with running(place) as client:
        mel = client.hire()
        tokens = client.tokens("mel@example.com")
        headers = bearer(tokens["access_token"])
        assert client.me(headers).status_code == 200
        client.change(mel, is_active=False)
        answer = client.me(headers)
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert client.refresh(tokens["refresh_token"]).status_code == 401


def test_a_deleted_user_is_out_at_once(place: Place) -> None:
    with running(place) as client:
        mel = client.hire()
        tokens = client.tokens("mel@example.com")
        client.http.delete(f"/users/{mel['id']}", headers=client.access())
        assert client.me(bearer(tokens["access_token"])).status_code == 401
        assert client.refresh(tokens["refresh_token"]).status_code == 401


def test_a_changed_password_ends_what_the_old_one_opened(place: Place) -> None:
    with running(place) as client:
        mel = client.hire()
        tokens = client.tokens("mel@example.com")
        client.change(mel, password_hash="battery staple")
        assert client.me(bearer(tokens["access_token"])).status_code == 401
        assert client.refresh(tokens["refresh_token"]).status_code == 401
        assert client.login("mel@example.com").status_code == 401
        assert client.login("mel@example.com", "battery staple").status_code == 200


def test_the_development_login_answers_as_documented(memory: Place) -> None:
    with running(memory, auth_dev_login=True) as client:
        answer = client.http.post("/auth/login", json=DEVELOPMENT)
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "token_type"}
        headers = bearer(answer.json()["access_token"])
        assert client.me(headers).json() == DEVELOPMENT
        assert client.http.get("/users", headers=headers).status_code == 200
        assert client.login().status_code == 200


def test_the_development_login_knows_only_the_contracts_roles(memory: Place) -> None:
    with running(memory, auth_dev_login=True) as client:
        answer = client.http.post("/auth/login", json=DEVELOPMENT | {"role": "root"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/role"


def test_a_development_login_for_a_stored_user_has_the_stored_role(
    memory: Place,
) -> None:
    with running(memory, auth_dev_login=True) as client:
        mel = client.hire()
        body = {"id": mel["id"], "email": "mel@example.com", "role": "admin"}
        token = client.http.post("/auth/login", json=body).json()["access_token"]
        assert client.me(bearer(token)).json()["role"] == "member"


def test_a_development_token_is_worth_nothing_without_the_switch(
    tmp_path: Path,
) -> None:
    place = Place("sqlite", tmp_path)
    with running(place, auth_dev_login=True) as client:
        token = client.http.post("/auth/login", json=DEVELOPMENT).json()["access_token"]
        assert client.me(bearer(token)).status_code == 200
    with running(place) as client:
        assert client.me(bearer(token)).status_code == 401


def test_without_authentication_everyone_is_an_anonymous_admin(memory: Place) -> None:
    with running(memory, auth_enabled=False) as client:
        assert client.me({}).json() == {
            "id": "anonymous",
            "email": "anonymous@localhost",
            "role": "admin",
        }
        assert client.http.get("/users").status_code == 200
        note = client.http.post("/notes", json={"text": "t"})
        assert (note.status_code, note.json()["author"]) == (201, None)


def test_failed_logins_of_one_identity_are_limited(memory: Place) -> None:
    with running(memory) as client:
        for _ in range(10):
            assert client.login(password="wrong horse").status_code == 401
        answer = client.login()
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 300
        assert client.login("other@example.com").status_code == 401


def test_failed_logins_of_one_address_are_limited(memory: Place) -> None:
    limits = LoginLimits()
    limits.address = AttemptLimit(3, 60)
    with running(memory, limits=limits) as client:
        for number in range(3):
            assert client.login(f"u{number}@example.com").status_code == 401
        assert client.login("u9@example.com").status_code == 429


def test_logins_that_succeed_do_not_count(memory: Place) -> None:
    limits = LoginLimits()
    limits.identity = limits.address = AttemptLimit(2, 60)
    limits.address = AttemptLimit(2, 60)
    with running(memory, limits=limits) as client:
        for _ in range(4):
            assert client.login().status_code == 200


def test_a_limit_opens_again_after_its_window() -> None:
    now = [0.0]
    limit = AttemptLimit(1, 60, lambda: now[0])
    limit.start("k")
    with pytest.raises(Exception, match="retry in 60 s"):
        limit.start("k")
    now[0] = 60.5
    limit.start("k")


def test_an_ipv6_network_is_one_caller() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"
    assert network_of("not an address") == "not an address"
