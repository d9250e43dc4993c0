"""Who sends a request: from the `Authorization` header to a `Caller`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from ..entity import Caller
from ..errors import RoleRequired
from ..security import Unauthenticated
from .interface import AuthProvider, AuthUser

ANONYMOUS_ADMIN: Final = AuthUser(
    id="anonymous", email="anonymous@localhost", role="admin"
)
"""Who everyone is while authentication is off."""


class BearerAuthenticator:
    """Finds the caller by the bearer token; an `Authenticator`."""

    def __init__(self, provider: AuthProvider, *, enabled: bool) -> None:
        self._provider = provider
        self.enabled = enabled
        """Whether tokens are asked for at all."""

    async def __call__(self, request: Request) -> Caller:
        """The caller, with the role that is stored now. Raises `Unauthenticated`."""
        user = await self.user(request)
        if user is ANONYMOUS_ADMIN:
            # Without an id: a field may hold who wrote it, and nobody did.
            return Caller(role=user.role, unrestricted=True)
        return Caller(id=user.id, email=user.email, role=user.role)

    async def user(self, request: Request) -> AuthUser:
        """The user that a request acts for. Raises `Unauthenticated`."""
        return await self.user_of(request.headers.getlist("authorization"))

    async def user_of(self, headers: Sequence[str]) -> AuthUser:
        """The user that the values of `Authorization` stand for."""
        if not self.enabled:
            return ANONYMOUS_ADMIN
        user = await self._provider.authenticate(bearer_token(headers))
        if user is None:
            raise Unauthenticated(
                "the token does not hold: it is expired or forged, "
                "or its user may not log in",
                "invalid_token",
            )
        return user


def bearer_token(headers: Sequence[str]) -> str:
    """The one token that a request carries. Raises `Unauthenticated`."""
    if not headers:
        raise Unauthenticated
    scheme, _, token = headers[0].partition(" ")
    # Two headers are refused: a proxy may have checked the other one.
    if len(headers) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("`Authorization` must be `Bearer` and one token")
    return token.strip()


def require(user: AuthUser, roles: tuple[str, ...]) -> AuthUser:
    """`user`, who has one of `roles` where any are named. Raises `RoleRequired`."""
    if roles and user.role not in roles and user is not ANONYMOUS_ADMIN:
        raise RoleRequired(roles)
    return user
