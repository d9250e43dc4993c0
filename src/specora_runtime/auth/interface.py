"""Who a token stands for, and what turns tokens into users and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


class AuthUser(BaseModel):
    """The user that a request acts for."""

    id: str
    email: str
    role: str


class AuthProvider(ABC):
    """Issues tokens and says who they stand for."""

    @abstractmethod
    async def authenticate(self, token: str) -> AuthUser | None:
        """The active user that `token` stands for, with the role stored now."""

    @abstractmethod
    async def create_token(self, user_data: Mapping[str, Any]) -> str:
        """An access token for the user `user_data["id"]`.

        Raises `UnknownUser` where nobody active has this id.
        """

    @abstractmethod
    async def refresh_token(self, token: str) -> str | None:
        """A fresh access token for a valid one, or `None`."""


class UnknownUser(LookupError):
    """No active user has the id that a token is asked for."""
