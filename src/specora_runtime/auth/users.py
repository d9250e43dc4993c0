"""The stored users, read through the repository of the entity that holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..database import Database
from ..entity import Record
from ..identity import format_key
from ..query import Filter, Op, Query
from ..repository import Repository, SqlRepository
from ..values import parse
from .config import UserFields
from .passwords import HashedPassword, hash_password_field
from .schema import AUTH_USER, Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUser:
    """What is stored of a user."""

    id: str
    email: str
    role: str
    active: bool
    password_hash: str | None


class UserStore:
    """Finds and creates users."""

    def __init__(
        self,
        repository: Callable[[], Repository],
        fields: UserFields,
        tables: Tables,
    ) -> None:
        self._repository = repository
        self._tables = tables
        self.fields = fields
        self.entity = repository().entity

    async def repository(self) -> Repository:
        """The repository of the users, whose table exists."""
        await self._tables.database()
        return self._repository()

    async def by_id(self, key: str) -> StoredUser | None:
        """The user with this key, as stored now."""
        record = await (await self.repository()).get(key)
        return None if record is None else self._user(record)

    async def by_identity(self, identity: str) -> StoredUser | None:
        """The one user with this identity.

        Where the contract lets several users share it, nobody can tell who is meant: none.
        """
        field = self.entity.by_name[self.fields.identity]
        try:
            value = parse(field, identity)
        except ValueError:
            return None
        same = Filter(field.name, Op.EQ, value)
        repository = await self.repository()
        page = await repository.page(Query(filters=(same,), limit=2))
        return self._user(page.items[0]) if len(page.items) == 1 else None

    async def empty(self) -> bool:
        """Whether there is no user at all."""
        return not (await (await self.repository()).page(Query(limit=1))).items

    async def create(self, values: Mapping[str, Any], password: HashedPassword) -> None:
        """Store a user. Raises what `Repository.create` raises."""
        repository = await self.repository()
        await repository.create({**values, self.fields.password: password})

    def _user(self, record: Record) -> StoredUser:
        fields = self.fields
        email = record.get("email") or record.get(fields.identity)
        return StoredUser(
            id=format_key(self.entity, record),
            email=str(email or ""),
            role=str(record.get(fields.role) or ""),
            # A field that may hold nothing says "not deactivated" where it does.
            active=not fields.active or record.get(fields.active) is not False,
            password_hash=record.get(fields.password),
        )


def built_in_users(database: Database) -> Callable[[], Repository]:
    """The repository of the users whose domain has no entity for them."""

    class AuthUserRepository(SqlRepository):
        entity = AUTH_USER
        prepare = hash_password_field(AUTH_USER, "password_hash")

    AuthUserRepository.database = database
    return AuthUserRepository
