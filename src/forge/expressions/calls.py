"""What a signature cannot say about a call, and how messages name functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forge.expressions import pattern
from forge.expressions.durations import is_duration
from forge.expressions.faults import Problem, listed
from forge.expressions.functions import FUNCTIONS, OwnFunction, ValueType
from forge.expressions.literals import literal_text
from forge.expressions.tree import Call, Expression, Literal, Member, Name


def special_problems(node: Call) -> Iterator[Problem]:
    """The faults of a call that has the right number of arguments."""
    if node.function == "has" and not isinstance(node.arguments[0], Name | Member):
        yield Problem("`has` takes a field", node.start, node.end, "write `has(field)`")
    if node.function == "matches":
        yield from _pattern_problems(node.arguments[1])
    if node.function == "duration":
        text = literal_text(node.arguments[0])
        if text is not None and not is_duration(text):
            place = node.arguments[0]
            advice = 'write it as `"P1DT2H30M"`'
            yield Problem(
                "the text is not an ISO 8601 duration", place.start, place.end, advice
            )
    if node.function == "round":
        digits = node.arguments[1]
        legal = isinstance(digits, Literal) and digits.value in range(16)
        if (
            not legal
            or not isinstance(digits, Literal)
            or type(digits.value) is not int
        ):
            message = "the digits of `round` are an integer from 0 to 15"
            yield Problem(message, digits.start, digits.end)


def _pattern_problems(node: Expression) -> Iterator[Problem]:
    text = literal_text(node)
    if text is None:
        advice = "a pattern from data could stall the service"
        yield Problem(
            "the pattern of `matches` is a string literal", node.start, node.end, advice
        )
        return
    fault = pattern.fault(text)
    if fault is not None:
        yield Problem(
            fault, node.start, node.end, "patterns are RE2: no look-around, no \\1"
        )


def own_problems(
    node: Call, own: OwnFunction, types: Sequence[ValueType]
) -> Iterator[Problem]:
    """The faults of a call of a function of the domain's own."""
    if own.parameters is None:
        return
    most, given = len(own.parameters), len(types)
    if not own.required <= given <= most:
        wanted = count(most)
        if own.required < most:
            wanted = f"{own.required} to {most} arguments"
        yield Problem(f"`{own.name}` takes {wanted}, not {given}", node.start, node.end)
        return
    for argument, found, parameter in zip(
        node.arguments, types, own.parameters, strict=False
    ):
        fits = found in parameter.takes or found is ValueType.ANY
        if not fits and not (found is ValueType.NULL and parameter.is_nullable):
            message = f"`{own.name}` does not take {found} as `{parameter.name}`"
            advice = f"it takes {listed(parameter.takes)}"
            yield Problem(message, argument.start, argument.end, advice)


def spellings() -> Iterator[str]:
    """Every name of a function, as a text may write it."""
    for name, signature in FUNCTIONS.items():
        if signature.function:
            yield name
        if signature.method is not None:
            yield signature.method


def count(number: int) -> str:
    """A number of arguments in words."""
    words = {0: "no argument", 1: "one argument", 2: "two arguments"}
    return words.get(number, f"{number} arguments")
