"""What answers have to look like. Every failure shows the request and the answer."""

from __future__ import annotations

from typing import Any

import httpx

MEDIA_TYPE = "application/problem+json"
_SHOWN = 1500


def told(answer: httpx.Response) -> str:
    """The request and the answer, for a failure's message."""
    request = answer.request
    sent = request.content.decode("utf-8", "replace")[:_SHOWN]
    return (
        f"\n{request.method} {request.url}\n{sent}\n"
        f"-> {answer.status_code}\n{answer.text[:_SHOWN]}"
    )


def status(answer: httpx.Response, wanted: int) -> httpx.Response:
    """The answer, which has to have this status."""
    assert answer.status_code == wanted, f"expected {wanted}{told(answer)}"
    return answer


def content(answer: httpx.Response, wanted: int) -> Any:
    """The JSON of an answer of this status."""
    status(answer, wanted)
    kind = answer.headers.get("content-type", "")
    assert kind.startswith("application/json"), f"content type {kind!r}{told(answer)}"
    return answer.json()


def problem(
    answer: httpx.Response,
    wanted: int,
    *,
    pointer: str | None = None,
    parameter: str | None = None,
) -> dict[str, Any]:
    """The problem of an answer (RFC 9457) that points to a place of the body or a parameter."""
    status(answer, wanted)
    kind = answer.headers.get("content-type", "")
    assert kind.startswith(MEDIA_TYPE), f"content type {kind!r}{told(answer)}"
    found: dict[str, Any] = answer.json()
    for member in ("type", "title", "instance"):
        assert isinstance(found.get(member), str), f"no `{member}`{told(answer)}"
    assert found.get("status") == wanted, f"`status` differs{told(answer)}"
    if pointer is not None:
        _points(answer, found, "pointer", pointer)
    if parameter is not None:
        _points(answer, found, "parameter", parameter)
    return found


def _points(
    answer: httpx.Response, found: dict[str, Any], member: str, place: str
) -> None:
    errors = found.get("errors")
    assert isinstance(errors, list), f"no `errors`{told(answer)}"
    assert errors, f"`errors` is empty{told(answer)}"
    for error in errors:
        assert isinstance(error.get("code"), str), (
            f"an error without code{told(answer)}"
        )
        assert isinstance(error.get("detail"), str), f"no detail{told(answer)}"
    places = [str(error.get(member)) for error in errors]
    below = any(one == place or one.startswith(f"{place}/") for one in places)
    assert below, f"nothing points to {place}{told(answer)}"


def escaped(name: str) -> str:
    """`name` as a JSON pointer from the root."""
    return "/" + name.replace("~", "~0").replace("/", "~1")
