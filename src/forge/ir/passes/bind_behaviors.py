"""Find the functions of `behaviors/` that contracts name, and the hooks of each entity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forge.ir.application import Application, Endpoint, Route
from forge.ir.behaviors import HOOKS, Behaviors
from forge.ir.entities import Entity
from forge.ir.functions import OwnFunctions
from forge.ir.passes.bind_expressions import Expressions
from forge.ir.workflows import Call, Effect, Workflow


def bind_behaviors(app: Application) -> Application:
    """Bind handlers, calls and hooks, and what expressions call, where there are any."""
    behaviors = app.behaviors
    if behaviors is None or not behaviors.modules:
        return app
    functions = OwnFunctions(behaviors)
    return replace(
        app,
        entities=tuple(
            Expressions(functions, entity.name).of_entity(_entity(entity, behaviors))
            for entity in app.entities
        ),
        routes=tuple(_route(route, behaviors, functions) for route in app.routes),
    )


def _entity(entity: Entity, behaviors: Behaviors) -> Entity:
    own = behaviors.module(entity.name)
    hooks = tuple(name for name in HOOKS if own and own.function(name))
    machine = entity.state_machine
    if machine is not None and any(
        _calls(entry.effects) for entry in machine.side_effects
    ):
        machine = _workflow(machine, entity.name, behaviors)
    if not hooks and machine is entity.state_machine:
        return entity
    return replace(entity, hooks=hooks, state_machine=machine)


def _workflow(workflow: Workflow, entity: str, behaviors: Behaviors) -> Workflow:
    return replace(
        workflow,
        side_effects=tuple(
            replace(entry, effects=_bound(entry.effects, entity, behaviors))
            for entry in workflow.side_effects
        ),
    )


def _route(route: Route, behaviors: Behaviors, functions: OwnFunctions) -> Route:
    entity = route.entity.rpartition("/")[2]
    expressions = Expressions(functions, entity)
    endpoints = tuple(
        expressions.of_endpoint(_endpoint(e, entity, behaviors))
        for e in route.endpoints
    )
    same = all(e is other for e, other in zip(endpoints, route.endpoints, strict=True))
    return route if same else replace(route, endpoints=endpoints)


def _endpoint(endpoint: Endpoint, entity: str, behaviors: Behaviors) -> Endpoint:
    if not (endpoint.handler or _calls(endpoint.effects)):
        return endpoint
    module = None
    if endpoint.handler:
        module = _module(endpoint.handler, entity, behaviors)
    effects = _bound(endpoint.effects, entity, behaviors)
    return replace(endpoint, handler_module=module, effects=effects)


def _calls(effects: Iterable[Effect]) -> bool:
    return any(isinstance(effect, Call) for effect in effects)


def _bound(
    effects: Iterable[Effect], entity: str, behaviors: Behaviors
) -> tuple[Effect, ...]:
    return tuple(
        replace(effect, module=_module(effect.function, entity, behaviors))
        if isinstance(effect, Call)
        else effect
        for effect in effects
    )


def _module(name: str, entity: str, behaviors: Behaviors) -> str | None:
    """The module of the one function that is meant; `None` where a rule reports why not."""
    found = behaviors.find(name, entity)
    return found[0].module if len(found) == 1 else None
