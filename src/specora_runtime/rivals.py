"""Routes of custom routers that claim a standard path, such as `/tickets/urgent`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope


def rivals(
    routes: Iterable[BaseRoute], templates: Sequence[str]
) -> tuple[BaseRoute, ...]:
    """The routes that may match a request for one of `templates`.

    Only these are tried in front of the standard operations, because trying a route of
    FastAPI's costs as much as answering a request.
    """
    shapes = [template.split("/") for template in templates]
    return tuple(route for route in routes if _claims(route, shapes))


def wins(found: Iterable[BaseRoute], scope: Scope) -> bool:
    """Whether one of the rivals serves the request."""
    return any(route.matches(scope)[0] is Match.FULL for route in found)


def _claims(route: BaseRoute, shapes: Iterable[Sequence[str]]) -> bool:
    if not isinstance(route, Route):
        # Its paths cannot be seen from outside: a mount, or a router inside a router.
        return True
    if ":path}" in route.path:
        return True
    steps = route.path.split("/")
    return any(_overlap(steps, shape) for shape in shapes)


def _overlap(steps: Sequence[str], shape: Sequence[str]) -> bool:
    return len(steps) == len(shape) and all(
        "{" in left or "{" in right or left == right
        for left, right in zip(steps, shape, strict=True)
    )
