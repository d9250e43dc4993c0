"""Routes: endpoints with what they want and do."""

from __future__ import annotations

from collections.abc import Iterator

from factory.explanation.page import Row, Section, listed
from factory.explanation.workflows import effects
from forge.ir.application import Application, Endpoint, Route

_HEAD = ("endpoint", "what it does", "who may", "notes")


def route_sections(app: Application, route: Route) -> Iterator[Section]:
    """Everything about one route."""
    served = f"`{route.entity}` at `{route.base_path}`."
    if route.global_behaviors.if_match_required:
        served += " A change has to name the version it is about (`If-Match`)."
    yield Section("Serves", served)
    yield Section(
        "Endpoints", "", _HEAD, tuple(_row(route, e) for e in route.endpoints)
    )


def endpoints_table(app: Application, entity: str) -> Section:
    """How an entity is reached."""
    routes = [route for route in app.routes if route.entity == entity]
    rows = tuple(_row(route, e) for route in routes for e in route.endpoints)
    text = "" if routes else "No route serves it: it is reached through others alone."
    return Section("Endpoints", text, _HEAD, rows)


def _row(route: Route, endpoint: Endpoint) -> Row:
    path = endpoint.path if endpoint.path != "/" else ""
    return (
        f"`{endpoint.method.upper()} {route.base_path}{path}`",
        endpoint.summary or str(endpoint.operation),
        listed(endpoint.roles),
        "; ".join(_notes(endpoint)),
    )


def _notes(endpoint: Endpoint) -> Iterator[str]:
    if endpoint.implied:
        yield "follows from the others"
    if endpoint.handler:
        module = (
            f" in `behaviors/{endpoint.handler_module}.py`"
            if endpoint.handler_module
            else ""
        )
        yield f"answered by `{endpoint.handler}`{module}"
    for rule in endpoint.validation:
        yield f"only if `{rule.condition.text}`"
    yield from effects(endpoint.fills)
    yield from effects(endpoint.effects)
    if endpoint.rate_limit:
        yield f"limited: {endpoint.rate_limit}"
