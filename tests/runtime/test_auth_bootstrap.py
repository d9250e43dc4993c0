from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from databases import Place
from staff import ADMIN, CONFIG, PASSWORD, Staff, build, running

from specora_runtime.auth import BootstrapUser
from specora_runtime.settings import SettingsError

BUILT_IN = replace(
    CONFIG,
    fields=replace(CONFIG.fields, active=""),
    bootstrap=(BootstrapUser(values={"email": ADMIN, "role": "admin"}),),
)


@pytest.fixture
def memory(tmp_path: Path) -> Place:
    return Place("memory", tmp_path)


def emails(staff: Staff) -> list[str]:
    """The users that are stored, past the service."""

    async def read() -> list[str]:
        rows = await staff.users.database.fetch("SELECT email FROM users")
        await staff.users.database.close()
        return [row["email"] for row in rows]

    return asyncio.run(read())


async def started(staff: Staff) -> None:
    await staff.auth.start()


def test_the_first_users_are_created_once(place: Place) -> None:
    with running(place) as client:
        assert client.login().status_code == 200
    if place.store != "memory":
        with running(
            place, environ={"AUTH_BOOTSTRAP_PASSWORD": "another one"}
        ) as client:
            assert client.login(password="another one").status_code == 401
            assert client.login().status_code == 200
        assert emails(build(place)) == [ADMIN]


def test_nobody_is_created_where_users_are(memory: Place) -> None:
    async def scenario() -> list[str]:
        staff = build(memory)
        await staff.users().create(
            {
                "email": "first@example.com",
                "full_name": "First",
                "password_hash": PASSWORD,
                "role": "viewer",
            }
        )
        await staff.auth.start()
        page = await staff.users().list()
        return [user["email"] for user in page[0]]

    assert asyncio.run(scenario()) == ["first@example.com"]


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_instances_that_start_together_create_one_user(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if store == "postgresql" else ""
    place = Place(store, tmp_path, url)

    async def scenario() -> int:
        several = [build(place) for _ in range(4)]
        await asyncio.gather(*(staff.auth.start() for staff in several))
        _, total = await several[0].users().list()
        for staff in several:
            await staff.users.database.close()
        return total

    assert asyncio.run(scenario()) == 1


def test_without_a_password_development_gets_a_random_one_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    place = Place("sqlite", tmp_path)
    with running(place, environ={}) as client:
        shown = re.findall(r"with the password (\S+) \(shown once", caplog.text)
        assert len(shown) == 1
        assert client.login(password=shown[0]).status_code == 200
    with running(place, environ={}):
        pass
    assert caplog.text.count(shown[0]) == 1


def test_a_password_from_the_environment_is_not_logged(
    memory: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with running(memory) as client:
        client.login()
    assert PASSWORD not in caplog.text


def test_production_refuses_to_start_without_the_password(memory: Place) -> None:
    staff = build(memory, environ={}, app_env="production")
    with pytest.raises(SettingsError, match="AUTH_BOOTSTRAP_PASSWORD"):
        asyncio.run(started(staff))


def test_production_needs_no_password_once_users_are_there(tmp_path: Path) -> None:
    place = Place("sqlite", tmp_path)
    asyncio.run(started(build(place, app_env="production")))
    asyncio.run(started(build(place, app_env="production", environ={})))


@pytest.mark.parametrize("password", ["short", "$argon2id$v=19$m=65536,t=3,p=4$x$y"])
def test_a_password_that_none_may_have_is_refused(memory: Place, password: str) -> None:
    staff = build(memory, environ={"AUTH_BOOTSTRAP_PASSWORD": password})
    with pytest.raises(SettingsError, match="AUTH_BOOTSTRAP_PASSWORD must"):
        asyncio.run(started(staff))


def test_an_entry_may_name_its_own_variable(memory: Place) -> None:
    entry = replace(CONFIG.bootstrap[0], password_env="ANN_PASSWORD")
    config = replace(CONFIG, bootstrap=(entry,))
    environ = {"ANN_PASSWORD": "battery staple"}
    with running(memory, config=config, environ=environ) as client:
        assert client.login(password="battery staple").status_code == 200


def test_a_user_without_required_fields_is_skipped_and_the_log_says_why(
    memory: Place, caplog: pytest.LogCaptureFixture
) -> None:
    entry = BootstrapUser(values={"email": ADMIN, "role": "admin"})
    with running(memory, config=replace(CONFIG, bootstrap=(entry,))) as client:
        assert client.login().status_code == 401
    assert f"{ADMIN} is skipped: `user` requires `full_name`" in caplog.text


def test_a_user_that_cannot_be_stored_stops_nothing(
    memory: Place, caplog: pytest.LogCaptureFixture
) -> None:
    bad = BootstrapUser(values={**CONFIG.bootstrap[0].values, "no_such_field": 1})
    config = replace(CONFIG, bootstrap=(bad, *CONFIG.bootstrap))
    with running(memory, config=config) as client:
        assert client.login().status_code == 200
    assert f"{ADMIN} is not created" in caplog.text


def test_a_domain_without_a_user_entity_has_users_of_its_own(place: Place) -> None:
    with running(place, config=BUILT_IN, built_in=True) as client:
        tokens = client.tokens()
        headers = {"authorization": f"Bearer {tokens['access_token']}"}
        me = client.me(headers).json()
        assert (me["email"], me["role"]) == (ADMIN, "admin")
        assert client.http.get("/users", headers=headers).json()["total"] == 0
        assert client.refresh(tokens["refresh_token"]).status_code == 200


def test_a_server_without_lifespan_has_its_first_users_too(place: Place) -> None:
    async def scenario() -> int:
        staff = build(place)
        transport = httpx.ASGITransport(app=staff.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            body = {"email": ADMIN, "password": PASSWORD}
            answer = await http.post("/auth/login", json=body)
        await staff.users.database.close()
        return answer.status_code

    assert asyncio.run(scenario()) == 200


def test_a_late_refusal_keeps_nobody_from_logging_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Place("sqlite", tmp_path)

    async def scenario() -> int:
        staff = build(place, app_env="production", environ={})
        transport = httpx.ASGITransport(app=staff.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            body = {"email": ADMIN, "password": PASSWORD}
            answer = await http.post("/auth/login", json=body)
        await staff.users.database.close()
        return answer.status_code

    assert asyncio.run(scenario()) == 401
    assert "AUTH_BOOTSTRAP_PASSWORD must hold" in caplog.text


def test_production_refuses_to_switch_authentication_off(memory: Place) -> None:
    with pytest.raises(SettingsError, match="AUTH_ENABLED"):
        build(memory, app_env="production", auth_enabled=False)


def test_production_has_no_development_login(memory: Place) -> None:
    with running(memory, app_env="production", auth_dev_login=True) as client:
        body = {"id": "u", "email": ADMIN, "role": "admin"}
        assert client.http.post("/auth/login", json=body).status_code == 422
