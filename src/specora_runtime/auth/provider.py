"""The provider of a service that issues its own tokens."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .interface import AuthProvider, AuthUser, UnknownUser
from .passwords import matches
from .refresh import Session, Sessions
from .tokens import Claims, Tokens
from .users import StoredUser, UserStore


@dataclass(frozen=True, slots=True)
class Grant:
    """What a login hands out."""

    access_token: str
    refresh_token: str
    expires_in: int
    """Seconds until the access token expires."""


class JWTProvider(AuthProvider):
    """JSON Web Tokens for stored users.

    A token only names a user. Whether that user may still log in, with which role, and
    whether the password and the session are those of the login, is read from the store
    every time.
    """

    def __init__(
        self,
        tokens: Tokens,
        users: UserStore,
        sessions: Sessions,
        *,
        roles: tuple[str, ...],
        development: bool = False,
    ) -> None:
        self._tokens = tokens
        self._users = users
        self._sessions = sessions
        self._roles = roles
        self.development = development
        """Whether tokens of the development login hold."""

    async def authenticate(self, token: str) -> AuthUser | None:
        """The active user that `token` stands for, with the role stored now."""
        claims = self._tokens.read(token)
        return None if claims is None else await self._user_of(claims)

    async def create_token(self, user_data: Mapping[str, Any]) -> str:
        """An access token for the stored user `user_data["id"]`.

        With the development login, a user who is not stored gets the email and the role
        that `user_data` names. Raises `UnknownUser`.
        """
        key = str(user_data.get("id", ""))
        user = await self._users.by_id(key)
        if user is not None and user.active:
            return self._issue(user)
        role, email = user_data.get("role"), str(user_data.get("email", ""))
        if user is None and key and self.development and role in self._roles:
            claims = Claims(subject=key, development=True, email=email, role=str(role))
            return self._tokens.issue(claims)
        raise UnknownUser(f"no active user {key!r}")

    async def refresh_token(self, token: str) -> str | None:
        """A fresh access token for a valid one, or `None`."""
        claims = self._tokens.read(token)
        if claims is None or await self._user_of(claims) is None:
            return None
        return self._tokens.issue(claims)

    async def log_in(self, identity: str, password: str) -> Grant | None:
        """Start a session where the password is right and the user active."""
        user = await self._users.by_identity(identity)
        known = None if user is None else user.password_hash
        # The password is checked for everyone, so that every refusal takes as long.
        if not await matches(password, known) or user is None or not user.active:
            return None
        stamp = self._tokens.stamp(user.password_hash)
        return self._grant(user, await self._sessions.start(user.id, stamp))

    async def renew(self, refresh_token: str) -> Grant | None:
        """The next tokens of a session, where it and its user are good."""
        session = await self._sessions.rotate(refresh_token)
        if session is None:
            return None
        user = await self._users.by_id(session.user_id)
        if user is None or not self._holds(user, session.stamp):
            await self._sessions.end(session.id)
            return None
        return self._grant(user, session)

    async def log_out(self, refresh_token: str) -> None:
        """End the session of a refresh token."""
        await self._sessions.end_of(refresh_token)

    async def _user_of(self, claims: Claims) -> AuthUser | None:
        if claims.development:
            if not self.development or claims.role not in self._roles:
                return None
            return AuthUser(id=claims.subject, email=claims.email, role=claims.role)
        user = await self._users.by_id(claims.subject)
        if user is None or not self._holds(user, claims.stamp):
            return None
        if claims.session and not await self._sessions.alive(claims.session):
            return None
        return AuthUser(id=user.id, email=user.email, role=user.role)

    def _holds(self, user: StoredUser, stamp: str) -> bool:
        """Whether what was issued under `stamp` still holds for the user."""
        current = self._tokens.stamp(user.password_hash)
        return user.active and hmac.compare_digest(current, stamp)

    def _grant(self, user: StoredUser, session: Session) -> Grant:
        token = self._issue(user, session.id)
        return Grant(token, session.token, self._tokens.lifetime)

    def _issue(self, user: StoredUser, session: str = "") -> str:
        return self._tokens.issue(
            Claims(
                subject=user.id,
                session=session,
                stamp=self._tokens.stamp(user.password_hash),
                role=user.role,
            )
        )
