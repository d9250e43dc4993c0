"""Every function of `behaviors/` that a contract names, and what it has to look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forge.checks import conditions as expressions
from forge.checks.signatures import wanted_signature
from forge.checks.subject import Subject
from forge.ir.behaviors import Behaviors, Function
from forge.ir.functions import own_calls
from forge.ir.functions import problem_of as problem_in_expressions
from forge.ir.handlers import CALLED, Signature, is_handled, signature_of
from forge.ir.workflows import Call, Effect
from forge.source import Span


@dataclass(frozen=True, slots=True)
class Use:
    """A function as a contract names it."""

    name: str
    entity: str
    """Name of the entity that it is about."""
    signature: Signature
    place: Span
    asked_by: str
    """What names it, for people: `POST /tickets/{id}/boost`."""
    found: tuple[Function, ...]
    """Those that it may be: one, where all is well."""


def uses(subject: Subject) -> Iterator[Use]:
    """Every handler and every function that a side effect or an expression calls."""
    behaviors = subject.app.behaviors
    if behaviors is None:
        return
    yield from _handlers_and_effects(subject, behaviors)
    for expression in expressions.uses(subject):
        yield from _in_expression(subject, behaviors, expression)


def _handlers_and_effects(subject: Subject, behaviors: Behaviors) -> Iterator[Use]:
    for route in subject.app.routes:
        if route.fqn in subject.malformed:
            continue
        entity = route.entity.rpartition("/")[2]
        for endpoint in route.endpoints:
            tail = endpoint.path.strip("/")
            path = f"{route.base_path.rstrip('/')}/{tail}".rstrip("/") or "/"
            asked = f"`{endpoint.method} {path}`"
            if is_handled(endpoint) and endpoint.handler:
                place = endpoint.origin.at("handler")
                signature = signature_of(endpoint)
                found = behaviors.find(endpoint.handler, entity)
                yield Use(endpoint.handler, entity, signature, place, asked, found)
            yield from _calls(behaviors, entity, endpoint.effects, asked)
    for one in subject.entities:
        machine = one.state_machine
        for entry in machine.side_effects if machine else ():
            asked = f"`{entry.source} -> {entry.target}`"
            yield from _calls(behaviors, one.name, entry.effects, asked)


def _calls(
    behaviors: Behaviors, entity: str, effects: tuple[Effect, ...], asked: str
) -> Iterator[Use]:
    for effect in effects:
        if isinstance(effect, Call):
            node = effect.origin.node
            place = effect.origin.span if node is None else node.span
            found = behaviors.find(effect.function, entity)
            yield Use(effect.function, entity, CALLED, place, asked, found)


def _in_expression(
    subject: Subject, behaviors: Behaviors, use: expressions.Use
) -> Iterator[Use]:
    tree = use.written.tree
    calls = list(own_calls(tree))
    types = use.types(subject) if calls else None
    if tree is None or types is None:
        return
    entity = use.entity.rpartition("/")[2]
    for call in calls:
        end = call.name_start + len(call.function)
        yield Use(
            call.function,
            entity,
            wanted_signature(tree, call, types, use.result),
            use.written.at(call.name_start, end) or use.written.origin.span,
            f"expressions about `{entity}`",
            behaviors.find(call.function, entity),
        )


def problem_of(function: Function, signature: Signature) -> str:
    """Why a function does not fit; empty where it does."""
    if not signature.is_async:
        return problem_in_expressions(function)
    if not function.is_async:
        return "it is not `async`"
    count = len(signature.arguments)
    if not function.takes(count):
        has = len(function.parameters)
        return f"it takes {has} parameters, not {count}"
    if function.extra:
        return f"nothing gives it `{function.extra}`"
    for parameter, argument in zip(
        function.parameters, signature.arguments, strict=False
    ):
        given = parameter.annotation
        if given is not None and not given.allows(argument.types):
            wanted = argument.types[0]
            shown = " | ".join(given.names)
            return f"its parameter `{parameter.name}` is `{shown}`, not `{wanted}`"
    returns = function.returns
    if returns is not None and not returns.allows((*signature.returns, "NoReturn")):
        shown = " | ".join(returns.names)
        return f"it returns `{shown}`, not `{signature.returns[0]}`"
    return ""
