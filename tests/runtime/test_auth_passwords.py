from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from databases import Place
from domain import CUSTOMER
from staff import PASSWORD, USER, Client, build, running

from specora_runtime.auth.passwords import (
    HashedPassword,
    fault_of,
    hash_password,
    hash_password_field,
    matches,
)
from specora_runtime.errors import Invalid

ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2hoYXNo"
HASHES = [
    ARGON2,
    "$2b$12$eImiTXuWVxfM37uY4JANjQ==",
    "$6$rounds=5000$usesomesillystring$D4IrlXatmP7r",
    "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVH",
    "pbkdf2_sha256$260000$salt$aGFzaA==",
    "{SSHA}d0Q0626PSH9VUld7yWpR0k6BlpQmtczb",
    "SCRAM-SHA-256$4096:salt$stored:server",
]


@pytest.fixture
def memory(tmp_path: Path) -> Place:
    return Place("memory", tmp_path)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("1234567", "too-short"),
        ("12345678", None),
        ("\U0001f600" * 8, None),
        ("\U0001f600" * 7, "too-short"),
        ("x" * 1024, None),
        ("x" * 1025, "too-long"),
        ("nul\0 inside", "bad-text"),
        ("half \ud800 pair", "bad-text"),
        ("$2 for a coffee", None),
        ("{braces} are fine", None),
        ("5f4dcc3b5aa765d61d8327deb882cf99", None),
        *[(text, "hashed") for text in HASHES],
    ],
)
def test_what_a_password_may_be(password: str, fault: str | None) -> None:
    assert fault_of(password) == fault


def test_a_password_matches_its_hash_and_no_other() -> None:
    async def scenario() -> None:
        stored = await hash_password(PASSWORD)
        assert stored.startswith("$argon2id$")
        assert stored != await hash_password(PASSWORD)
        assert await matches(PASSWORD, stored)
        assert not await matches("wrong horse", stored)
        assert not await matches(stored, stored)

    asyncio.run(scenario())


def test_one_text_matches_in_each_of_its_forms() -> None:
    async def scenario() -> None:
        stored = await hash_password("caf\u00e9 noir")
        assert await matches("cafe\u0301 noir", stored)

    asyncio.run(scenario())


@pytest.mark.parametrize("stored", [None, "", PASSWORD, "md5$abc", "$argon2id$broken"])
def test_nothing_matches_what_is_no_hash(stored: str | None) -> None:
    assert not asyncio.run(matches(PASSWORD, stored))


def test_hashing_leaves_the_loop_free() -> None:
    async def scenario() -> int:
        hashing = asyncio.gather(*(hash_password(PASSWORD) for _ in range(4)))
        turns = 0
        while not hashing.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns

    assert asyncio.run(scenario()) > 10


def test_only_a_sensitive_field_may_hold_passwords() -> None:
    with pytest.raises(ValueError, match="not sensitive"):
        hash_password_field(CUSTOMER, "name")


def test_what_the_service_hashed_is_stored_as_it_is() -> None:
    prepare = hash_password_field(USER, "password_hash")
    data = {"password_hash": HashedPassword(ARGON2)}
    assert asyncio.run(prepare(data)) == data
    with pytest.raises(Invalid):
        asyncio.run(prepare({"password_hash": ARGON2}))


def stored_hash(place: Place) -> str:
    """What the table holds for the user that a service created, past the service."""

    async def read() -> str:
        staff = build(place)
        database = staff.users.database
        row = await database.fetch_one(
            "SELECT password_hash FROM users WHERE email = 'mel@example.com'"
        )
        await database.close()
        assert row is not None
        return str(row["password_hash"])

    return asyncio.run(read())


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_crud_stores_a_hash_of_what_the_client_sends(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    on_server = store == "postgresql"
    url = request.getfixturevalue("postgres_url") if on_server else ""
    place = Place(store, tmp_path, url)
    with running(place) as client:
        mel = client.hire()
        created = stored_hash(place)
        client.change(mel, password_hash="battery staple")
        changed = stored_hash(place)
        client.change(mel, role="viewer")
    assert created.startswith("$argon2id$")
    assert changed.startswith("$argon2id$")
    assert created != changed == stored_hash(place)


def post(client: Client, password: Any) -> Any:
    content = {
        "email": "eve@example.com",
        "full_name": "Eve",
        "password_hash": password,
        "role": "member",
    }
    return client.http.post("/users", json=content, headers=client.access())


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (ARGON2, "hashed"),
        ("short", "too-short"),
        ("x" * 1025, "too-long"),
        ("a\0bcdefgh", "bad-text"),
        (12345678, "wrong-type"),
        (None, "null-not-allowed"),
    ],
)
def test_crud_refuses_what_is_no_password_and_says_where(
    memory: Place, password: object, code: str
) -> None:
    with running(memory) as client:
        answer = post(client, password)
        assert answer.status_code == 422
        error = answer.json()["errors"][0]
        assert (error["pointer"], error["code"]) == ("/password_hash", code)


def test_an_update_refuses_a_hash(place: Place) -> None:
    with running(place) as client:
        mel = client.hire()
        answer = client.change(mel, password_hash=ARGON2)
        assert answer.status_code == 422
        assert client.login("mel@example.com").status_code == 200


def test_no_answer_and_no_log_shows_a_password(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with running(place) as client:
        mel = client.hire()
        answers = [
            client.change(mel, role="viewer"),
            client.http.get(f"/users/{mel['id']}", headers=client.access()),
            client.http.get("/users", headers=client.access()),
            post(client, ARGON2),
            client.login("mel@example.com", "wrong horse"),
        ]
        texts = [str(mel), caplog.text, *(answer.text for answer in answers)]
        for text in texts:
            assert "argon2id$v" not in text
            assert PASSWORD not in text
            assert "wrong horse" not in text
        assert "password_hash" not in mel
        assert all("password_hash" not in a.json() for a in answers[:2])


@pytest.mark.parametrize(
    "query", ["password_hash=x", "password_hash[contains]=a", "sort=password_hash"]
)
def test_a_password_is_no_parameter(memory: Place, query: str) -> None:
    with running(memory) as client:
        answer = client.http.get(f"/users?{query}", headers=client.access())
        unknown = client.http.get(
            f"/users?{query.replace('password_hash', 'no_such_field')}",
            headers=client.access(),
        )
        assert answer.status_code == unknown.status_code == 400
        code, other = answer.json()["errors"][0], unknown.json()["errors"][0]
        assert code["code"] == other["code"]
