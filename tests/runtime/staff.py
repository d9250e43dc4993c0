"""A small service whose users are records, written as generated code is."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

import httpx
from databases import Place
from fastapi import FastAPI
from serving import served

from specora_runtime.app import create_app
from specora_runtime.auth import Auth, AuthConfig, BootstrapUser, UserFields
from specora_runtime.auth.passwords import hash_password_field
from specora_runtime.entity import Computed, Entity, Field, Type, Unique
from specora_runtime.operations import Collection, Create, Delete, List, Read, Update
from specora_runtime.repository import Repository, SqlRepository
from specora_runtime.settings import Settings
from specora_runtime.types import UNSET, Body, Boolean, Email, Length, Text

PASSWORD: Final = "correct horse"
ADMIN: Final = "admin@example.com"
ROLES: Final = ("admin", "member", "viewer")
SECRET: Final = "a secret of the tests that is long enough"

ID: Final = Field(
    name="id", type=Type.UUID, required=True, immutable=True, computed=Computed.UUID
)
USER: Final = Entity(
    name="user",
    table="users",
    path="/users",
    fields=(
        ID,
        Field(name="email", type=Type.EMAIL, required=True),
        Field(name="full_name", type=Type.STRING, required=True),
        Field(name="password_hash", type=Type.STRING, required=True, sensitive=True),
        Field(name="role", type=Type.STRING, required=True, values=ROLES),
        Field(name="is_active", type=Type.BOOLEAN, default=True),
    ),
    unique=(Unique(fields=("email",), constraint="users_email_key"),),
)
NOTE: Final = Entity(
    name="note",
    table="notes",
    path="/notes",
    fields=(
        ID,
        Field(name="text", type=Type.STRING, required=True),
        Field(
            name="author",
            type=Type.STRING,
            immutable=True,
            computed=Computed.CURRENT_USER,
        ),
    ),
)

_SCHEMA: Final = """\
CREATE TABLE IF NOT EXISTS "users" (
    "id" {uuid} NOT NULL,
    "email" {text} NOT NULL,
    "full_name" {text} NOT NULL,
    "password_hash" {text} NOT NULL,
    "role" {text} NOT NULL,
    "is_active" {boolean},
    CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "users_email_key" UNIQUE ("email")
);

CREATE TABLE IF NOT EXISTS "notes" (
    "id" {uuid} NOT NULL,
    "text" {text} NOT NULL,
    "author" {text},
    CONSTRAINT "notes_pkey" PRIMARY KEY ("id")
);
"""
SCHEMAS: Final = {
    "sqlite": _SCHEMA.format(uuid="TEXT", text="TEXT", boolean="INTEGER"),
    "postgresql": _SCHEMA.format(
        uuid="uuid", text='text COLLATE "C"', boolean="boolean"
    ),
}

Password = Annotated[Text, Length(min=8, max=1024)]


class UserCreate(Body):
    email: Email
    full_name: Text
    password_hash: Password
    role: Text
    is_active: Boolean = UNSET


class UserUpdate(Body):
    email: Email = UNSET
    password_hash: Password = UNSET
    role: Text = UNSET
    is_active: Boolean = UNSET


class NoteCreate(Body):
    text: Text


class UserRepository(Repository):
    entity = USER
    prepare = hash_password_field(USER, "password_hash")


CONFIG: Final = AuthConfig(
    domain="staff",
    roles=ROLES,
    fields=UserFields(active="is_active"),
    bootstrap=(
        BootstrapUser(values={"email": ADMIN, "full_name": "Ann", "role": "admin"}),
    ),
)


@dataclass
class Staff:
    """The parts of one service."""

    app: FastAPI
    auth: Auth
    users: type[SqlRepository]


def build(
    place: Place,
    *,
    config: AuthConfig = CONFIG,
    environ: Mapping[str, str] | None = None,
    built_in: bool = False,
    limits: Any = None,
    **changes: Any,
) -> Staff:
    """A service over an empty `place`; `changes` go to `Settings`."""
    database = place.open(SCHEMAS[place.dialect], (USER, NOTE))
    settings = Settings(
        **{
            "domain": "staff",
            "has_auth": True,
            "auth_enabled": True,
            "auth_secret": SECRET,
            **changes,
        }
    )

    class Users(SqlRepository, UserRepository):
        pass

    class Notes(SqlRepository):
        entity = NOTE

    Users.database = Notes.database = database
    auth = Auth(
        config,
        settings=settings,
        database=database,
        users=None if built_in else Users,
        environ={"AUTH_BOOTSTRAP_PASSWORD": PASSWORD} if environ is None else environ,
        limits=limits,
    )
    openapi = place.folder / "openapi.json"
    openapi.write_text('{"openapi": "3.1.0"}')
    app = create_app(
        title="staff",
        domain="staff",
        settings=settings,
        database=database,
        collections=(
            Collection(
                "/users",
                entity=USER,
                repository=Users,
                operations=(
                    List("list_users", roles=("admin",)),
                    Create("create_user", body=UserCreate, roles=("admin",)),
                    Read("get_user", roles=("admin",)),
                    Update("update_user", body=UserUpdate, roles=("admin",)),
                    Delete("delete_user", roles=("admin",)),
                ),
            ),
            Collection(
                "/notes",
                entity=NOTE,
                repository=Notes,
                operations=(
                    List("list_notes"),
                    Create("create_note", body=NoteCreate, roles=("member",)),
                ),
            ),
        ),
        openapi=openapi,
        auth=auth.authenticator,
        routers=(auth.router(),),
    )
    return Staff(app, auth, Users)


class Client:
    """What the tests say to a running service."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def login(self, email: str = ADMIN, password: str = PASSWORD) -> httpx.Response:
        return self.http.post(
            "/auth/login", json={"email": email, "password": password}
        )

    def tokens(self, email: str = ADMIN, password: str = PASSWORD) -> dict[str, Any]:
        answer = self.login(email, password)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def access(self, email: str = ADMIN, password: str = PASSWORD) -> dict[str, str]:
        return bearer(self.tokens(email, password)["access_token"])

    def hire(self, email: str = "mel@example.com", **changes: Any) -> dict[str, Any]:
        """A user that the administrator creates."""
        content = {
            "email": email,
            "full_name": "Mel",
            "password_hash": PASSWORD,
            "role": "member",
            **changes,
        }
        answer = self.http.post("/users", json=content, headers=self.access())
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def change(self, user: Mapping[str, Any], **changes: Any) -> httpx.Response:
        return self.http.patch(
            f"/users/{user['id']}", json=changes, headers=self.access()
        )

    def me(self, headers: Mapping[str, str]) -> httpx.Response:
        return self.http.get("/auth/me", headers=dict(headers))

    def refresh(self, token: str) -> httpx.Response:
        return self.http.post("/auth/refresh", json={"refresh_token": token})

    def logout(self, token: str) -> httpx.Response:
        return self.http.post("/auth/logout", json={"refresh_token": token})


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@contextmanager
def running(place: Place, **options: Any) -> Iterator[Client]:
    """A client of a running service."""
    logging.getLogger("specora_runtime").setLevel(logging.DEBUG)
    with served(build(place, **options).app) as http:
        yield Client(http)
