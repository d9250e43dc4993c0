"""Workflows."""

from __future__ import annotations

from collections.abc import Iterator

from forge.contracts.envelope import Contract
from forge.expressions import Expression, ExpressionFault, parse
from forge.ir.lowering import reading
from forge.ir.types import Category
from forge.ir.workflows import (
    ANY_STATE,
    Call,
    Condition,
    Effect,
    EmitEvent,
    Guard,
    SetField,
    SideEffects,
    State,
    Transition,
    Workflow,
)
from forge.source import Mapping, Node, Scalar, Sequence, plain

KEYWORDS = frozenset({"now", "today", "current_user", "uuid"})


def lower_workflow(contract: Contract) -> Workflow:
    """A state machine."""
    spec = contract.spec
    return Workflow(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        initial=reading.text(spec, "initial") or "",
        states=tuple(_states(contract, spec)),
        transitions=tuple(_transitions(contract, spec)),
        guards=tuple(_guards(contract, spec)),
        side_effects=tuple(_side_effects(contract, spec)),
        type_overrides={
            name: tuple(_transitions(contract, node))
            for name, node, _ in reading.entries(spec, "type_overrides")
            if isinstance(node, Mapping)
        },
        origin=reading.origin(contract),
    )


def lower_condition(contract: Contract, node: Node) -> Condition | None:
    """A condition in CEL."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    return Condition(
        text=node.value,
        expression=parsed(node.value),
        origin=reading.origin(contract, node),
    )


def parsed(text: str) -> Expression | None:
    """The tree of an expression; `None` where it does not parse."""
    try:
        return parse(text)
    except ExpressionFault:
        return None


def lower_effects(contract: Contract, node: Node) -> Iterator[Effect]:
    """The effects of one entry of a list of side effects."""
    if not isinstance(node, Mapping):
        return
    for name, value, key in reading.entries(node, "set_field"):
        yield lower_set_field(contract, name, value, key)
    event = reading.text(node, "emit_event")
    if event is not None:
        yield EmitEvent(
            name=event, origin=reading.origin(contract, node.get("emit_event"))
        )
    function = reading.text(node, "call")
    if function is not None:
        yield Call(function=function, origin=reading.origin(contract, node.get("call")))


def lower_set_field(contract: Contract, name: str, node: Node, key: Scalar) -> SetField:
    """What to store: a literal, a keyword, or an expression after `=`."""
    value = plain(node)
    keyword = value if isinstance(value, str) and value in KEYWORDS else None
    expression = None
    if isinstance(value, str) and value.startswith("="):
        expression = parsed(value[1:])
    return SetField(
        field=name,
        value=None if keyword or expression else value,
        keyword=keyword,
        expression=expression,
        origin=reading.origin(contract, node, key),
    )


def step_of(text: str) -> tuple[str, str]:
    """`a -> b` as a pair; `*` alone is any step."""
    source, arrow, target = (part.strip() for part in text.partition("->"))
    return (source, target) if arrow else (ANY_STATE, ANY_STATE)


def _states(contract: Contract, spec: Mapping) -> Iterator[State]:
    for name, node, key in reading.entries(spec, "states"):
        origin = reading.origin(contract, node, key)
        fallback = name.replace("_", " ").capitalize()
        if isinstance(node, Mapping):
            yield State(
                name=name,
                label=reading.text(node, "label") or fallback,
                category=reading.word(node, "category", Category, Category.OPEN),
                terminal=reading.flag(node, "terminal"),
                color=reading.text(node, "color"),
                origin=origin,
            )
        else:
            label = (
                node.text if isinstance(node, Scalar) and node.value is not None else ""
            )
            yield State(name=name, label=label or fallback, origin=origin)


def _transitions(contract: Contract, node: Mapping) -> Iterator[Transition]:
    for source, targets, _ in reading.entries(node, "transitions"):
        if isinstance(targets, Sequence):
            for item in targets.items:
                if isinstance(item, Scalar):
                    yield Transition(
                        source=source,
                        target=item.text,
                        origin=reading.origin(contract, item),
                    )


def _guards(contract: Contract, spec: Mapping) -> Iterator[Guard]:
    for step, node, key in reading.entries(spec, "guards"):
        if isinstance(node, Mapping):
            source, target = step_of(step)
            condition = node.get("condition")
            yield Guard(
                source=source,
                target=target,
                require_fields=reading.texts(node, "require_fields"),
                condition=lower_condition(contract, condition) if condition else None,
                roles=reading.texts(node, "roles"),
                origin=reading.origin(contract, node, key),
            )


def _side_effects(contract: Contract, spec: Mapping) -> Iterator[SideEffects]:
    for step, node, key in reading.entries(spec, "side_effects"):
        if isinstance(node, Sequence):
            source, target = step_of(step)
            yield SideEffects(
                source=source,
                target=target,
                effects=tuple(
                    e for item in node.items for e in lower_effects(contract, item)
                ),
                origin=reading.origin(contract, node, key),
            )
