"""Every fault as `application/problem+json` (RFC 9457), by one table.

`type` is a relative URI, `/problems/<code>`, under which the service explains the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from .security import Unauthenticated

MEDIA_TYPE: Final = "application/problem+json"


class NotFound(errors.Fault):
    """No record has this key."""

    def __init__(self, entity: str) -> None:
        self.detail = f"no {entity} has this key"
        super().__init__(self.detail)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status and what it means."""

    code: str
    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind("bad-request", 400, "Bad request", "The request cannot be understood."),
        Kind(
            "malformed-json",
            400,
            "Malformed JSON",
            "The body is not one JSON value in UTF-8.",
        ),
        Kind(
            "bad-query",
            400,
            "Bad query string",
            "A query parameter is unknown, repeated or ill-formed; `errors` names it.",
        ),
        Kind(
            "illegal-transition",
            400,
            "Illegal transition",
            "The record cannot go to that state from its present one; "
            "`allowed_states` lists where it can go.",
        ),
        Kind(
            "tenant-required",
            400,
            "Tenant required",
            "The record belongs to a tenant, which the header in `errors` names.",
        ),
        Kind(
            "unauthenticated",
            401,
            "Unauthenticated",
            "The request needs a valid bearer token.",
        ),
        Kind("forbidden", 403, "Forbidden", "The caller's role does not allow this."),
        Kind("not-found", 404, "Not found", "Nothing is at this path."),
        Kind(
            "method-not-allowed",
            405,
            "Method not allowed",
            "`Allow` lists the methods.",
        ),
        Kind(
            "conflict",
            409,
            "Conflict",
            "Another record holds values that may occur once; `errors` names them.",
        ),
        Kind("in-use", 409, "In use", "Other records refer to this one."),
        Kind(
            "stale-version",
            412,
            "Stale version",
            "The record has changed; read it again.",
        ),
        Kind(
            "too-large",
            413,
            "Body too large",
            "The body is over the limit of the service.",
        ),
        Kind(
            "unsupported-media-type", 415, "Unsupported media type", "Bodies are JSON."
        ),
        Kind(
            "invalid",
            422,
            "Invalid values",
            "Values break the contract; `errors` lists each with its place and a code.",
        ),
        Kind(
            "unknown-reference",
            422,
            "Unknown reference",
            "A reference leads to no record.",
        ),
        Kind(
            "guard-unmet",
            422,
            "Guard unmet",
            "The transition is legal, but what it asks for does not hold.",
        ),
        Kind("precondition-required", 428, "Precondition required", "Send `If-Match`."),
        Kind(
            "too-many-requests",
            429,
            "Too many requests",
            "Wait for `Retry-After` seconds.",
        ),
        Kind(
            "internal",
            500,
            "Internal error",
            "The service failed; the fault is recorded.",
        ),
        Kind(
            "not-implemented",
            501,
            "Not implemented",
            "The function that answers this is not written yet.",
        ),
        Kind(
            "unavailable",
            503,
            "Unavailable",
            "The service cannot answer at present; try again after `Retry-After`.",
        ),
    )
}
"""The problems that services answer with, by code."""

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
    sent = dict(headers or {})
    said = any(name.lower() == "retry-after" for name in sent)
    if content["status"] in (429, 503) and not said:
        sent["Retry-After"] = "1"
    return Response(
        msgspec.json.encode(content | members),
        content["status"],
        sent,
        media_type=MEDIA_TYPE,
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
    code = next(
        (_FAULTS[kind] for kind in type(fault).__mro__ if kind in _FAULTS), "internal"
    )
    said = "" if code == "internal" or isinstance(fault, _UNSAID) else str(fault)
    headers = {}
    if isinstance(fault, Unauthenticated):
        error = f' error="{fault.error}"' if fault.error else ""
        headers["WWW-Authenticate"] = f"Bearer{error}"
    status = fault.status if isinstance(fault, errors.RuleBroken) else None
    return problem(scope, code, said, status=status, headers=headers, **_members(fault))


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
