"""What a request body says, or all that is wrong with it."""

from __future__ import annotations

import json
from typing import Any

from forge.ir.application import Endpoint
from forge.ir.bodies import accepted, demanded
from forge.ir.entities import Entity, Field
from forge.ir.types import Operation
from tests.model.answers import Problem, Row, invalid, told
from tests.model.values import Errors, Refused, read


def body_of(content: Any) -> Any:
    """The JSON value that a request sends. Raises `Problem`."""
    if not isinstance(content, bytes):
        if content is None:
            raise Problem(told(400, "malformed-json"))
        return content
    try:
        return json.loads(content)
    except ValueError:
        raise Problem(told(400, "malformed-json")) from None


def sent(entity: Entity, endpoint: Endpoint, content: Any) -> Row:
    """The values that a body sends, by field. Raises `Problem`."""
    value = body_of(content)
    if not isinstance(value, dict):
        raise invalid(("", "wrong-type"))
    fields = {field.name: field for field in accepted(entity, endpoint)}
    must = set(demanded(entity, endpoint))
    data: Row = {}
    errors: Errors = []
    steps = endpoint.operation is Operation.TRANSITION
    if steps:
        must.add("state")
    for name in sorted(must - value.keys()):
        errors.append((f"/{name}", "required"))
    for name, given in value.items():
        if steps and name == "state":
            errors += _state(given)
            data["state"] = given
        elif name not in fields:
            known = entity.field(name) is not None
            errors.append((f"/{name}", "read-only" if known else "unknown-field"))
        else:
            try:
                data[name] = _meant(fields[name], given, name in must)
            except Refused as fault:
                errors += [(f"/{name}{place}", code) for place, code in fault.errors]
    if errors:
        raise invalid(*errors)
    return data


def _state(given: Any) -> Errors:
    if isinstance(given, str):
        return []
    return [("/state", "null-not-allowed" if given is None else "wrong-type")]


def _meant(field: Field, given: Any, must: bool) -> Any:
    if given is None and not must and not field.required:
        return None
    return read(field, given)
