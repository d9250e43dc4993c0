"""`bindings.py` and `context.py`: which functions of `behaviors/` run, and what they are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import name
from forge.ir.application import Application, Endpoint, Route
from forge.ir.workflows import Call
from forge.targets.fastapi_prod.plan_names import EntityNames
from forge.targets.fastapi_prod.printing import Import, Imports

PACKAGE = "backend.behaviors"


@dataclass(frozen=True, slots=True)
class Named:
    """A function under the name by which it is asked for."""

    key: str
    function: Code


@dataclass(frozen=True, slots=True)
class Hook:
    """A function around a write."""

    name: Code
    function: Code


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as the context offers it."""

    name: Code
    interface: Code
    accessor: Code


@dataclass(frozen=True, slots=True)
class HooksPlan:
    """The hooks of one entity."""

    entity: str
    hooks: tuple[Hook, ...]


@dataclass(frozen=True, slots=True)
class BehaviorsPlan:
    """The modules `bindings.py` and `context.py`."""

    imports: tuple[Import, ...]
    """What the bindings import from `behaviors/`."""
    repositories: tuple[Repository, ...]
    interfaces: tuple[Import, ...]
    hooks: tuple[HooksPlan, ...]
    functions: tuple[Named, ...]
    files: tuple[tuple[str, str], ...]
    """Path and text of each file that is taken along."""
    needs_package: bool
    """Whether the folder `behaviors/` has no `__init__.py` of its own."""


def plan_behaviors(
    ir: Application, names: Mapping[str, EntityNames]
) -> BehaviorsPlan | None:
    """What the app needs to run code of the domain's own; `None` where it has none."""
    behaviors = ir.behaviors
    if behaviors is None or not behaviors.modules:
        return None
    imports, interfaces = Imports(), Imports()
    hooks = tuple(
        HooksPlan(
            entity.name,
            tuple(
                Hook(name(hook), use_behavior(imports, entity.name, hook))
                for hook in entity.hooks
            ),
        )
        for entity in ir.entities
        if entity.hooks
    )
    functions = tuple(
        Named(f"{module}.{function}", use_behavior(imports, module, function))
        for module, function in sorted(set(_called(ir)))
    )
    for own in names.values():
        interfaces.use("backend.repositories.base", own.repository)
        interfaces.use("backend.repositories.base", own.accessor)
    modules = sorted({PACKAGE, *(_package(m.name) for m in behaviors.modules)})
    return BehaviorsPlan(
        imports=imports.of(*modules),
        repositories=tuple(
            Repository(name(own.snake), name(own.repository), name(own.accessor))
            for own in names.values()
        ),
        interfaces=interfaces.of("backend.repositories.base"),
        hooks=hooks,
        functions=functions,
        files=behaviors.files,
        needs_package=behaviors.module("__init__") is None,
    )


def use_behavior(imports: Imports, module: str, function: str) -> Code:
    """A function of `behaviors/`, by its module, whose import is noted."""
    alias = f"{module.replace('.', '_')}_behaviors"
    imports.use(_package(module), f"{name(module.rpartition('.')[2])} as {name(alias)}")
    return Code(f"{name(alias)}.{name(function)}")


def behavior_modules(route: Route) -> Iterable[str]:
    """The packages that a route's handlers are imported from."""
    found = {_package(e.handler_module) for e in route.endpoints if e.handler_module}
    return sorted(found)


def answer_key(endpoint: Endpoint) -> str:
    """Under which the model of an endpoint's answer is known, beside that of its body."""
    return f"{endpoint.operation_id} answer"


def _package(module: str) -> str:
    folder = module.rpartition(".")[0]
    return f"{PACKAGE}.{folder}" if folder else PACKAGE


def _called(ir: Application) -> Iterator[tuple[str, str]]:
    for entity in ir.entities:
        machine = entity.state_machine
        for entry in machine.side_effects if machine else ():
            yield from _calls(entry.effects)
    for route in ir.routes:
        for endpoint in route.endpoints:
            yield from _calls(endpoint.effects)


def _calls(effects: Iterable[object]) -> Iterator[tuple[str, str]]:
    for effect in effects:
        if isinstance(effect, Call) and effect.module is not None:
            yield effect.module, effect.function
