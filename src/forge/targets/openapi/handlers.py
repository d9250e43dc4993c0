"""Operations that functions in `behaviors/` answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from forge.ir.application import Endpoint, Route
from forge.ir.entities import Entity, Field
from forge.ir.handlers import (
    answer_name,
    body_fields,
    body_name,
    changes_record,
    shape_of,
    status_of,
)
from forge.targets.openapi import responses, schemas, values
from forge.targets.openapi.components import Components
from forge.targets.openapi.values import Schema

_BODY: Final = frozenset({400, 413, 415, 422})
_DONE: Final = {
    "fields": "What the operation answers.",
    "entity": "The record.",
    "list": "The records.",
    "message": "What happened.",
    "empty": "It is done.",
}
_MESSAGE: Final[Schema] = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
    "additionalProperties": False,
}


def fields(endpoint: Endpoint) -> Iterable[Field]:
    """The fields that belong to the endpoint alone."""
    body = endpoint.request_body
    return (*(body.fields or () if body else ()), *(endpoint.response.fields or ()))


def request(
    entity: Entity, endpoint: Endpoint, components: Components
) -> dict[str, str] | None:
    """What the body may hold; `None` where there is none."""
    wanted = body_fields(entity, endpoint)
    if wanted is None:
        return None
    schema = schemas.object_of(
        "",
        {f.name: values.body(f, nullable=not f.required) for f in wanted},
        [f.name for f in wanted if f.required and f.default is None],
    )
    return components.schemas.add(
        schema | {"additionalProperties": False}, body_name(endpoint)
    )


def success(
    entity: Entity, endpoint: Endpoint, components: Components
) -> dict[str, Any]:
    """The answer where the function refuses nothing."""
    shape = shape_of(endpoint)
    headers: dict[str, Any] = {}
    schema: Schema | None = None
    match shape:
        case "fields":
            schema = components.schemas.add(_answer(endpoint), answer_name(endpoint))
        case "entity":
            schema = schemas.representation(entity, components)
            headers["ETag"] = components.headers.add(responses.ETAG, "ETag")
            if status_of(endpoint) == 201:
                location = components.headers.add(responses.LOCATION, "Location")
                headers["Location"] = location
        case "list":
            schema = schemas.page(entity, components)
        case "message":
            schema = components.schemas.add(_MESSAGE, "Message", "MessageAnswer")
    return responses.success(_DONE[shape], schema, headers=headers)


def _answer(endpoint: Endpoint) -> Schema:
    answered = endpoint.response.fields or ()
    return schemas.object_of(
        "", {f.name: values.answer(f) for f in answered}, [f.name for f in answered]
    )


def problems(
    route: Route, endpoint: Endpoint, components: Components, *, secured: bool
) -> dict[str, dict[str, str]]:
    """Every problem that the operation can answer with, by status."""
    statuses = {*responses.REFUSALS, 501, 503}
    if endpoint.request_body is not None:
        statuses |= _BODY
    statuses |= {rule.status for rule in endpoint.validation}
    statuses |= {412} if endpoint.method != "GET" else set()
    demands = route.global_behaviors.if_match_required
    statuses |= {428} if demands and changes_record(endpoint) else set()
    # A keyed body is read whole, whether or not the function is given one.
    statuses |= {413} if endpoint.method == "POST" else set()
    statuses |= {401} if secured else set()
    return {
        str(status): responses.problem(status, components)
        for status in sorted(statuses)
    }
