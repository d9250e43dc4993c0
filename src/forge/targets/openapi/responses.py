"""What operations answer: problems, headers and the statuses of each operation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from forge.ir.application import Endpoint, Route
from forge.ir.entities import Entity
from forge.ir.functions import calls_of_endpoint, calls_of_entity
from forge.ir.types import Operation
from forge.ir.workflows import Call, Workflow
from forge.targets.openapi.components import Components
from forge.targets.openapi.expansions import NOTHING
from forge.targets.openapi.values import Schema

PROBLEMS: Final[dict[int, tuple[str, str]]] = {
    400: (
        "BadRequest",
        "The request cannot be understood; `errors` names what is wrong.",
    ),
    401: ("Unauthenticated", "The request needs a valid bearer token."),
    403: ("Forbidden", "The caller's role does not allow this."),
    404: ("NotFound", "No record has this key."),
    409: ("Conflict", "Another record holds the same values, or still needs this one."),
    412: ("StaleVersion", "The record changed since it was read (`If-Match`)."),
    413: ("TooLarge", "The body has more bytes than the service reads."),
    415: ("UnsupportedMediaType", "The body is something other than JSON."),
    422: (
        "Invalid",
        "Values break the contract; `errors` lists each with a JSON pointer.",
    ),
    428: (
        "VersionRequired",
        "The request has to name the record's version: `If-Match`.",
    ),
    429: ("TooManyRequests", "Too many requests; wait for `Retry-After` seconds."),
    501: ("NotImplemented", "The function that answers this is not written yet."),
    503: ("Unavailable", "The service cannot answer at present; try again later."),
}
"""Name and meaning of the answers that are problems, by status."""

_SHOWS = frozenset({Operation.LIST, Operation.READ, Operation.GRAPH})
"""What shows records of other collections as well."""
_OTHER = ("Refused", "A rule of this operation does not hold.")
_BODY = (400, 413, 415, 422)
_STATUSES: Final[dict[Operation, tuple[int, ...]]] = {
    Operation.LIST: (400,),
    Operation.READ: (400, 404),
    Operation.GRAPH: (400, 404),
    Operation.CREATE: (*_BODY, 409),
    Operation.UPDATE: (*_BODY, 404, 409, 412),
    Operation.REPLACE: (*_BODY, 404, 409, 412),
    Operation.DELETE: (400, 404, 409, 412),
    Operation.TRANSITION: (*_BODY, 404, 409, 412),
    Operation.RESTORE: (400, 404, 409, 412, 413, 422),
    Operation.BULK: (*_BODY, 404, 409, 412),
}
"""The problems that each operation can answer with, besides those of access and load."""

ETAG: Final[Schema] = {
    "description": "The version of the record, for `If-Match` and `If-None-Match`.",
    "schema": {"type": "string"},
}
LOCATION: Final[Schema] = {
    "description": "The path of the new record.",
    "schema": {"type": "string", "format": "uri-reference"},
}
LINK: Final[Schema] = {
    "description": "Other pages (RFC 8288): `first`, `next`, and with `offset` `prev` and `last`.",
    "schema": {"type": "string"},
}
RETRY_AFTER: Final[Schema] = {
    "description": "Seconds to wait.",
    "schema": {"type": "integer", "minimum": 0},
}
AUTHENTICATE: Final[Schema] = {
    "description": "The scheme that is wanted: `Bearer`.",
    "schema": {"type": "string"},
}

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "What went wrong, after RFC 9457.",
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Name of the kind of problem; what it means is found there.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/ProblemError"},
        },
        "state": {"type": "string", "description": "The record's present state."},
        "allowed_states": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The states that the record may go to.",
        },
        "roles": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The roles that may do this.",
        },
        "entity": {
            "type": "string",
            "description": "The kind of record that needs it.",
        },
        "count": {"type": "integer", "description": "How many records need it."},
    },
    "required": ["type", "title", "status"],
}
PROBLEM_ERROR: Final[Schema] = {
    "type": "object",
    "description": "One fault, and the place of the body or the parameter that it is about.",
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body."},
        "parameter": {"type": "string", "description": "Name of the parameter."},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["code", "detail"],
}


def problem(status: int, components: Components) -> dict[str, str]:
    """A reference to the answer with a problem of this status."""
    name, meaning = PROBLEMS.get(status, _OTHER)
    if name in components.responses.parts:
        return components.responses.reference(name)
    components.schemas.add(PROBLEM_ERROR, "ProblemError")
    schema = components.schemas.add(PROBLEM, "Problem")
    part: dict[str, Any] = {
        "description": meaning,
        "content": {"application/problem+json": {"schema": schema}},
    }
    if status in (429, 503):
        part["headers"] = {"Retry-After": RETRY_AFTER}
    if status == 401:
        part["headers"] = {"WWW-Authenticate": AUTHENTICATE}
    return components.responses.add(part, name)


def shows_deleted(route: Route, entity: Entity, endpoint: Endpoint) -> Endpoint | None:
    """The endpoint whose callers may see deleted records here, if anybody may."""
    reads = endpoint.operation in (Operation.LIST, Operation.READ)
    if entity.soft_delete is None or not reads:
        return None
    return route.endpoint(Operation.DELETE)


def problems(
    route: Route,
    entity: Entity,
    endpoint: Endpoint,
    components: Components,
    *,
    secured: bool,
) -> dict[str, dict[str, str]]:
    """Every problem that an operation can answer with, by status."""
    statuses = {*_STATUSES[endpoint.operation], 503}
    asked: tuple[Endpoint, ...] = (endpoint,)
    if endpoint.operation is Operation.BULK:
        asked = (endpoint, *route.bulk())
    if endpoint.operation not in (Operation.LIST, Operation.READ):
        statuses |= {rule.status for one in asked for rule in one.validation}
        statuses |= {422} if endpoint.fills or endpoint.effects else set()
    statuses |= _of_functions(entity, endpoint, asked)
    if secured:
        statuses |= {401, 403} if any(one.roles for one in asked) else {401}
        shown = components.beside.get(entity.fqn, NOTHING)
        if endpoint.operation in _SHOWS and shown.guarded:
            statuses.add(403)
        deletes = shows_deleted(route, entity, endpoint)
        if deletes is not None and deletes.roles:
            statuses.add(403)
    if route.global_behaviors.if_match_required and 412 in statuses:
        statuses.add(428)
    if endpoint.operation is Operation.TRANSITION and _guards_roles(
        entity.state_machine
    ):
        statuses.add(403)
    if endpoint.rate_limit is not None:
        statuses.add(429)
    return {str(status): problem(status, components) for status in sorted(statuses)}


REFUSALS: Final = frozenset({400, 403, 404, 409, 422})
"""How functions of the domain's own may refuse."""
_STEPS: Final = {
    Operation.CREATE: "create",
    Operation.UPDATE: "update",
    Operation.REPLACE: "update",
    Operation.DELETE: "delete",
    Operation.RESTORE: "restore",
    Operation.TRANSITION: "transition",
}


def _of_functions(
    entity: Entity, endpoint: Endpoint, asked: tuple[Endpoint, ...]
) -> frozenset[int]:
    """What the hooks and the called functions of a write may answer with."""
    if endpoint.operation is Operation.BULK:
        steps = ["create", "update", "delete"]
    else:
        steps = [_STEPS[endpoint.operation]] if endpoint.operation in _STEPS else []
    machine = entity.state_machine
    effects = [effect for one in asked for effect in one.effects]
    if machine is not None and "transition" in steps:
        effects += [e for entry in machine.side_effects for e in entry.effects]
    called = any(isinstance(effect, Call) for effect in effects)
    hooked = any(hook.partition("_")[2] in steps for hook in entity.hooks)
    if called or hooked:
        return REFUSALS | {501}
    return frozenset({501}) if _computes(entity, asked, steps) else frozenset()


def _computes(
    entity: Entity, asked: tuple[Endpoint, ...], steps: Sequence[str]
) -> bool:
    """Whether an expression calls a function of the domain's own, which may be a stub."""
    found = chain.from_iterable(map(calls_of_endpoint, asked))
    if {"create", "update", "transition"}.intersection(steps):
        found = chain(found, calls_of_entity(entity))
    return next(found, None) is not None


def _guards_roles(workflow: Workflow | None) -> bool:
    return workflow is not None and any(guard.roles for guard in workflow.guards)


def success(
    description: str,
    schema: Schema | None,
    *,
    headers: dict[str, Any] | None = None,
    links: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """An answer that is no problem."""
    part: dict[str, Any] = {"description": description}
    if headers:
        part["headers"] = headers
    if schema is not None:
        part["content"] = {"application/json": {"schema": schema}}
    if links:
        part["links"] = links
    return part
