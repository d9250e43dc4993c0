"""The endpoints below `/auth`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final, TypeAlias, cast

import msgspec
from pydantic import BaseModel, create_model
from starlette.requests import Request
from starlette.responses import Response

from ..bodies import parse, read_body, validate
from ..errors import FieldError, Invalid
from ..parameters import refuse_parameters
from ..problems import problem
from ..security import Unauthenticated
from ..types import Body, Length, Text
from .attempts import LoginLimits, TooManyAttempts
from .authenticator import BearerAuthenticator
from .interface import UnknownUser
from .passwords import MAX_LENGTH
from .provider import Grant, JWTProvider

Answerer: TypeAlias = Callable[[Request], Awaitable[Response]]

_PRIVATE: Final = {"Cache-Control": "no-store"}


class RefreshBody(Body):
    """The body of a refresh and of a logout."""

    refresh_token: Annotated[Text, Length(min=1, max=256)]


class DevelopmentLogin(Body):
    """The body of a development login: whoever one says one is."""

    id: Annotated[Text, Length(min=1, max=200)]
    email: Annotated[Text, Length(max=320)]
    role: Text


def login_body(identity: str) -> type[BaseModel]:
    """The body of a login, whose first member is called like the user's identity."""
    fields: dict[str, Any] = {
        identity: (Annotated[Text, Length(min=1, max=320)], ...),
        "password": (Annotated[Text, Length(min=1, max=MAX_LENGTH)], ...),
    }
    return cast("type[BaseModel]", create_model("Login", __base__=Body, **fields))


class AuthRoutes:
    """Login, refresh, logout and who one is."""

    def __init__(
        self,
        provider: JWTProvider,
        *,
        identity: str,
        roles: tuple[str, ...],
        max_body_bytes: int,
        limits: LoginLimits,
        before_login: Callable[[], Awaitable[None]],
    ) -> None:
        self._provider = provider
        self._identity = identity
        self._roles = roles
        self._max_body_bytes = max_body_bytes
        self._limits = limits
        self._before_login = before_login
        self._login_body = login_body(identity)

    async def login(self, request: Request) -> Response:
        """`POST /auth/login`: tokens for an identity and its password."""
        raw = await self._raw(request)
        if self._provider.development and _names_a_role(raw):
            return await self._development_login(raw)
        body = validate(self._login_body, None, raw)
        identity = body[self._identity]
        address = request.client.host if request.client else ""
        try:
            self._limits.start(identity, address)
        except TooManyAttempts as fault:
            return problem(
                request.scope,
                "too-many-requests",
                "too many failed logins",
                headers={"Retry-After": str(fault.retry_after), **_PRIVATE},
            )
        await self._before_login()
        grant = await self._provider.log_in(identity, body["password"])
        if grant is None:
            raise Unauthenticated(f"`{self._identity}` or `password` is wrong")
        self._limits.succeeded(identity, address)
        return _granted(grant)

    async def refresh(self, request: Request) -> Response:
        """`POST /auth/refresh`: the next tokens of a session."""
        body = validate(RefreshBody, None, await self._raw(request))
        grant = await self._provider.renew(body["refresh_token"])
        if grant is None:
            raise Unauthenticated("the refresh token does not hold", "invalid_token")
        return _granted(grant)

    async def logout(self, request: Request) -> Response:
        """`POST /auth/logout`: end a session; fine where it has ended already."""
        body = validate(RefreshBody, None, await self._raw(request))
        await self._provider.log_out(body["refresh_token"])
        return Response(status_code=204, headers=_PRIVATE)

    async def _development_login(self, raw: bytes) -> Response:
        body = validate(DevelopmentLogin, None, raw)
        if body["role"] not in self._roles:
            named = ", ".join(f"`{role}`" for role in self._roles)
            detail = f"`role` must be one of {named}"
            raise Invalid((FieldError("role", "not-an-enum-value", detail),))
        try:
            token = await self._provider.create_token(body)
        except UnknownUser:
            raise Unauthenticated("the user may not log in") from None
        return _answer({"access_token": token, "token_type": "bearer"})

    async def _raw(self, request: Request) -> bytes:
        if request.scope["query_string"]:
            refuse_parameters(request.scope)
        return await read_body(request, self._max_body_bytes)


def me(authenticator: BearerAuthenticator) -> Answerer:
    """The endpoint `GET /auth/me`: the user that the request acts for."""

    async def serve(request: Request) -> Response:
        user = await authenticator.user(request)
        if request.scope["query_string"]:
            refuse_parameters(request.scope)
        return _answer(user.model_dump())

    return serve


def _names_a_role(raw: bytes) -> bool:
    value = parse(raw)
    return isinstance(value, dict) and "role" in value and "password" not in value


def _granted(grant: Grant) -> Response:
    return _answer(
        {
            "access_token": grant.access_token,
            "token_type": "bearer",
            "expires_in": grant.expires_in,
            "refresh_token": grant.refresh_token,
        }
    )


def _answer(content: Mapping[str, Any]) -> Response:
    # RFC 6749 section 5.1: no cache may keep tokens.
    return Response(
        msgspec.json.encode(content), headers=_PRIVATE, media_type="application/json"
    )
