"""Who may call what: the port that authentication plugs into, and roles."""

from __future__ import annotations

from typing import Final, Protocol

from starlette.requests import Request

from .entity import Caller
from .errors import Fault, RoleRequired

EVERYONE: Final = Caller(unrestricted=True)
"""The caller where no authenticator is: anonymous, and roles are not enforced."""


class Unauthenticated(Fault):
    """The request names no caller, or names one with a token that does not hold."""

    def __init__(
        self, detail: str = "this needs a valid bearer token", error: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.error = error
        """The code of RFC 6750 for a token that does not hold: `invalid_token`."""


class Authenticator(Protocol):
    """Finds out who sends a request. Raises `Unauthenticated`."""

    async def __call__(self, request: Request) -> Caller: ...


async def authorize(
    auth: Authenticator | None, request: Request, roles: tuple[str, ...]
) -> Caller:
    """The caller of `request`, who has one of `roles` where any are named.

    Without an authenticator everyone is anonymous and roles are not enforced.
    """
    if auth is None:
        return EVERYONE
    caller = await auth(request)
    if not caller.has_one_of(roles):
        raise RoleRequired(roles)
    return caller
