"""The document as a value: `plan(ir)` decides everything that `openapi.json` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forge.emit.headers import generated_from
from forge.emit.names import title
from forge.ir.application import Application
from forge.ir.origin import Origin
from forge.ir.types import InfraCategory
from forge.targets.openapi import auth, expansions, graphs, service
from forge.targets.openapi.components import Components
from forge.targets.openapi.operations import Describer
from forge.targets.openapi.parameters import Filters

_GRAMMAR = (
    "Besides the parameters that are listed, a list takes alternatives, "
    "`or[LABEL][field][operator]=value`: of those with one label one must hold. Below a field "
    "that holds an object, `field.key=value` and `field.key[operator]=value` look inside it, "
    "to any depth."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The document and the contracts it follows from."""

    document: dict[str, Any]
    sources: tuple[Origin, ...]


def plan(ir: Application) -> Plan:
    """Describe every operation of an application."""
    components = Components(beside=expansions.beside(ir))
    graphs.declare(ir, components.beside, components)
    paths = describe_routes(ir, components, Filters(ir, components))
    for path, item in describe_service(ir, components).items():
        # A collection at such a path is what the service serves there.
        paths.setdefault(path, item)
    return document(ir, paths, components.document())


def describe_routes(
    ir: Application, components: Components, filters: Filters
) -> dict[str, Any]:
    """The paths of all routes."""
    secured = ir.infra_of(InfraCategory.AUTH) is not None
    describer = Describer(ir, components, filters, secured=secured)
    paths: dict[str, dict[str, Any]] = {}
    for route in ir.routes:
        describer.route(route, paths)
    return paths


def describe_service(ir: Application, components: Components) -> dict[str, Any]:
    """The paths of the service itself."""
    infra = ir.infra_of(InfraCategory.AUTH)
    own = service.describe(ir, components)
    return own if infra is None else own | auth.describe(infra, components)


def document(ir: Application, paths: dict[str, Any], described: dict[str, Any]) -> Plan:
    """The document around its paths and components."""
    infra = ir.infra_of(InfraCategory.AUTH)
    if infra is not None:
        described["securitySchemes"] = auth.SCHEMES
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "x-generated": " ".join(generated_from(*(r.fqn for r in ir.routes))),
        "info": {
            "title": title(ir.domain),
            "version": "1",
            "description": _GRAMMAR,
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "tags": _tags(ir, secured=infra is not None),
        **({"security": auth.REQUIRED} if infra is not None else {}),
        "paths": paths,
        "components": described,
    }
    origins = [*(r.origin for r in ir.routes), *(e.origin for e in ir.entities)]
    return Plan(whole, tuple(origins))


def _tags(ir: Application, *, secured: bool) -> list[dict[str, str]]:
    tags = []
    for route in ir.routes:
        tag = {"name": route.name}
        if route.description:
            tag["description"] = route.description
        tags.append(tag)
    if secured:
        tags.append({"name": auth.TAG, "description": "Tokens."})
    return [*tags, {"name": service.TAG, "description": "The service itself."}]
