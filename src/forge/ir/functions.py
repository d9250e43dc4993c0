"""Functions of `behaviors/` that expressions call: what they take, and what they give.

They are plain functions of values. An annotation says what an expression may give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forge.expressions import (
    FUNCTIONS,
    NUMERIC,
    Call,
    Expression,
    OwnFunction,
    Parameter,
    ValueType,
    walk,
    with_calls,
)
from forge.ir.application import Endpoint
from forge.ir.behaviors import Annotation, Behaviors, Function
from forge.ir.entities import Entity
from forge.ir.workflows import Effect, SetField, Workflow

_NULL = "None"
TYPES = {
    "str": ValueType.TEXT,
    "int": ValueType.INTEGER,
    "float": ValueType.NUMBER,
    "Decimal": ValueType.DECIMAL,
    "bool": ValueType.BOOLEAN,
    "datetime": ValueType.DATETIME,
    "date": ValueType.DATE,
    "time": ValueType.TIME,
    "timedelta": ValueType.DURATION,
    "UUID": ValueType.UUID,
    "list": ValueType.LIST,
    "Sequence": ValueType.LIST,
    "Iterable": ValueType.LIST,
    "dict": ValueType.JSON,
    "Mapping": ValueType.JSON,
    "object": ValueType.ANY,
    "Any": ValueType.ANY,
}
"""What annotations mean to expressions."""
_FOREIGN = "which is no type of expressions"
_TAKES = {
    ValueType.TEXT: (ValueType.TEXT, ValueType.UUID),
    ValueType.NUMBER: (ValueType.INTEGER, ValueType.NUMBER, ValueType.DECIMAL),
    ValueType.DECIMAL: (ValueType.INTEGER, ValueType.NUMBER, ValueType.DECIMAL),
    ValueType.LIST: (ValueType.LIST, ValueType.JSON),
    ValueType.ANY: tuple(ValueType),
}
"""What can be given in the form of a type, where that is more than values of it."""


def own_calls(expression: Expression | None) -> Iterator[Call]:
    """The calls of what is no function of the language."""
    if expression is not None:
        for node in walk(expression):
            if isinstance(node, Call) and node.function not in FUNCTIONS:
                yield node


def calls_of_entity(entity: Entity) -> Iterator[Call]:
    """The calls of own functions in what is computed and asked of an entity's records."""
    for field in entity.fields:
        yield from own_calls(field.computed.expression if field.computed else None)
    yield from calls_of_workflow(entity.state_machine)


def calls_of_workflow(workflow: Workflow | None) -> Iterator[Call]:
    """The calls of own functions in guards and side effects."""
    for guard in workflow.guards if workflow else ():
        yield from own_calls(guard.condition.expression if guard.condition else None)
    for entry in workflow.side_effects if workflow else ():
        yield from _in_effects(entry.effects)


def calls_of_endpoint(endpoint: Endpoint) -> Iterator[Call]:
    """The calls of own functions in the rules, fills and effects of an endpoint."""
    for rule in endpoint.validation:
        yield from own_calls(rule.condition.expression)
    yield from _in_effects((*endpoint.fills, *endpoint.effects))


def _in_effects(effects: Iterable[Effect]) -> Iterator[Call]:
    for effect in effects:
        if isinstance(effect, SetField):
            yield from own_calls(effect.expression)


class OwnFunctions:
    """The functions that expressions may call, by the name and the entity they are about."""

    def __init__(self, behaviors: Behaviors) -> None:
        self._behaviors = behaviors
        self._aliases: dict[tuple[str, str, int], str] = {}
        plain = [
            (module.name, function)
            for module in behaviors.modules
            for function in {f.name: f for f in module.functions}.values()
            if not function.is_async
        ]
        taken: set[str] = set()
        for leaves_out in (False, True):
            for module, function in plain:
                most = len(function.parameters)
                counts = range(function.required, most) if leaves_out else (most,)
                for count in counts:
                    wanted = f"{module.replace('.', '_')}_{function.name}"
                    wanted += f"_{count}" if leaves_out else ""
                    while wanted in taken:
                        wanted += "_"
                    taken.add(wanted)
                    self._aliases[module, function.name, count] = wanted

    def bound(self, expression: Expression, entity: str) -> Expression:
        """An expression about `entity` with what its calls mean."""
        if next(own_calls(expression), None) is None:
            return expression

        def bind(call: Call) -> Call:
            if call.function in FUNCTIONS:
                return call
            arguments = (call.start, call.end, call.name_start, self._of(call, entity))
            return Call(call.function, call.arguments, *arguments)

        return with_calls(expression, bind)

    def _of(self, call: Call, entity: str) -> OwnFunction:
        found = self._behaviors.find(call.function, entity)
        if len(found) != 1 or problem_of(found[0]):
            return OwnFunction(call.function)
        function = found[0]
        names = function.module, function.name, len(call.arguments)
        return own_function(function, self._aliases.get(names, ""))


def own_function(function: Function, alias: str = "") -> OwnFunction:
    """What an expression sees of a function that has no problem."""
    result = _of_annotation(function.returns)
    return OwnFunction(
        function.name,
        function.module,
        alias,
        tuple(_parameter(p.name, p.annotation) for p in function.parameters),
        function.required,
        result.type,
    )


def problem_of(function: Function) -> str:
    """Why no expression can call a function; empty where one can."""
    if function.is_async:
        return "it is `async`, and expressions do not wait"
    if function.extra or function.variadic:
        return "expressions give each parameter by its position"
    for parameter in function.parameters:
        if parameter.annotation is None:
            return f"its parameter `{parameter.name}` has no type"
        shown = _unknown(parameter.annotation)
        if shown:
            return f"its parameter `{parameter.name}` is `{shown}`, {_FOREIGN}"
    if function.returns is None:
        return "it does not say what it returns"
    shown = _unknown(function.returns)
    kind = _of_annotation(function.returns).type if not shown else ValueType.ANY
    if kind in (ValueType.ANY, ValueType.NULL):
        shown = " | ".join(function.returns.names)
        return f"it returns `{shown}`, {_FOREIGN}"
    return ""


def _unknown(annotation: Annotation) -> str:
    """What an annotation says that has no meaning to expressions."""
    legal = all(name in TYPES or name == _NULL for name in annotation.names)
    return "" if legal and annotation.known else " | ".join(annotation.names)


def _parameter(name: str, annotation: Annotation | None) -> Parameter:
    found = _of_annotation(annotation)
    return Parameter(name, found.type, found.takes, found.is_nullable)


def _of_annotation(annotation: Annotation | None) -> Parameter:
    """The form of the values that an annotation allows, and what can be given in it."""
    names = annotation.names if annotation else ()
    kinds = dict.fromkeys(TYPES[name] for name in names if name != _NULL)
    is_nullable = _NULL in names or ValueType.ANY in kinds
    takes = dict.fromkeys(t for kind in kinds for t in _TAKES.get(kind, (kind,)))
    if not kinds:
        form = ValueType.NULL
    elif len(kinds) == 1:
        (form,) = kinds
    elif NUMERIC.issuperset(kinds):
        exact = ValueType.DECIMAL in kinds
        form = ValueType.DECIMAL if exact else ValueType.NUMBER
    else:
        form = ValueType.ANY
    return Parameter("", form, tuple(takes), is_nullable)
