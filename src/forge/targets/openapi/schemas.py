"""The schemas of an entity: what is answered, and what each operation accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from forge.emit.names import pascal
from forge.ir.application import Endpoint, Route
from forge.ir.bodies import accepted, demanded
from forge.ir.entities import Entity, Field
from forge.ir.types import STRUCTURED, Operation
from forge.targets.openapi import bulks, expansions, patterns, responses, values
from forge.targets.openapi.components import Components
from forge.targets.openapi.expansions import NOTHING
from forge.targets.openapi.values import Schema

_LARGEST: Final = 9.999999999999999e307
"""The greatest float below 10**308, which every store gives back as it is."""

_CREATE: Final = Endpoint(
    operation=Operation.CREATE, operation_id="", method="POST", path="/"
)

JSON_VALUE: Final[Schema] = {
    "description": "Any JSON value whose texts hold no NUL, at most 64 levels deep.",
    "anyOf": [
        {"type": ["null", "boolean"]},
        {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST},
        {"type": "string", "pattern": patterns.NO_NUL},
        {"type": "array", "items": values.JSON_VALUE},
        {
            "type": "object",
            "propertyNames": {"pattern": patterns.NO_NUL},
            "additionalProperties": values.JSON_VALUE,
        },
    ],
}
LINKS: Final[Schema] = {
    "type": "object",
    "description": "Paths of what belongs to the record, by relation.",
    "properties": {
        "self": {"type": "string"},
        "collection": {"type": "string"},
    },
    "required": ["self"],
    "additionalProperties": {"type": "string"},
    "readOnly": True,
}
PART: Final[Schema] = {
    "type": "object",
    "description": "Some fields of a record, where `fields` chooses them.",
    "properties": {"_links": {"$ref": "#/components/schemas/Links"}},
    "required": ["_links"],
}


def entity_name(entity: Entity) -> str:
    """The name of an entity's schemas."""
    return pascal(entity.name) or "Unnamed"


def representation(entity: Entity, components: Components) -> dict[str, str]:
    """A record as the service answers it."""
    known = components.records.get(entity.fqn)
    if known is None:
        known = components.records[entity.fqn] = _record(entity, components)
    return known


def _record(entity: Entity, components: Components) -> dict[str, str]:
    properties = {f.name: values.answer(f) for f in entity.fields if not f.sensitive}
    properties["_links"] = components.schemas.add(LINKS, "Links")
    required = [*properties]
    properties |= expansions.members(components.beside.get(entity.fqn, NOTHING))
    schema = object_of(entity.description, properties, required)
    name = entity_name(entity)
    return components.schemas.add(schema, name, f"{name}Record")


def reading(entity: Entity, components: Components) -> dict[str, Any]:
    """A record as a reader gets it: whole, or with the fields that `fields` chooses."""
    whole = representation(entity, components)
    some = components.schemas.add(PART, "Part")
    shown = [field.name for field in entity.fields if not field.sensitive]
    # What lacks nothing is the record, so that no fault in one passes for a part.
    part: Schema = {
        "allOf": [some],
        "not": {"required": [*shown, "_links"]},
    }
    name = entity_name(entity)
    return {
        "anyOf": [
            whole,
            components.schemas.add(part, f"{name}Part", f"{name}RecordPart"),
        ]
    }


def page(entity: Entity, components: Components) -> dict[str, str]:
    """One page of a list."""
    schema: Schema = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": reading(entity, components)},
            "total": {
                "type": "integer",
                "minimum": 0,
                "description": "How many records there are on all pages; not with `count=none`.",
            },
            "next_cursor": {
                "type": ["string", "null"],
                "description": "What `cursor` is on the next page; null on the last one.",
            },
        },
        "required": ["items", "next_cursor"],
    }
    return components.schemas.add(schema, f"{entity_name(entity)}Page")


def results(entity: Entity, components: Components) -> dict[str, str]:
    """What a bulk answers."""
    components.schemas.add(responses.PROBLEM_ERROR, "ProblemError")
    problem = components.schemas.add(responses.PROBLEM, "Problem")
    record = representation(entity, components)
    result: Schema = {
        "type": "object",
        "properties": {
            "status": {"type": "integer", "minimum": 200, "maximum": 599},
            "body": {"anyOf": [record, problem, {"type": "null"}]},
        },
        "required": ["status", "body"],
    }
    schema: Schema = {
        "type": "object",
        "properties": {"results": {"type": "array", "items": result}},
        "required": ["results"],
    }
    return components.schemas.add(schema, f"{entity_name(entity)}BulkResults")


def _bulk(route: Route, entity: Entity, components: Components) -> Schema:
    """The operations that a bulk may hold: those that the route offers one by one."""
    items = [
        _bulk_item(route, entity, endpoint, components) for endpoint in route.bulk()
    ]
    return bulks.bulk(items, components)


def _bulk_item(
    route: Route, entity: Entity, endpoint: Endpoint, components: Components
) -> Schema:
    properties: dict[str, Any] = {"op": {"const": endpoint.operation.value}}
    required = ["op"]
    if endpoint.operation is not Operation.CREATE:
        properties["id"] = {"type": "string", "description": "The record's key."}
        properties["if_match"] = {"type": "string", "description": "Its `ETag`."}
        required.append("id")
        if route.global_behaviors.if_match_required:
            required.append("if_match")
    body = request(route, entity, endpoint, components)
    if body is not None:
        properties["body"] = body
        required.append("body")
    return bulks.item(properties, required)


def request(
    route: Route, entity: Entity, endpoint: Endpoint, components: Components
) -> dict[str, str] | None:
    """What the body of an operation may hold; `None` where it has none."""
    noun, operation = entity_name(entity), endpoint.operation
    own = f"{pascal(endpoint.operation_id)}Body"
    match operation:
        case Operation.CREATE | Operation.UPDATE | Operation.REPLACE:
            # A bulk asks for the bodies of its operations once more.
            known = components.bodies.get(endpoint.operation_id)
            if known is None:
                schema = _body(entity, endpoint)
                usual = _usual(entity, endpoint, schema) or own
                known = components.schemas.add(schema, usual, own)
                components.bodies[endpoint.operation_id] = known
            return known
        case Operation.TRANSITION:
            usual = f"{noun}StateChange" if not accepted(entity, endpoint) else own
            return components.schemas.add(_state_change(entity, endpoint), usual, own)
        case Operation.BULK:
            schema = _bulk(route, entity, components)
            return components.schemas.add(schema, f"{noun}Bulk", own)
        case _:
            return None


def _usual(entity: Entity, endpoint: Endpoint, schema: Schema) -> str:
    """The name of a body that any operation of its kind has; empty for a narrowed one."""
    noun, operation = entity_name(entity), endpoint.operation
    if operation is Operation.REPLACE and schema == _body(entity, _CREATE):
        return f"{noun}Create"
    if endpoint.request_body is not None or endpoint.fills:
        plain = replace(endpoint, request_body=None, fills=())
        if schema != _body(entity, plain):
            return ""
    return f"{noun}{operation.value.capitalize()}"


def _state_change(entity: Entity, endpoint: Endpoint) -> Schema:
    machine = entity.state_machine
    states = [state.name for state in machine.states] if machine else []
    state = {"type": "string", "enum": states} if states else {"type": "string"}
    body = _body(entity, endpoint)
    properties = {"state": state} | body["properties"]
    required = ["state", *body.get("required", ())]
    return object_of("", properties, required) | {"additionalProperties": False}


def add_json_value(fields: Iterable[Field], components: Components) -> None:
    """Declare the schema of free JSON where a field refers to it."""
    if any(f.type in STRUCTURED or f.items_type in STRUCTURED for f in fields):
        components.schemas.add(JSON_VALUE, "JsonValue")


def _body(entity: Entity, endpoint: Endpoint) -> Schema:
    """The fields that a body holds."""
    fields, must = accepted(entity, endpoint), demanded(entity, endpoint)
    whole = endpoint.operation in (Operation.CREATE, Operation.REPLACE)
    properties = {f.name: _property(f, must, whole) for f in fields}
    required = [f.name for f in fields if f.name in must]
    return object_of(entity.description, properties, required) | {
        "additionalProperties": False
    }


def _property(field: Field, must: frozenset[str], whole: bool) -> Schema:
    schema = values.body(field, nullable=not field.required and field.name not in must)
    if not whole:
        # A change that leaves a field out keeps its value: no default applies.
        schema.pop("default", None)
    return schema


def object_of(
    description: str, properties: dict[str, Any], required: list[str]
) -> Schema:
    schema: Schema = {"type": "object"}
    if description:
        schema["description"] = description
    schema["properties"] = properties
    if required:
        schema["required"] = required
    return schema
