"""Give routes the endpoints they imply, and every endpoint its operation id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from forge.ir.application import Application, Endpoint, Route
from forge.ir.entities import Entity
from forge.ir.types import Operation

_STATE = re.compile(r"/\{\w+\}/state/?\Z")
_WORDS = re.compile(r"[A-Za-z0-9]+")

STANDARD: tuple[tuple[Operation, str, str], ...] = (
    (Operation.LIST, "GET", "/"),
    (Operation.CREATE, "POST", "/"),
    (Operation.READ, "GET", "/{id}"),
    (Operation.UPDATE, "PATCH", "/{id}"),
    (Operation.DELETE, "DELETE", "/{id}"),
)
"""What a route without a list of endpoints serves."""

_VERBS = {
    Operation.CREATE: "create",
    Operation.READ: "get",
    Operation.UPDATE: "update",
    Operation.REPLACE: "replace",
    Operation.DELETE: "delete",
    Operation.TRANSITION: "transition",
}


def complete_routes(app: Application) -> Application:
    """Complete every route."""
    served: set[str] = set()
    routes = []
    for route in app.routes:
        entity = app.entity(route.entity)
        routes.append(_complete(route, entity, first=route.entity not in served))
        served.add(route.entity)
    return replace(app, routes=tuple(routes))


def _complete(route: Route, entity: Entity | None, *, first: bool) -> Route:
    endpoints = list(route.endpoints)
    if not endpoints:
        endpoints = [
            Endpoint(
                operation=o, operation_id="", method=m, path=p, origin=route.origin
            )
            for o, m, p in STANDARD
        ]
    stateful = entity is not None and entity.state_machine is not None
    taken = any(e.method == "PUT" and _STATE.match(e.path) for e in endpoints)
    if stateful and route.expose_transitions and not taken:
        endpoints.append(_transition(route, endpoints))
    noun = route.entity.rpartition("/")[2]
    ids = _distinct(_operation_id(route, e, noun, first) for e in endpoints)
    return replace(
        route,
        endpoints=tuple(
            replace(e, operation_id=key, summary=e.summary or _summary(route, e, noun))
            for e, key in zip(endpoints, ids, strict=True)
        ),
    )


def _distinct(ids: Iterable[str]) -> Iterator[str]:
    """The ids, the later of two equal ones with a number: one function may answer twice."""
    seen: set[str] = set()
    for wanted in ids:
        found, number = wanted, 2
        while found in seen:
            found, number = f"{wanted}_{number}", number + 1
        seen.add(found)
        yield found


def _transition(route: Route, endpoints: list[Endpoint]) -> Endpoint:
    """The implied state endpoint. Its roles are those of the operation that changes a record."""
    changing = [
        e
        for operation in (Operation.UPDATE, Operation.REPLACE, Operation.CREATE)
        for e in endpoints
        if e.operation is operation
    ]
    return Endpoint(
        operation=Operation.TRANSITION,
        operation_id="",
        method="PUT",
        path="/{id}/state",
        roles=changing[0].roles if changing else (),
        origin=route.origin,
    )


def _operation_id(route: Route, endpoint: Endpoint, noun: str, first: bool) -> str:
    if endpoint.operation is Operation.LIST:
        return f"list_{route.name}"
    suffix = "" if first else f"_in_{route.name}"
    if endpoint.operation is Operation.CUSTOM:
        name = endpoint.handler or "_".join(
            [endpoint.method.lower(), *_WORDS.findall(endpoint.path)]
        )
        return f"{name}_{noun}{suffix}"
    return f"{_VERBS[endpoint.operation]}_{noun}{suffix}"


def _summary(route: Route, endpoint: Endpoint, noun: str) -> str:
    if endpoint.operation is Operation.LIST:
        return f"List {route.name.replace('_', ' ')}"
    verb = _VERBS.get(endpoint.operation, endpoint.handler or endpoint.method.lower())
    return f"{verb.replace('_', ' ').capitalize()} {noun.replace('_', ' ')}"
