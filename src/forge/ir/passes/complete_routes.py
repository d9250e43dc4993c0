"""Give routes the endpoints they imply, and every endpoint its operation id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from forge.ir.application import Application, Endpoint, Route
from forge.ir.entities import Entity
from forge.ir.relations import relations
from forge.ir.types import Operation

_STATE = re.compile(r"/\{\w+\}/state/?\Z")
_WORDS = re.compile(r"[A-Za-z0-9]+")
_NAME = re.compile(r"\{[^{}]*\}")

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
    Operation.RESTORE: "restore",
    Operation.GRAPH: "graph",
}


_BULK = frozenset({Operation.CREATE, Operation.UPDATE, Operation.DELETE})


def complete_routes(app: Application) -> Application:
    """Complete every route."""
    served: set[str] = set()
    listed = [tuple(_listed(r, app.entity(r.entity))) for r in app.routes]
    taken = {
        (e.method, _shape(route, e.path))
        for route, endpoints in zip(app.routes, listed, strict=True)
        for e in endpoints
    }
    routes = []
    for route, endpoints in zip(app.routes, listed, strict=True):
        implied = (
            endpoint
            for endpoint in _implied(route, app.entity(route.entity), endpoints)
            if (endpoint.method, _shape(route, endpoint.path)) not in taken
        )
        first = route.entity not in served
        routes.append(_named(route, (*endpoints, *implied), first=first))
        served.add(route.entity)
    return _with_graphs(replace(app, routes=tuple(routes)))


def _with_graphs(app: Application) -> Application:
    """The graph around the records that are read and have edges."""
    of = relations(app).of
    taken = {
        (e.method, _shape(route, e.path))
        for route in app.routes
        for e in route.endpoints
    }
    served: set[str] = set()
    routes = []
    for route in app.routes:
        read = route.endpoint(Operation.READ)
        edges = any(one.edge for one in of.get(route.entity, ()))
        path = f"{read.path.rstrip('/')}/graph" if read else ""
        free = ("GET", _shape(route, path)) not in taken
        if read and edges and free and route.global_behaviors.graph:
            first = route.entity not in served
            route = _named(
                route, (*route.endpoints, _graph(route, read, path)), first=first
            )
        served.add(route.entity)
        routes.append(route)
    return replace(app, routes=tuple(routes))


def _graph(route: Route, read: Endpoint, path: str) -> Endpoint:
    noun = route.entity.rpartition("/")[2].replace("_", " ")
    return Endpoint(
        operation=Operation.GRAPH,
        operation_id="",
        method="GET",
        path=path,
        summary=f"What the edges of the {noun} lead to",
        roles=read.roles,
        implied=True,
        origin=read.origin,
    )


def _listed(route: Route, entity: Entity | None) -> Iterator[Endpoint]:
    """What the contract lists or leaves out, and the state endpoint."""
    endpoints = list(route.endpoints)
    if not endpoints:
        endpoints = [
            Endpoint(
                operation=o, operation_id="", method=m, path=p, origin=route.origin
            )
            for o, m, p in STANDARD
        ]
    yield from endpoints
    stateful = entity is not None and entity.state_machine is not None
    taken = any(e.method == "PUT" and _STATE.match(e.path) for e in endpoints)
    if stateful and route.expose_transitions and not taken:
        yield _transition(route, endpoints)


def _implied(
    route: Route, entity: Entity | None, endpoints: Sequence[Endpoint]
) -> Iterator[Endpoint]:
    """What follows from the endpoints of a route, unless it is switched off."""
    wanted, by = route.global_behaviors, {e.operation: e for e in endpoints}
    update, delete = by.get(Operation.UPDATE), by.get(Operation.DELETE)
    if wanted.replace and update and Operation.REPLACE not in by:
        yield replace(
            update,
            operation=Operation.REPLACE,
            method="PUT",
            summary="",
            description="",
            implied=True,
        )
    if wanted.bulk and Operation.BULK not in by and _BULK & by.keys():
        yield Endpoint(
            operation=Operation.BULK,
            operation_id="",
            method="POST",
            path="/bulk",
            implied=True,
            origin=route.origin,
        )
    soft = entity is not None and entity.soft_delete is not None
    if wanted.restore and soft and delete and Operation.RESTORE not in by:
        yield Endpoint(
            operation=Operation.RESTORE,
            operation_id="",
            method="POST",
            path=f"{delete.path}/restore",
            roles=delete.roles,
            implied=True,
            origin=delete.origin,
        )


def _shape(route: Route, path: str) -> str:
    """The path of an endpoint with every name in it as one and the same."""
    return _NAME.sub("{}", f"{route.base_path}/{path.strip('/')}".rstrip("/"))


def _named(route: Route, endpoints: Iterable[Endpoint], *, first: bool) -> Route:
    noun = route.entity.rpartition("/")[2]
    ids = _distinct(_operation_id(route, e, noun, first) for e in endpoints)
    return replace(
        route,
        endpoints=tuple(
            _called(e, key, e.summary or _summary(route, e, noun))
            for e, key in zip(endpoints, ids, strict=True)
        ),
    )


def _called(endpoint: Endpoint, key: str, summary: str) -> Endpoint:
    if (endpoint.operation_id, endpoint.summary) == (key, summary):
        return endpoint
    return replace(endpoint, operation_id=key, summary=summary)


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
    if endpoint.operation is Operation.BULK:
        return f"bulk_{route.name}"
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
    if endpoint.operation is Operation.BULK:
        return f"Write several {route.name.replace('_', ' ')}"
    verb = _VERBS.get(endpoint.operation, endpoint.handler or endpoint.method.lower())
    return f"{verb.replace('_', ' ').capitalize()} {noun.replace('_', ' ')}"
