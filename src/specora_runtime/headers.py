"""The headers of a request by name, for those that every request is asked for."""

from __future__ import annotations

from starlette.types import Scope


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers by their names in lower case; of several with one name, the first.

    A dictionary is made once for a request: going through a list for each of the names
    that a write asks for costs more than anything else that is done with headers.
    """
    found: dict[bytes, bytes] | None = scope.get("specora.headers")
    if found is None:
        found = scope["specora.headers"] = dict(reversed(list(scope["headers"])))
    return found


def header(scope: Scope, name: bytes) -> str | None:
    """The first header called `name`, which is written in lower case."""
    value = headers_of(scope).get(name)
    return None if value is None else value.decode("latin-1")
