"""The entity whose records log in, as the authentication of a domain describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forge.checks.subject import Subject
from forge.ir.application import Infra
from forge.ir.entities import Field

DEFAULTS: Mapping[str, str] = {
    "identity_field": "email",
    "password_field": "password_hash",
    "role_field": "role",
    "active_field": "",
}
"""The fields that authentication reads, where the contract names no others."""


@dataclass(frozen=True, slots=True)
class Users:
    """The contract of authentication, and the entity it names."""

    auth: Infra
    entity: str
    """FQN of the user entity, whose fields are all known."""
    fields: Mapping[str, Field]

    def name_of(self, key: str) -> str:
        """The field that `key` of the configuration stands for; empty for none."""
        return str(self.auth.config.get(key) or DEFAULTS[key])

    def field_of(self, key: str) -> Field | None:
        """The same field, where the entity has it."""
        return self.fields.get(self.name_of(key))


def users_of(subject: Subject) -> Users | None:
    """The users of the domain, where a contract says who they are and nothing hides them."""
    auth = subject.auth
    if auth is None or auth.fqn in subject.malformed:
        return None
    entity = auth.config.get("user_entity")
    fields = subject.fields_of(entity) if isinstance(entity, str) else None
    if fields is None or not isinstance(entity, str):
        return None
    return Users(auth, entity, fields)


def first_users(auth: Infra) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The users to create in an empty database, with their places in the list."""
    listed = auth.bootstrap.get("users")
    for number, user in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(user, dict):
            yield number, user
