"""Every fault as `application/problem+json` (RFC 9457), by one table.

`type` is a relative URI, `/problems/<code>`, under which the service explains the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import quote

import msgspec
from fastapi.exceptions import RequestValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from . import errors
from .behavior import Unfinished
from .bodies import (
    BodyError,
    BodyTooLarge,
    MalformedJson,
    UnsupportedMediaType,
    describe,
    pointer,
)
from .problem_kinds import KINDS
from .security import Unauthenticated

MEDIA_TYPE: Final = "application/problem+json"


class NotFound(errors.Fault):
    """No record has this key."""

    def __init__(self, entity: str) -> None:
        self.detail = f"no {entity} has this key"
        super().__init__(self.detail)


_BY_STATUS: Final = {400: "bad-request", 422: "invalid", 409: "conflict"} | {
    kind.status: kind.code
    for kind in KINDS.values()
    if kind.status not in (400, 422, 409)
}

_FAULTS: Final[dict[type[errors.Fault], str]] = {
    NotFound: "not-found",
    MalformedJson: "malformed-json",
    BodyTooLarge: "too-large",
    UnsupportedMediaType: "unsupported-media-type",
    Unauthenticated: "unauthenticated",
    errors.UniqueViolation: "conflict",
    errors.ForeignKeyViolation: "unknown-reference",
    errors.CheckViolation: "invalid",
    errors.NotNullViolation: "invalid",
    errors.Unavailable: "unavailable",
    errors.Retry: "unavailable",
    errors.UniqueConflict: "conflict",
    errors.InUse: "in-use",
    errors.UnknownReference: "unknown-reference",
    errors.IllegalTransition: "illegal-transition",
    errors.GuardUnmet: "guard-unmet",
    errors.RoleRequired: "forbidden",
    errors.StaleVersion: "stale-version",
    errors.TenantRequired: "tenant-required",
    errors.VersionRequired: "precondition-required",
    errors.KeyInFlight: "key-in-flight",
    errors.KeyReused: "key-reused",
    errors.NotOffered: "invalid",
    errors.BadHeader: "bad-request",
    errors.Invalid: "invalid",
    errors.BadQuery: "bad-query",
    Unfinished: "not-implemented",
}
_UNSAID: Final = (
    errors.UniqueViolation,
    errors.ForeignKeyViolation,
    errors.CheckViolation,
    errors.NotNullViolation,
    errors.Unavailable,
    errors.Retry,
)
"""Faults whose text speaks of tables and hosts, which is no business of clients."""


def problem(
    scope: Scope,
    code: str,
    detail: str = "",
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """An answer of the kind `code`; `members` are added as they are."""
    content = _content(scope, code, detail, status)
    return _response(content | members, headers or {})


def _content(
    scope: Scope, code: str, detail: str = "", status: int | None = None
) -> dict[str, Any]:
    kind = KINDS[code]
    content: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
    }
    if status not in (None, kind.status):
        # A status that a handler or a rule chooses has no page here.
        content |= {"type": "about:blank", "title": _phrase(status), "status": status}
    if detail:
        content["detail"] = detail
    content["instance"] = instance(scope)
    return content


def _response(content: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    sent = dict(headers)
    said = any(name.lower() == "retry-after" for name in sent)
    if content["status"] in (429, 503) and not said:
        sent["Retry-After"] = "1"
    return Response(
        msgspec.json.encode(content), content["status"], sent, media_type=MEDIA_TYPE
    )


def _phrase(status: int | None) -> str:
    try:
        return HTTPStatus(status or 500).phrase
    except ValueError:
        return "Error"


def instance(scope: Scope) -> str:
    """The path of the request as a URI reference."""
    raw = scope.get("raw_path")
    return raw.decode("latin-1") if isinstance(raw, bytes) else quote(scope["path"])


def from_fault(scope: Scope, fault: errors.Fault) -> Response:
    """The problem that tells a client of `fault`."""
    return _response(*content_of(scope, fault))


def content_of(
    scope: Scope, fault: errors.Fault
) -> tuple[dict[str, Any], dict[str, str]]:
    """What a client is told of `fault`, and the headers that belong to it."""
    if isinstance(fault, errors.ItemFailed):
        content, headers = content_of(scope, fault.fault)
        return content | {"errors": _of_item(content, fault)}, headers
    code = _code_of(fault)
    said = "" if code == "internal" or isinstance(fault, _UNSAID) else str(fault)
    headers = {}
    if isinstance(fault, Unauthenticated):
        error = f' error="{fault.error}"' if fault.error else ""
        headers["WWW-Authenticate"] = f"Bearer{error}"
    if isinstance(fault, errors.KeyInFlight):
        headers["Retry-After"] = "1"
    status = fault.status if isinstance(fault, errors.RuleBroken) else None
    members = _members(fault)
    if fault.elsewhere and "errors" in members:
        unplaced = {"pointer": ""}
        members["errors"] = [e | unplaced for e in members["errors"] if "pointer" in e]
    return _content(scope, code, said, status) | members, headers


def _code_of(fault: errors.Fault) -> str:
    found = (_FAULTS[kind] for kind in type(fault).__mro__ if kind in _FAULTS)
    return next(found, "internal")


_MEMBER: Final[dict[type[errors.Fault], str]] = {
    NotFound: "/id",
    errors.InUse: "/id",
    errors.StaleVersion: "/if_match",
    errors.VersionRequired: "/if_match",
    errors.RoleRequired: "/op",
    errors.NotOffered: "/op",
}
"""The member of a bulk's item that a fault without a place of its own is about."""


def _of_item(
    content: Mapping[str, Any], failed: errors.ItemFailed
) -> list[dict[str, Any]]:
    """The errors of an item of a bulk, with their places in the bulk's body."""
    own: list[dict[str, Any]] = content.get("errors", [])
    if own:
        return [e | {"pointer": f"{failed.place}/body{e['pointer']}"} for e in own]
    fault = failed.fault
    offered = isinstance(fault, errors.NotOffered)
    return [
        {
            "pointer": failed.place + _MEMBER.get(type(fault), ""),
            "code": "not-offered" if offered else _code_of(fault),
            "detail": content.get("detail", content["title"]),
        }
    ]


def _members(fault: errors.Fault) -> dict[str, Any]:
    match fault:
        case errors.Invalid():
            return {"errors": [_body_error(error) for error in fault.errors]}
        case errors.BadQuery():
            detail = f"{fault.detail}: {fault.help}" if fault.help else fault.detail
            return {
                "errors": [
                    {"parameter": fault.parameter, "code": fault.code, "detail": detail}
                ]
            }
        case errors.TenantRequired() if fault.header:
            named = {"parameter": fault.header, "code": "required"}
            return {"errors": [named | {"detail": fault.detail}]}
        case errors.KeyInFlight() | errors.KeyReused():
            named = {"parameter": fault.header, "code": _code_of(fault)}
            return {"errors": [named | {"detail": fault.detail}]}
        case errors.BadHeader():
            named = {"parameter": fault.name, "code": fault.code}
            return {"errors": [named | {"detail": fault.detail}]}
        case errors.UniqueConflict():
            return {
                "errors": [
                    _error(name, "not-unique", fault.detail) for name in fault.fields
                ]
            }
        case errors.UnknownReference() if fault.field:
            return {"errors": [_error(fault.field, "unknown-reference", fault.detail)]}
        case errors.IllegalTransition():
            return {
                "state": fault.state,
                "allowed_states": fault.allowed,
                "errors": [_error("state", "illegal-transition", fault.detail)],
            }
        case errors.GuardUnmet():
            return {"errors": _guard(fault)}
        case errors.InUse():
            count = {} if fault.count is None else {"count": fault.count}
            return ({"entity": fault.entity} if fault.entity else {}) | count
        case errors.RoleRequired():
            return {"roles": fault.roles}
        case _:
            return {}


def _body_error(error: errors.FieldError) -> dict[str, str]:
    place = error.pointer if isinstance(error, BodyError) else _place(error.field)
    return {"pointer": place, "code": error.code, "detail": error.detail}


def _error(field: str, code: str, detail: str) -> dict[str, str]:
    return {"pointer": _place(field), "code": code, "detail": detail}


def _place(field: str) -> str:
    return pointer((field,)) if field else ""


def _guard(fault: errors.GuardUnmet) -> list[dict[str, str]]:
    found = [
        _error(name, "required", f"`{name}` must be set first")
        for name in fault.missing
    ]
    if fault.condition:
        found.append(_error("", "condition", f"`{fault.condition}` must hold"))
    return found


def from_http(scope: Scope, fault: HTTPException) -> Response:
    """The problem for what Starlette or a custom handler raises; headers are kept."""
    if fault.status_code in (204, 304):
        return Response(status_code=fault.status_code, headers=fault.headers)
    fallback = "bad-request" if fault.status_code < 500 else "internal"
    code = _BY_STATUS.get(fault.status_code, fallback)
    kind = KINDS[code]
    stock = {"Not Found", "Method Not Allowed", kind.title}
    detail = fault.detail if isinstance(fault.detail, str) else ""
    headers = dict(fault.headers or {})
    if fault.status_code == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return problem(
        scope,
        code,
        "" if detail in stock else detail,
        status=fault.status_code,
        headers=headers,
    )


async def on_fault(request: Request, fault: Exception) -> Response:
    """Starlette's handler of `Fault`, for custom routers."""
    assert isinstance(fault, errors.Fault)
    return from_fault(request.scope, fault)


async def on_http(request: Request, fault: Exception) -> Response:
    """Starlette's handler of `HTTPException`: unknown paths, custom routers."""
    assert isinstance(fault, HTTPException)
    return from_http(request.scope, fault)


async def on_validation(request: Request, fault: Exception) -> Response:
    """FastAPI's handler of parameters and bodies of custom routers."""
    assert isinstance(fault, RequestValidationError)
    found: list[dict[str, str]] = []
    for error in fault.errors():
        where, *place = error["loc"] or ("body",)
        code, detail = describe(cast("ErrorDetails", error))
        if where == "body":
            if code == "json-invalid":
                return problem(request.scope, "malformed-json")
            found.append({"pointer": pointer(place), "code": code, "detail": detail})
        else:
            name = ".".join(map(str, place))
            found.append({"parameter": name, "code": code, "detail": detail})
    return problem(request.scope, "invalid", errors=found)


def page(code: str) -> dict[str, Any] | None:
    """What `/problems/<code>` tells of a kind of problem."""
    kind = KINDS.get(code)
    if kind is None:
        return None
    return {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
    }
