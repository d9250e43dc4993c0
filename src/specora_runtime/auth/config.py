"""What an infra/auth contract declares, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

BOOTSTRAP_PASSWORD: Final = "AUTH_BOOTSTRAP_PASSWORD"
"""Variable with the password of the first users."""


class Provider(StrEnum):
    """Who issues the tokens."""

    JWT = "jwt"
    """This service, after a login."""
    EXTERNAL = "external"
    """Somebody else, whose public key this service has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFields:
    """Where a user record holds what authentication needs."""

    identity: str = "email"
    """What a user logs in with."""
    password: str = "password_hash"
    role: str = "role"
    active: str = ""
    """A boolean field, false for users who may not log in; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapUser:
    """A user to create while there is none."""

    values: Mapping[str, Any]
    """Values of fields of the user entity, the password excepted."""
    password_env: str = BOOTSTRAP_PASSWORD
    """Variable that holds the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthConfig:
    """Authentication of one domain."""

    domain: str
    roles: tuple[str, ...]
    provider: Provider = Provider.JWT
    fields: UserFields = field(default_factory=UserFields)
    bootstrap: tuple[BootstrapUser, ...] = ()
