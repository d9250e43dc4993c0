"""What the contracts ask for that the generated backend does not do.

What no target does, `contract/not-carried-out` reports; here is what stands at an endpoint to
which it means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.diagnostics import Diagnostic, ordered
from forge.ir.application import Application, Endpoint
from forge.ir.entities import Entity
from forge.ir.types import Operation
from forge.ir.workflows import SetField
from forge.targets.fastapi_prod.rules import not_carried_out

_BODIES = frozenset(
    {Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.TRANSITION}
)
_WRITES = _BODIES | {Operation.DELETE}
_AT_HOME = {
    "filters": frozenset({Operation.LIST}),
    "validation": _WRITES,
    "auto_fields": _WRITES,
    "side_effects": _WRITES,
    "request_body": _BODIES,
}
"""The operations to which a key means something."""


def unsupported(ir: Application) -> tuple[Diagnostic, ...]:
    """A warning for each, by place."""
    return ordered(_of_routes(ir))


def _of_routes(ir: Application) -> Iterator[Diagnostic]:
    for route in ir.routes:
        entity = ir.entity(route.entity)
        for endpoint in route.endpoints:
            if endpoint.implied:
                continue
            custom = endpoint.operation is Operation.CUSTOM
            asked = _asked_of_handler(endpoint) if custom else _asked(endpoint, entity)
            for key, what in asked:
                yield not_carried_out.RULE.at(endpoint.origin.key_at(key), what=what)


_BESIDE_HANDLERS = ("auto_fields", "side_effects", "filters")
"""What a function does by itself, where an endpoint has one."""


def _asked_of_handler(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """Keys that mean nothing where a function answers."""
    for key in _BESIDE_HANDLERS:
        if getattr(endpoint, key):
            yield key, f"`{key}` beside a `handler`, whose function does that itself"


def _asked(endpoint: Endpoint, entity: Entity | None) -> Iterator[tuple[str, str]]:
    """Keys of a standard endpoint without effect, and what they stand for."""
    for key, operations in _AT_HOME.items():
        if getattr(endpoint, key) and endpoint.operation not in operations:
            yield key, f"`{key}` of `{endpoint.method} {endpoint.path}`"
    request = endpoint.request_body
    if request is not None and request.fields is not None:
        yield "request_body", "`fields` of a standard endpoint's body"
    if any(
        effect.get("trigger") not in (None, "after_save")
        for effect in endpoint.side_effects
    ):
        yield (
            "side_effects",
            "`trigger` of a side effect, which is stored with the record",
        )
    if endpoint.operation is Operation.DELETE:
        yield from _asked_of_delete(endpoint, entity)


def _asked_of_delete(
    endpoint: Endpoint, entity: Entity | None
) -> Iterator[tuple[str, str]]:
    if endpoint.response.shape == "message":
        yield "response", "the shape `message` of a delete"
    if entity is None or entity.soft_delete is not None:
        return
    for key, sets in (
        ("auto_fields", endpoint.fills),
        ("side_effects", [e for e in endpoint.effects if isinstance(e, SetField)]),
    ):
        if sets:
            yield key, "fields that a delete sets, whose record is gone"
