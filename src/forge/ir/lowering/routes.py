"""Routes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forge.contracts.envelope import Contract
from forge.ir.application import (
    Endpoint,
    Fill,
    GlobalBehaviors,
    RequestBody,
    Response,
    Route,
    Validation,
)
from forge.ir.lowering import reading
from forge.ir.lowering.fields import lower_fields
from forge.ir.lowering.sequences import sequence_format
from forge.ir.lowering.workflows import (
    lower_condition,
    lower_effects,
    lower_set_field,
)
from forge.ir.naming import plural
from forge.ir.types import Operation
from forge.source import Mapping, Node, Scalar, Sequence, plain

_ITEM = re.compile(r"/\{\w+\}\Z")
_SEQUENCE = re.compile(r"sequence\((.*)\)\Z", re.DOTALL)
_STATE = re.compile(r"/\{\w+\}/state\Z")
_GRAPH = re.compile(r"/\{\w+\}/graph\Z")
_RESTORE = re.compile(r"/\{\w+\}/restore\Z")


def lower_route(contract: Contract) -> Route:
    """A route with the endpoints that it names."""
    spec = contract.spec
    entity = reading.text(spec, "entity") or ""
    path = reading.text(spec, "base_path") or f"/{plural(entity.rpartition('/')[2])}"
    return Route(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        entity=entity,
        base_path=path.rstrip("/") or "/",
        endpoints=tuple(
            lower_endpoint(contract, node)
            for node in reading.mappings(spec, "endpoints")
        ),
        expose_transitions=reading.flag(spec, "expose_transitions", True),
        global_behaviors=_behaviors(reading.mapping(spec, "global_behaviors")),
        origin=reading.origin(contract),
    )


def _behaviors(node: Mapping | None) -> GlobalBehaviors:
    if node is None:
        return GlobalBehaviors()
    return GlobalBehaviors(
        replace=reading.flag(node, "replace", True),
        bulk=reading.flag(node, "bulk", True),
        restore=reading.flag(node, "restore", True),
        graph=reading.flag(node, "graph", True),
        if_match_required=reading.text(node, "if_match") == "required",
    )


def lower_endpoint(contract: Contract, node: Mapping) -> Endpoint:
    """One endpoint; its `operation_id` is given when the route is completed."""
    method = reading.text(node, "method") or "GET"
    path = reading.text(node, "path") or "/"
    handler = reading.text(node, "handler")
    return Endpoint(
        operation=Operation.CUSTOM if handler else standard_operation(method, path),
        operation_id="",
        method=method,
        path=path,
        summary=reading.prose(node, "summary"),
        description=reading.prose(node, "description"),
        roles=reading.texts(node, "roles"),
        request_body=_request_body(contract, reading.mapping(node, "request_body")),
        validation=tuple(_validation(contract, node)),
        auto_fields=reading.values(node, "auto_fields"),
        fills=tuple(
            lower_fill(contract, name, value, key)
            for name, value, key in reading.entries(node, "auto_fields")
        ),
        side_effects=tuple(
            plain(item) for item in reading.mappings(node, "side_effects")
        ),
        effects=tuple(
            effect
            for item in reading.mappings(node, "side_effects")
            for effect in lower_effects(contract, item)
        ),
        response=_response(contract, reading.mapping(node, "response")),
        hateoas={k: str(v) for k, v in reading.values(node, "hateoas").items()},
        filters=reading.texts(node, "filters") if "filters" in node else None,
        rate_limit=plain(node.get("rate_limit")),
        handler=handler,
        origin=reading.origin(contract, node),
    )


def lower_fill(contract: Contract, name: str, node: Node, key: Scalar) -> Fill:
    """What an endpoint fills a field with: what a side effect sets, or a number."""
    found = lower_set_field(contract, name, node, key)
    sequence = None
    if isinstance(found.value, str) and (number := _SEQUENCE.match(found.value)):
        sequence = sequence_format(number[1])
    return Fill(
        field=name,
        value=None if sequence else found.value,
        keyword=found.keyword,
        expression=found.expression,
        sequence=sequence,
        origin=found.origin,
    )


def standard_operation(method: str, path: str) -> Operation:
    """The standard operation that a method on a path is."""
    if path in ("/", ""):
        found = {"GET": Operation.LIST, "POST": Operation.CREATE}.get(method)
    elif _ITEM.match(path):
        found = {
            "GET": Operation.READ,
            "PATCH": Operation.UPDATE,
            "PUT": Operation.REPLACE,
            "DELETE": Operation.DELETE,
        }.get(method)
    elif _STATE.match(path) and method == "PUT":
        found = Operation.TRANSITION
    elif _GRAPH.match(path) and method == "GET":
        found = Operation.GRAPH
    elif _RESTORE.match(path) and method == "POST":
        found = Operation.RESTORE
    elif path == "/bulk" and method == "POST":
        found = Operation.BULK
    else:
        found = None
    return found or Operation.CUSTOM


def _request_body(contract: Contract, node: Mapping | None) -> RequestBody | None:
    if node is None:
        return None
    return RequestBody(
        required_fields=reading.texts(node, "required_fields"),
        optional_fields=(
            reading.texts(node, "optional_fields")
            if "optional_fields" in node
            else None
        ),
        fields=lower_fields(contract, node, "fields") if "fields" in node else None,
    )


def _response(contract: Contract, node: Mapping | None) -> Response:
    if node is None:
        return Response()
    return Response(
        status=reading.integer(node, "status"),
        shape=reading.text(node, "shape"),
        fields=lower_fields(contract, node, "fields") if "fields" in node else None,
        body_example=plain(node.get("body_example")),
    )


def _validation(contract: Contract, node: Mapping) -> Iterator[Validation]:
    listed = node.get("validation")
    if not isinstance(listed, Sequence):
        return
    for item in listed.items:
        rule = item if isinstance(item, Scalar) else None
        message, field = "", None
        status, code = 422, "rule"
        if isinstance(item, Mapping):
            found = item.get("rule")
            rule = found if isinstance(found, Scalar) else None
            on_fail = reading.mapping(item, "on_fail")
            message = reading.text(item, "message") or ""
            if on_fail is not None:
                message = message or reading.text(on_fail, "message") or ""
                status = reading.integer(on_fail, "status") or status
                code = reading.text(on_fail, "error") or code
            field = reading.text(item, "field")
        condition = lower_condition(contract, rule) if rule is not None else None
        if condition is not None:
            yield Validation(
                condition=condition,
                message=message or f"{condition.text} does not hold",
                field=field,
                status=status,
                code=code,
                origin=reading.origin(contract, item),
            )
