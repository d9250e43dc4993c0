from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from databases import Place
from staff import bearer, running

from specora_runtime.auth.refresh import LIFETIME_SECONDS, Sessions
from specora_runtime.auth.schema import REFRESH_TOKENS, Tables
from specora_runtime.database import Database


@pytest.fixture
def memory(tmp_path: Path) -> Place:
    return Place("memory", tmp_path)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def with_sessions(
    place: Place, scenario: Callable[[Sessions, Clock, Database], Awaitable[None]]
) -> None:
    async def work(database: Database) -> None:
        clock = Clock()
        tables = Tables(database)
        await scenario(Sessions(tables, database.dialect, clock=clock), clock, database)

    place.run(work)


def test_a_refresh_replaces_both_tokens(place: Place) -> None:
    with running(place) as client:
        first = client.tokens()
        second = client.refresh(first["refresh_token"]).json()
        assert set(second) == set(first)
        assert second["refresh_token"] != first["refresh_token"]
        assert client.me(bearer(second["access_token"])).status_code == 200
        assert client.refresh(second["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_twice_ends_the_session(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with running(place) as client:
        stolen = client.tokens()
        other = client.tokens()
        thief = client.refresh(stolen["refresh_token"]).json()
        again = client.refresh(stolen["refresh_token"])
        assert again.status_code == 401
        assert again.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert client.refresh(thief["refresh_token"]).status_code == 401
        for tokens in (stolen, thief):
            assert client.me(bearer(tokens["access_token"])).status_code == 401
        assert client.me(bearer(other["access_token"])).status_code == 200
        assert client.refresh(other["refresh_token"]).status_code == 200
        assert "came twice" in caplog.text
        assert stolen["refresh_token"] not in caplog.text


def test_a_logout_ends_the_session_and_no_other(place: Place) -> None:
    with running(place) as client:
        mine, other = client.tokens(), client.tokens()
        answer = client.logout(mine["refresh_token"])
        assert (answer.status_code, answer.content) == (204, b"")
        assert client.refresh(mine["refresh_token"]).status_code == 401
        assert client.me(bearer(mine["access_token"])).status_code == 401
        assert client.me(bearer(other["access_token"])).status_code == 200
        assert client.logout(mine["refresh_token"]).status_code == 204


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout"])
@pytest.mark.parametrize(
    "body", [{}, {"refresh_token": 7}, {"refresh_token": "x" * 300}, {"token": "x"}]
)
def test_a_body_without_a_refresh_token_is_422(
    memory: Place, path: str, body: dict[str, object]
) -> None:
    with running(memory) as client:
        assert client.http.post(path, json=body).status_code == 422


def test_methods_that_are_not_served_are_405(memory: Place) -> None:
    with running(memory) as client:
        answer = client.http.get("/auth/login")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert client.http.head("/auth/me", headers=client.access()).status_code == 200


def test_only_digests_are_stored(place: Place) -> None:
    async def scenario(sessions: Sessions, clock: Clock, database: Database) -> None:
        session = await sessions.start("u1", "s")
        rows = await database.fetch(f"SELECT * FROM {REFRESH_TOKENS}")
        assert session.token not in str(rows)

    with_sessions(place, scenario)


def test_of_two_refreshes_at_once_one_wins_and_the_session_ends(place: Place) -> None:
    async def scenario(sessions: Sessions, clock: Clock, database: Database) -> None:
        session = await sessions.start("u1", "s")
        found = await asyncio.gather(*(sessions.rotate(session.token) for _ in "ab"))
        winner = [one for one in found if one is not None]
        assert len(winner) == 1
        assert await sessions.rotate(winner[0].token) is None
        assert not await sessions.alive(session.id)

    with_sessions(place, scenario)


def test_a_session_ends_after_its_lifetime_however_often_it_is_refreshed(
    place: Place,
) -> None:
    async def scenario(sessions: Sessions, clock: Clock, database: Database) -> None:
        session = await sessions.start("u1", "s")
        clock.now += LIFETIME_SECONDS - 1
        following = await sessions.rotate(session.token)
        assert following is not None
        clock.now += 2
        assert await sessions.rotate(following.token) is None
        assert not await sessions.alive(session.id)
        await sessions.start("u2", "s")
        rows = await database.fetch(f"SELECT user_id FROM {REFRESH_TOKENS}")
        assert [row["user_id"] for row in rows] == ["u2"]

    with_sessions(place, scenario)


def test_a_session_that_another_process_ended_is_over_within_seconds(
    place: Place,
) -> None:
    async def scenario(sessions: Sessions, clock: Clock, database: Database) -> None:
        session = await sessions.start("u1", "s")
        assert await sessions.alive(session.id)
        await database.execute(f"DELETE FROM {REFRESH_TOKENS}")
        assert await sessions.alive(session.id)
        clock.now += 5.1
        assert not await sessions.alive(session.id)

    with_sessions(place, scenario)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "x" * 10_000, "' OR 1=1 --"])
def test_an_unknown_token_starts_nothing(memory: Place, token: str) -> None:
    async def scenario(sessions: Sessions, clock: Clock, database: Database) -> None:
        assert await sessions.rotate(token) is None
        await sessions.end_of(token)

    with_sessions(memory, scenario)
