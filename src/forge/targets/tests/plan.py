"""What the generated tests consist of: a declaration for each route, and the tests it gets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forge.emit.memo import Slice, memo, slices
from forge.emit.sql_names import unique_keys, within_tenant
from forge.ir.application import Application, Route
from forge.ir.entities import Entity
from forge.ir.origin import Origin
from forge.ir.relations import Ends, relations, serving
from forge.ir.types import InfraCategory, Operation
from forge.targets.tests.kit import declarations as kit
from forge.targets.tests.plan_fields import (
    plan_fields,
    plan_operation,
    unmet_rule,
    without_refused,
)
from forge.targets.tests.plan_workflows import plan_workflow

_WORDS = re.compile(r"[A-Za-z0-9]+")
_PARAMETER = re.compile(r"\{[^{}]*\}")
_RESERVED_MODULES = frozenset({"service"})
_DEFAULT_BODY = 1024 * 1024
_OFF = ("false", "0", "no", "off")
_PLACEHOLDER = "a-value-that-only-tests-use-0123456789"
_PLACEHOLDERS = {
    "APP_ENV": "development",
    "AUTH_ENABLED": "true",
    "AUTH_PROVIDER": "jwt",
    "AUTH_TOKEN_EXPIRE_MINUTES": "60",
    "CORS_ORIGINS": "*",
    "DATABASE_BACKEND": "memory",
    "DATABASE_URL": "postgresql://nobody@localhost/unused",
    "DRAIN_SECONDS": "0",
    "HOST": "127.0.0.1",
    "LOG_LEVEL": "error",
    "MAX_BODY_BYTES": str(_DEFAULT_BODY),
    "PORT": "8000",
    "SPECORA_HEALER_URL": "http://127.0.0.1:9",
}
"""Values of variables that have a form, where a contract requires them."""


_SUITES: tuple[tuple[str, tuple[Operation, ...]], ...] = (
    ("Creating", (Operation.CREATE,)),
    ("Refusing", (Operation.CREATE,)),
    ("Referring", (Operation.CREATE,)),
    ("Repeating", (Operation.CREATE,)),
    ("Reading", (Operation.READ, Operation.CREATE)),
    ("Listing", (Operation.LIST,)),
    ("Filtering", (Operation.LIST,)),
    ("Expanding", (Operation.LIST, Operation.READ)),
    ("Graph", (Operation.GRAPH,)),
    ("Updating", (Operation.UPDATE,)),
    ("Replacing", (Operation.REPLACE,)),
    ("Transitions", (Operation.TRANSITION,)),
    ("Deleting", (Operation.DELETE,)),
    ("Bulk", (Operation.BULK,)),
    ("Protocol", ()),
)
"""Tests, and the operations of which a route has to offer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the tests of one route depend on besides its entity and those it refers to."""

    untestable: str
    """Why no record can be created, empty where one can."""
    creators: tuple[tuple[str, str], ...]
    """Entities that it refers to, with the module whose route creates their records."""
    readers: tuple[str, ...]
    """Entities that it refers to and that some route reads."""
    ends: tuple[Ends, ...]
    """What its references are called, where tests can look from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePlan:
    """One module `test_<route>.py`, and all that its text follows from."""

    module: str
    fqns: tuple[str, ...]
    origins: tuple[Origin, ...]
    route: Route
    piece: Slice
    surroundings: Surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The package `tests`."""

    domain: str
    origins: tuple[Origin, ...]
    service: kit.Service
    modules: tuple[ModulePlan, ...]


def plan(ir: Application) -> Plan:
    """Decide everything."""
    planner = _Planner(ir)
    return Plan(
        domain=ir.domain,
        origins=tuple(route.origin for route in ir.routes),
        service=_service(ir),
        modules=tuple(planner.modules()),
    )


def _service(ir: Application) -> kit.Service:
    auth = ir.infra_of(InfraCategory.AUTH)
    variables = {v.name: v for infra in reversed(ir.infra) for v in infra.env_vars}
    defaults = {name: v.default or "" for name, v in variables.items()}
    environment = {
        name: _PLACEHOLDERS.get(name, _PLACEHOLDER)
        for name, variable in sorted(variables.items())
        if variable.required and not variable.default
    }
    if auth is not None and auth.config.get("provider") == "external":
        # Nobody here can issue the tokens that such a service asks for.
        environment["AUTH_ENABLED"] = "false"
    return kit.Service(
        domain=ir.domain,
        roles=tuple(map(str, auth.config.get("roles") or ())) if auth else (),
        has_auth=auth is not None,
        auth_enabled=defaults.get("AUTH_ENABLED", "").lower() not in _OFF,
        max_body_bytes=int(defaults.get("MAX_BODY_BYTES") or _DEFAULT_BODY),
        environment=environment,
    )


class _Planner:
    def __init__(self, ir: Application) -> None:
        self.ir = ir
        self.pieces = {piece.entities[0].fqn: piece for piece in slices(ir)}
        self.names = _module_names(ir.routes)
        self.creators: dict[str, Route] = {}
        self.readers = serving(ir)
        self.ends = relations(ir).ends
        for route in ir.routes:
            if route.endpoint(Operation.CREATE) is not None:
                self.creators.setdefault(route.entity, route)
        self.untestable = self._untestable()

    def modules(self) -> Iterable[ModulePlan]:
        """One module for each route whose entity exists."""
        for route in self.ir.routes:
            entity = self.ir.entity(route.entity)
            if entity is not None:
                yield ModulePlan(
                    module=self.names[route.fqn],
                    fqns=(route.fqn, entity.fqn),
                    origins=(route.origin, entity.origin),
                    route=route,
                    piece=self.pieces[entity.fqn],
                    surroundings=self._surroundings(route, entity),
                )

    def _surroundings(self, route: Route, entity: Entity) -> Surroundings:
        targets = dict.fromkeys(key.entity for key in entity.all_foreign_keys())
        return Surroundings(
            untestable=self.untestable[entity.fqn],
            creators=tuple(
                (fqn, self.names[self.creators[fqn].fqn])
                for fqn in targets
                if fqn in self.creators
            ),
            readers=tuple(fqn for fqn in targets if fqn in self.readers),
            ends=tuple(self._ends(route, entity)),
        )

    def _ends(self, route: Route, entity: Entity) -> Iterable[Ends]:
        """The names of references; what is shown has to be what the tests read."""
        keys = entity.all_foreign_keys()
        for key, end in zip(keys, self.ends[entity.fqn], strict=True):
            creator = self.creators.get(key.entity)
            known = creator is not None and creator is self.readers.get(key.entity)
            shows = known and bool(end.expand)
            listed = known and self.readers.get(entity.fqn) is route
            yield replace(
                end,
                expand=end.expand if known else "",
                inverse=end.inverse if listed else "",
                edge=end.edge if shows else "",
                reversed=end.reversed and shows and bool(end.edge),
            )

    def _untestable(self) -> dict[str, str]:
        """Why no record of an entity can be created, empty where one can."""
        prospects = {fqn: memo(_prospects, one) for fqn, one in self.pieces.items()}
        found = {fqn: hindrance for fqn, (hindrance, _) in prospects.items()}
        needs = {
            fqn: set(n) for fqn, (hindrance, n) in prospects.items() if not hindrance
        }
        possible: set[str] = set()
        users: dict[str, list[str]] = {}
        for fqn, targets in needs.items():
            for target in targets:
                users.setdefault(target, []).append(fqn)
        ready = [fqn for fqn, targets in needs.items() if not targets]
        while ready:
            fqn = ready.pop()
            possible.add(fqn)
            for user in users.get(fqn, ()):
                needs[user].discard(fqn)
                if not needs[user]:
                    ready.append(user)
        for fqn in needs:
            if fqn not in possible:
                names = ", ".join(
                    sorted(f"`{n.rpartition('/')[2]}`" for n in needs[fqn])
                )
                found[fqn] = (
                    f"it needs a record of {names}, which cannot be created first"
                )
        return found


def _prospects(piece: Slice) -> tuple[str, list[str]]:
    """What keeps the tests from creating a record, and the entities it has to refer to."""
    (entity,) = piece.entities
    created = (route.endpoint(Operation.CREATE) for route in piece.routes)
    endpoint = next((one for one in created if one is not None), None)
    if endpoint is None:
        return f"no route creates records of `{entity.name}`", []
    fields = plan_fields(entity, piece)
    for field in fields.values():
        if field.untestable and (field.demanded or field.computed):
            return field.untestable, []
    request = endpoint.request_body
    required = request.required_fields if request else ()
    needed = {
        key.entity
        for key in entity.all_foreign_keys()
        if any(
            fields[n].demanded or n in required or n == entity.tenant
            for n in key.fields
        )
    }
    return "", sorted(needed)


def plan_suites(route: Route, piece: Slice) -> Iterable[str]:
    """The tests that a route gets."""
    for suite, wanted in _SUITES:
        if not wanted or any(route.endpoint(kind) for kind in wanted):
            yield suite
    if piece.entities[0].search and route.endpoint(Operation.LIST):
        yield "Searching"
    if piece.entities[0].soft_delete is not None:
        yield "Restoring"
    if piece.entities[0].tenant is not None:
        yield "Separating"
    if piece.infra_of(InfraCategory.AUTH) is not None:
        yield "Access"


def plan_resource(
    route: Route, piece: Slice, surroundings: Surroundings
) -> kit.Resource:
    """The declaration of a route."""
    (entity,) = piece.entities
    fields = without_refused(plan_fields(entity, piece), route)
    operations = {
        kind.value: plan_operation(route, kind, entity, fields)
        for kind in Operation
        if kind is not Operation.CUSTOM
    }
    untestable = surroundings.untestable or unmet_rule(route, entity, fields)
    create = operations["create"]
    if not untestable and (create is None or create.status == 204):
        untestable = f"{route.base_path} creates no records, or shows none of them"
    return kit.Resource(
        entity=entity.name,
        path=route.base_path,
        fields=tuple(fields.values()),
        key=entity.primary_key,
        references=tuple(_references(entity, piece, surroundings)),
        unique=tuple(within_tenant(entity, key) for key in unique_keys(entity)),
        search=entity.search,
        soft_delete=entity.soft_delete or "",
        tenant=entity.tenant or "",
        tenant_header=entity.tenant_header or "",
        workflow=plan_workflow(entity, fields),
        handlers=tuple(_handlers(route)),
        if_match_required=route.global_behaviors.if_match_required,
        untestable=untestable,
        **operations,
    )


def _handlers(route: Route) -> Iterable[str]:
    for endpoint in route.endpoints:
        if endpoint.operation is Operation.CUSTOM:
            path = _PARAMETER.sub("{}", endpoint.path.rstrip("/"))
            yield f"{endpoint.method} {path}"


def _references(
    entity: Entity, piece: Slice, surroundings: Surroundings
) -> Iterable[kit.Reference]:
    creators = dict(surroundings.creators)
    for key, end in zip(entity.all_foreign_keys(), surroundings.ends, strict=True):
        target = piece.entity(key.entity)
        if target is None:
            continue
        shown = not _sensitive(target, key.references)
        linked = (
            target.fqn in surroundings.readers
            and sorted(key.references) == sorted(target.primary_key)
            and not _sensitive(entity, key.fields)
        )
        yield kit.Reference(
            key.fields,
            creators.get(key.entity, "") if shown else "",
            target_fields=key.references,
            on_delete=key.on_delete.value,
            link=end.link if linked else "",
            expand=end.expand,
            inverse=end.inverse,
            edge=end.edge,
            reversed=end.reversed,
        )


def _sensitive(entity: Entity, names: Iterable[str]) -> bool:
    fields = map(entity.field, names)
    return any(field is not None and field.sensitive for field in fields)


def _module_names(routes: Iterable[Route]) -> Mapping[str, str]:
    """What follows `test_` in the name of each route's module."""
    taken = set(_RESERVED_MODULES)
    found: dict[str, str] = {}
    for route in routes:
        stem = "_".join(_WORDS.findall(route.name)).lower() or "unnamed"
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        found[route.fqn] = name
    return found
