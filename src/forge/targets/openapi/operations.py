"""One operation of the document: parameters, body and every answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forge.ir.application import Application, Endpoint, Route
from forge.ir.entities import Entity
from forge.ir.handlers import (
    changes_record,
    is_handled,
    path_names,
    status_of,
    takes_record,
)
from forge.ir.types import Operation
from forge.targets.openapi import (
    expansions,
    graphs,
    handlers,
    parameters,
    responses,
    schemas,
)
from forge.targets.openapi.components import Components

_CHANGES = frozenset(
    {Operation.UPDATE, Operation.REPLACE, Operation.TRANSITION, Operation.RESTORE}
)
_KEYED = _CHANGES | {Operation.READ, Operation.GRAPH, Operation.DELETE}
_SHOWING = _CHANGES | {Operation.CREATE}
"""What answers with the record, unless the client prefers not to see it."""
_UNSHOWN = "As wanted, without the record: `Prefer: return=minimal`."
_DONE = {
    Operation.LIST: "One page of records.",
    Operation.CREATE: "The new record.",
    Operation.READ: "The record.",
    Operation.GRAPH: "The record and what is around it.",
    Operation.UPDATE: "The record as it is now.",
    Operation.REPLACE: "The record as it is now.",
    Operation.DELETE: "The record is gone.",
    Operation.TRANSITION: "The record in its new state.",
    Operation.RESTORE: "The record, alive again.",
    Operation.BULK: "What became of each operation, in the order of the request.",
}


@dataclass(frozen=True, slots=True)
class Describer:
    """Describes the operations of an application, filling its components."""

    ir: Application
    components: Components
    filters: parameters.Filters
    secured: bool
    """Whether the application asks callers who they are."""

    def route(self, route: Route, paths: dict[str, dict[str, Any]]) -> None:
        """Add every operation of a route to `paths`."""
        entity = self.ir.entity(route.entity)
        if entity is None:
            return
        schemas.add_json_value(entity.fields, self.components)
        for endpoint in route.endpoints:
            handled = is_handled(endpoint)
            if endpoint.operation is Operation.CUSTOM and not handled:
                continue
            if handled:
                schemas.add_json_value(handlers.fields(endpoint), self.components)
            path = join(route.base_path, endpoint.path)
            item = paths.setdefault(path, {})
            method = endpoint.method.lower()
            item.setdefault(method, self.operation(route, entity, endpoint, path))

    def operation(
        self, route: Route, entity: Entity, endpoint: Endpoint, path: str
    ) -> dict[str, Any]:
        """One operation."""
        described: dict[str, Any] = {
            "operationId": endpoint.operation_id,
            "tags": [route.name],
        }
        if endpoint.summary:
            described["summary"] = endpoint.summary
        if about := self._description(endpoint):
            described["description"] = about
        asked = self._parameters(route, entity, endpoint, path)
        if asked:
            described["parameters"] = asked
        body = (
            handlers.request(entity, endpoint, self.components)
            if is_handled(endpoint)
            else schemas.request(route, entity, endpoint, self.components)
        )
        if body is not None:
            described["requestBody"] = {
                "required": True,
                "content": {kind: {"schema": body} for kind in _media(endpoint)},
            }
        described["responses"] = self._responses(route, entity, endpoint)
        return described

    def _description(self, endpoint: Endpoint) -> str:
        roles = ", ".join(f"`{role}`" for role in endpoint.roles)
        needs = f"Needs one of the roles {roles}." if self.secured and roles else ""
        return "\n\n".join(part for part in (endpoint.description, needs) if part)

    def _parameters(
        self, route: Route, entity: Entity, endpoint: Endpoint, path: str
    ) -> list[dict[str, Any]]:
        names = parameters.names_in(path)
        key = names[-1] if names and endpoint.operation in _KEYED else None
        if is_handled(endpoint) and takes_record(endpoint):
            key = path_names(endpoint)[0]
        found = parameters.path_parameters(path, entity, key)
        section = self.components.parameters
        match endpoint.operation:
            case Operation.CUSTOM:
                if changes_record(endpoint):
                    found.append(self._version(route))
            case Operation.LIST:
                found += self._expand(entity)
                found += self.filters.of(entity, endpoint)
            case Operation.READ:
                found += self._expand(entity)
                found.append(self.filters.fields(entity))
                found.append(section.add(parameters.IF_NONE_MATCH, "If-None-Match"))
            case Operation.GRAPH:
                found += graphs.parameters(self.components)
            case Operation.CREATE | Operation.BULK:
                pass
            case _:
                found.append(self._version(route))
        if endpoint.operation in _SHOWING:
            found.append(section.add(parameters.PREFER, "Prefer"))
        if endpoint.method == "POST":
            found.append(section.add(parameters.IDEMPOTENCY_KEY, "Idempotency-Key"))
        return found + self._sight(route, entity, endpoint)

    def _version(self, route: Route) -> dict[str, Any]:
        """What names the version of the record that is changed."""
        section = self.components.parameters
        if route.global_behaviors.if_match_required:
            return section.add(parameters.IF_MATCH_REQUIRED, "If-Match-required")
        return section.add(parameters.IF_MATCH, "If-Match")

    def _sight(
        self, route: Route, entity: Entity, endpoint: Endpoint
    ) -> list[dict[str, Any]]:
        """What says which records an operation is about."""
        found: list[dict[str, Any]] = []
        section = self.components.parameters
        if responses.shows_deleted(route, entity, endpoint):
            found.append(section.add(parameters.DELETED, "deleted"))
        header = entity.tenant_header
        if header is not None:
            written = endpoint.method != "GET"
            field = entity.field(entity.tenant or "")
            part = parameters.tenant(header, field, required=written)
            found.append(section.add(part, f"{header}.written" if written else header))
        return found

    def _expand(self, entity: Entity) -> list[dict[str, Any]]:
        shown = self.components.beside.get(entity.fqn, expansions.NOTHING)
        if not shown.members:
            return []
        part = expansions.parameter(shown)
        return [self.components.parameters.add(part, f"{entity.name}.expand")]

    def _responses(
        self, route: Route, entity: Entity, endpoint: Endpoint
    ) -> dict[str, Any]:
        operation = endpoint.operation
        if is_handled(endpoint):
            answered = handlers.success(entity, endpoint, self.components)
            refused = handlers.problems(
                route, endpoint, self.components, secured=self.secured
            )
            return {str(status_of(endpoint)): answered} | refused
        default = {Operation.CREATE: 201, Operation.DELETE: 204}.get(operation, 200)
        status = endpoint.response.status or default
        done = self._success(route, entity, endpoint, status)
        example = endpoint.response.body_example
        if example is not None and "content" in done:
            done["content"]["application/json"]["example"] = example
        found: dict[str, Any] = {str(status): done}
        if operation in _SHOWING and operation is not Operation.CREATE:
            headers = {"ETag": self._header("ETag", responses.ETAG)}
            found.setdefault("204", responses.success(_UNSHOWN, None, headers=headers))
        if operation is Operation.READ:
            found["304"] = {
                "description": "The record still has the `ETag` that the request names.",
                "headers": {"ETag": self._header("ETag", responses.ETAG)},
            }
        return found | responses.problems(
            route, entity, endpoint, self.components, secured=self.secured
        )

    def _success(
        self, route: Route, entity: Entity, endpoint: Endpoint, status: int
    ) -> dict[str, Any]:
        operation = endpoint.operation
        done = _DONE[operation]
        if operation is Operation.DELETE:
            return responses.success(done, None)
        if operation is Operation.LIST:
            link = {"Link": self._header("Link", responses.LINK)}
            page = schemas.page(entity, self.components)
            return responses.success(done, page, headers=link)
        if operation is Operation.BULK:
            return responses.success(done, schemas.results(entity, self.components))
        if operation is Operation.GRAPH:
            return responses.success(done, graphs.answer(self.components))
        headers = {"ETag": self._header("ETag", responses.ETAG)}
        links = {}
        if operation is Operation.CREATE:
            headers["Location"] = self._header("Location", responses.LOCATION)
            links = links_to(route, entity)
        if status == 204:
            return responses.success(done, None, headers=headers)
        show = (
            schemas.reading if operation is Operation.READ else schemas.representation
        )
        schema = show(entity, self.components)
        return responses.success(done, schema, headers=headers, links=links)

    def _header(self, name: str, header: dict[str, Any]) -> dict[str, str]:
        return self.components.headers.add(header, name)


def _media(endpoint: Endpoint) -> tuple[str, ...]:
    if endpoint.operation is Operation.UPDATE:
        return "application/json", "application/merge-patch+json"
    return ("application/json",)


def join(base: str, path: str) -> str:
    """The path of an endpoint.

    >>> join("/tickets", "/"), join("/tickets", "/{id}"), join("/", "/{id}")
    ('/tickets', '/tickets/{id}', '/{id}')
    """
    return (base.rstrip("/") + "/" + path.strip("/")).rstrip("/") or "/"


def links_to(route: Route, entity: Entity) -> dict[str, Any]:
    """What a client can do with the record that it has just created."""
    keys = [f for f in map(entity.field, entity.primary_key) if f is not None]
    if not keys or any(key.sensitive for key in keys):
        return {}
    if len(keys) == 1:
        value = f"$response.body#/{keys[0].name}"
    else:
        value = ",".join(f"{{$response.body#/{key.name}}}" for key in keys)
    found = {}
    for endpoint in route.endpoints:
        names = parameters.names_in(join(route.base_path, endpoint.path))
        if endpoint.operation in _KEYED and len(names) == 1:
            found[endpoint.operation_id] = {
                "operationId": endpoint.operation_id,
                "parameters": {f"path.{names[0]}": value},
            }
    return found
