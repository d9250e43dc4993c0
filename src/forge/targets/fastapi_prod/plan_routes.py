"""`routes_<route>.py`: what a collection offers, to whom, under which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forge.emit import Code, names
from forge.emit.literals import name, py
from forge.ir.application import Application, Endpoint, Route
from forge.ir.bodies import fills
from forge.ir.entities import Entity, Field
from forge.ir.handlers import body_fields, is_handled, shape_of, status_of
from forge.ir.origin import Origin
from forge.ir.types import Operation
from forge.targets.fastapi_prod.docstrings import Docstring, docstring
from forge.targets.fastapi_prod.plan_behaviors import (
    answer_key,
    behavior_modules,
    use_behavior,
)
from forge.targets.fastapi_prod.plan_effects import Effects
from forge.targets.fastapi_prod.plan_functions import (
    Function,
    Functions,
    value_types,
)
from forge.targets.fastapi_prod.plan_names import (
    EntityNames,
    Taken,
    constants_of,
    snake,
)
from forge.targets.fastapi_prod.printing import (
    Import,
    Imports,
    call,
    member,
    sequence,
)

RUNTIME = "backend.runtime.operations"

CLASSES = {
    Operation.LIST: "List",
    Operation.CREATE: "Create",
    Operation.READ: "Read",
    Operation.UPDATE: "Update",
    Operation.REPLACE: "Replace",
    Operation.DELETE: "Delete",
    Operation.TRANSITION: "Transition",
    Operation.BULK: "Bulk",
    Operation.RESTORE: "Restore",
    Operation.GRAPH: "Graph",
}
_STATUS = {Operation.CREATE: 201, Operation.DELETE: 204}
_WRITES = frozenset(CLASSES) - {
    Operation.LIST,
    Operation.READ,
    Operation.GRAPH,
    Operation.BULK,
    Operation.RESTORE,
}


@dataclass(frozen=True, slots=True)
class RouteModule:
    """One module `routes_<route>.py` by its name, with all that its text follows from."""

    module: str
    constant: str
    route: Route
    entity: Entity
    own: EntityNames
    bodies: dict[str, str]
    """The models of those operations that have one of their own."""

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The contracts it comes from."""
        return self.route.origin, self.entity.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """What stands in one module `routes_<route>.py`."""

    imports: tuple[Import, ...]
    functions: tuple[Function, ...]
    constant: Code
    doc: Docstring
    path: str
    entity: Code
    repository: Code
    operations: tuple[Code, ...]
    if_match_required: bool


def plan_routes(
    ir: Application, names: Mapping[str, EntityNames], bodies: Mapping[str, str]
) -> tuple[RouteModule, ...]:
    """The modules of every route, in the order of their FQNs.

    `bodies` names the model of each operation that has one of its own.
    """
    constants, modules = constants_of(names.values()), Taken()
    found = []
    for route in ir.routes:
        entity = ir.entity(route.entity)
        if entity is not None:
            module = modules.claim(f"routes_{snake(route.name)}")
            constant = _constant(route, constants)
            ids = [e.operation_id for e in route.endpoints]
            ids += [answer_key(e) for e in route.endpoints if is_handled(e)]
            own = {key: bodies[key] for key in ids if key in bodies}
            found.append(
                RouteModule(module, constant, route, entity, names[entity.fqn], own)
            )
    return tuple(found)


def plan_route(
    constant: str,
    route: Route,
    entity: Entity,
    own: EntityNames,
    bodies: Mapping[str, str],
) -> RoutePlan:
    """What stands in the module of a route."""
    return _Planner(route, entity, own, bodies).plan(constant)


def _constant(route: Route, constants: Taken) -> str:
    wanted = names.constant(route.name) or "UNNAMED"
    return constants.claim(wanted, f"{wanted}_COLLECTION")


def _doc(route: Route) -> Docstring:
    about = docstring(route.description, indent=0)
    return (
        about
        or docstring(f"Operations on {route.base_path}.", indent=0)
        or Docstring(Code())
    )


class _Planner:
    def __init__(
        self, route: Route, entity: Entity, own: EntityNames, bodies: Mapping[str, str]
    ) -> None:
        self.route = route
        self.entity = entity
        self.own = own
        self.bodies = bodies
        self.imports = Imports()
        self.functions = Functions(self.imports, Taken({"ops", "own", own.accessor}))
        self.found: list[Function] = []

    def plan(self, constant: str) -> RoutePlan:
        """The module."""
        use = self.imports.use
        operations = tuple(
            self._operation(endpoint)
            if endpoint.operation in CLASSES
            else self._handler(endpoint)
            for endpoint in self.route.endpoints
            if endpoint.operation in CLASSES or endpoint.handler_module
        )
        use(RUNTIME, "Collection")
        entity = Code(use("backend.entities", self.own.constant))
        repository = Code(use("backend.repositories.base", self.own.accessor))
        return RoutePlan(
            imports=self.imports.of(
                "backend",
                *behavior_modules(self.route),
                "backend.entities",
                "backend.models",
                "backend.repositories.base",
                "backend.runtime",
                "backend.runtime.entity",
                RUNTIME,
                "backend.runtime.uuid7",
            ),
            functions=tuple(self.found),
            constant=name(constant),
            doc=_doc(self.route),
            path=self.route.base_path.rstrip("/"),
            entity=entity,
            repository=repository,
            operations=operations,
            if_match_required=self.route.global_behaviors.if_match_required,
        )

    def _operation(self, endpoint: Endpoint) -> Code:
        kind = endpoint.operation
        status = endpoint.response.status
        usual = _STATUS.get(kind, 200)
        return call(
            self.imports.use(RUNTIME, CLASSES[kind]),
            py(endpoint.operation_id),
            body=self._body(endpoint),
            roles=py(endpoint.roles) if endpoint.roles else None,
            **(self._besides(endpoint) if kind in _WRITES else {}),
            filters=self._filters(endpoint) if kind is Operation.LIST else None,
            status=None if status in (None, usual) else py(status),
        )

    def _handler(self, endpoint: Endpoint) -> Code:
        """An operation that a function in `behaviors/` answers."""
        status, shape = status_of(endpoint), shape_of(endpoint)
        tail = endpoint.path.strip("/")
        self.imports.use(RUNTIME, "Shape")
        return call(
            self.imports.use(RUNTIME, "Handler"),
            py(endpoint.operation_id),
            verb=py(endpoint.method),
            path=py(f"/{tail}" if tail else ""),
            function=use_behavior(
                self.imports, endpoint.handler_module or "", endpoint.handler or ""
            ),
            body=self._model(endpoint.operation_id),
            shape=None if shape == "empty" else member("Shape", shape.upper()),
            answer=self._model(answer_key(endpoint)),
            roles=py(endpoint.roles) if endpoint.roles else None,
            validation=self._rules(endpoint),
            status=None if status == 200 else py(status),
        )

    def _model(self, key: str) -> Code | None:
        model = self.bodies.get(key)
        return (
            None if model is None else Code(self.imports.use("backend.models", model))
        )

    def _filters(self, endpoint: Endpoint) -> Code | None:
        return None if endpoint.filters is None else py(endpoint.filters)

    def _besides(self, endpoint: Endpoint) -> dict[str, Code | None]:
        """What a write asks of its values, fills itself and sets off."""
        about = endpoint.operation_id
        printer = Effects(self.entity, self.functions, self.found, about)
        filled = tuple(printer.of(fills(self.entity, endpoint)))
        effects = tuple(printer.of(endpoint.effects))
        return {
            "validation": self._rules(endpoint),
            "fills": sequence(filled) if filled else None,
            "effects": sequence(effects) if effects else None,
        }

    def _body(self, endpoint: Endpoint) -> Code | None:
        usual = {
            Operation.CREATE: self.own.create,
            Operation.UPDATE: self.own.update,
            Operation.REPLACE: self.own.create,
        }
        model = self.bodies.get(endpoint.operation_id, usual.get(endpoint.operation))
        if model is None:
            return None
        return Code(self.imports.use("backend.models", model))

    def _own_body(self, endpoint: Endpoint) -> tuple[Field, ...]:
        handled = is_handled(endpoint)
        return (body_fields(self.entity, endpoint) or ()) if handled else ()

    def _rules(self, endpoint: Endpoint) -> Code | None:
        codes = []
        for rule in endpoint.validation:
            if rule.condition.expression is None:
                continue
            self.imports.use(RUNTIME, "Rule")
            about = (
                f"{endpoint.operation_id}_{snake(rule.field) if rule.field else 'rule'}"
            )
            types = value_types(self.entity, self._own_body(endpoint))
            function = self.functions.over(about, types, rule.condition.expression)
            self.found.append(function)
            codes.append(
                call(
                    "Rule",
                    function.name,
                    py(rule.message),
                    field=py(rule.field) if rule.field else None,
                    status=None if rule.status == 422 else py(rule.status),
                    code=None if rule.code == "rule" else py(rule.code),
                )
            )
        return sequence(codes) if codes else None
