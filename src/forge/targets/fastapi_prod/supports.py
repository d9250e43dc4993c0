"""What the contracts ask for that the generated backend does not do."""

from __future__ import annotations

from collections.abc import Iterator

from forge.diagnostics import Diagnostic, ordered
from forge.ir.application import Application, Endpoint
from forge.ir.entities import Entity
from forge.ir.types import Operation
from forge.ir.workflows import Call, Workflow
from forge.targets.fastapi_prod.rules import not_carried_out


def unsupported(ir: Application) -> tuple[Diagnostic, ...]:
    """A warning for each, by place."""
    return ordered((*_of_routes(ir), *_of_workflows(ir)))


def _of_routes(ir: Application) -> Iterator[Diagnostic]:
    for route in ir.routes:
        entity = ir.entity(route.entity)
        for endpoint in route.endpoints:
            for key, what in _asked(endpoint, entity):
                yield not_carried_out.RULE.at(endpoint.origin.key_at(key), what=what)


def _asked(endpoint: Endpoint, entity: Entity | None) -> Iterator[tuple[str, str]]:
    """Keys of an endpoint without effect, and what they stand for."""
    if endpoint.operation is Operation.CUSTOM:
        yield "method", f"`{endpoint.method} {endpoint.path}`"
    if endpoint.side_effects:
        yield "side_effects", "`side_effects` of an endpoint"
    if endpoint.filters is not None:
        yield "filters", "`filters` of a list"
    if endpoint.hateoas:
        yield "hateoas", "`hateoas`: the links follow from references and transitions"
    if any((rule.status, rule.code) != (422, "rule") for rule in endpoint.validation):
        yield "validation", "`status` and `error` of `on_fail`"
    if endpoint.operation is Operation.TRANSITION and _beyond_state(endpoint):
        yield "request_body", "fields besides `state` in the body of a transition"
    for name in endpoint.auto_fields:
        field = entity.field(name) if entity is not None else None
        if field is not None and field.settable:
            yield "auto_fields", f"`auto_fields` for `{name}`"


def _beyond_state(endpoint: Endpoint) -> bool:
    request = endpoint.request_body
    if request is None:
        return False
    named = {*request.required_fields, *(request.optional_fields or ())}
    return bool(request.fields) or not named <= {"state"}


def _of_workflows(ir: Application) -> Iterator[Diagnostic]:
    used = {
        e.state_machine.fqn: e.state_machine for e in ir.entities if e.state_machine
    }
    for workflow in used.values():
        for call in _calls(workflow):
            yield not_carried_out.RULE.at(
                call.origin.span, what=f"the call of `{call.function}`"
            )


def _calls(workflow: Workflow) -> Iterator[Call]:
    for entry in workflow.side_effects:
        yield from (effect for effect in entry.effects if isinstance(effect, Call))
