"""`bindings.py` and `context.py`: which functions of `behaviors/` run, and what they are given."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from forge.emit import Code
from forge.emit.literals import name
from forge.expressions import OwnFunction, Parameter, ValueType
from forge.ir.application import Application, Endpoint, Route
from forge.ir.functions import calls_of_endpoint, calls_of_entity
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
class Given:
    """An argument of a function as it is given."""

    value: Code
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A function of `behaviors/` as expressions call it."""

    name: Code
    package: Code
    module: Code
    alias: Code
    function: Code
    arguments: tuple[Given, ...]
    result: Code


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
    own: tuple[OwnCall, ...]
    """What expressions call: the module `functions.py`."""
    kinds: tuple[Code, ...]
    """What `functions.py` imports from the runtime."""
    needs_package: bool
    """Whether the folder `behaviors/` has no `__init__.py` of its own."""


def _attribute(entity: str) -> str:
    """What the entity's records are called: `import` is no name in Python."""
    return f"{entity}_" if keyword.iskeyword(entity) else entity


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
    calls = tuple(_own_calls(ir))
    modules = sorted({PACKAGE, *(_package(m.name) for m in behaviors.modules)})
    return BehaviorsPlan(
        imports=imports.of(*modules),
        repositories=tuple(
            Repository(
                name(_attribute(own.snake)), name(own.repository), name(own.accessor)
            )
            for own in names.values()
        ),
        interfaces=interfaces.of("backend.repositories.base"),
        hooks=hooks,
        functions=functions,
        files=behaviors.files,
        own=calls,
        kinds=_kinds(calls),
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


def _own_calls(ir: Application) -> Iterator[OwnCall]:
    """The functions that expressions call, each once for a number of arguments."""
    found: dict[str, tuple[OwnFunction, int]] = {}
    entities = chain.from_iterable(map(calls_of_entity, ir.entities))
    endpoints = (endpoint for route in ir.routes for endpoint in route.endpoints)
    for one in chain(entities, chain.from_iterable(map(calls_of_endpoint, endpoints))):
        if one.own is not None:
            found[one.own.alias] = one.own, len(one.arguments)
    for alias, (own, count) in sorted(found.items()):
        parameters = (own.parameters or ())[:count]
        yield OwnCall(
            name=name(alias),
            package=Code(_package(own.module)),
            module=name(own.module.rpartition(".")[2]),
            alias=name(f"{own.module.replace('.', '_')}_behaviors"),
            function=name(own.name),
            arguments=tuple(map(_given, parameters)),
            result=name(own.result.name),
        )


def _given(parameter: Parameter) -> Given:
    if parameter.type is ValueType.ANY:
        return Given(Code("anything"), is_nullable=True)
    return Given(Code(f"{parameter.type.name}.given"), parameter.is_nullable)


def _kinds(calls: Iterable[OwnCall]) -> tuple[Code, ...]:
    found = {"call"}
    for one in calls:
        found |= {str(one.result)}
        found |= {str(given.value).partition(".")[0] for given in one.arguments}
    return tuple(map(Code, sorted(found, key=lambda word: (word.islower(), word))))


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
