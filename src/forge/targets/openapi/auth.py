"""The operations by which clients get, renew and give up tokens."""

from __future__ import annotations

from typing import Any, Final

from forge.ir.application import Infra
from forge.targets.openapi import patterns, responses
from forge.targets.openapi.components import Components
from forge.targets.openapi.values import Schema

TAG = "auth"
SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
REQUIRED: Final[list[dict[str, list[str]]]] = [{"bearer": []}]
MAX_PASSWORD: Final = 1024

_BODY = (400, 401, 413, 415, 422, 503)
_TOKENS: Final[Schema] = {
    "type": "object",
    "properties": {
        "access_token": {
            "type": "string",
            "description": "For `Authorization: Bearer`.",
        },
        "token_type": {"type": "string", "const": "bearer"},
        "expires_in": {
            "type": "integer",
            "description": "Seconds until the access token expires.",
        },
        "refresh_token": {
            "type": "string",
            "description": "For one call of `/auth/refresh`.",
        },
    },
    "required": ["access_token", "token_type"],
}
_USER: Final[Schema] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "email": {"type": "string"},
        "role": {"type": "string"},
    },
    "required": ["id", "email", "role"],
}


def describe(infra: Infra, components: Components) -> dict[str, dict[str, Any]]:
    """The paths of authentication; without logins where somebody else issues the tokens."""
    me = _operation(
        "get_me",
        "Who the caller is",
        {
            "200": responses.success(
                "The caller.", components.schemas.add(_USER, "AuthUser")
            )
        },
        (400, 401, 503),
        components,
    )
    del me["security"]
    paths = {"/auth/me": {"get": me}}
    if infra.config.get("provider") == "external":
        return paths
    tokens = components.schemas.add(_TOKENS, "AuthTokens")
    granted = {"200": responses.success("Tokens.", tokens)}
    ended = {"204": responses.success("The session has ended.", None)}
    login = _login(str(infra.config.get("identity_field") or "email"))
    refresh = _closed({"refresh_token": _text(1, 256)})
    paths["/auth/login"] = {
        "post": _operation(
            "log_in", "Log in", granted, (*_BODY, 429), components, login
        )
    }
    paths["/auth/refresh"] = {
        "post": _operation(
            "refresh", "Renew tokens", granted, _BODY, components, refresh
        )
    }
    paths["/auth/logout"] = {
        "post": _operation("log_out", "Log out", ended, _BODY, components, refresh)
    }
    return paths


def _operation(
    operation_id: str,
    summary: str,
    done: dict[str, Any],
    problems: tuple[int, ...],
    components: Components,
    body: Schema | None = None,
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation_id,
        "tags": [TAG],
        "summary": summary,
        "security": [],
    }
    if body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    refused = {str(s): responses.problem(s, components) for s in sorted(problems)}
    described["responses"] = done | refused
    return described


def _login(identity: str) -> Schema:
    password = _text(1, MAX_PASSWORD) | {"format": "password", "writeOnly": True}
    return _closed({identity: _text(1, 320), "password": password})


def _text(least: int, most: int) -> Schema:
    return {
        "type": "string",
        "pattern": patterns.NO_NUL,
        "minLength": least,
        "maxLength": most,
    }


def _closed(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }
