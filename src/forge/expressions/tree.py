"""The expression tree: frozen nodes, each with its place in the expression text.

Places do not take part in comparison: two texts that mean the same give equal trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from forge.expressions.functions import OwnFunction

LiteralValue: TypeAlias = str | int | float | bool | None


def _place() -> int:
    return field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A constant; `1`, `1.0` and `true` are three different literals."""

    value: LiteralValue
    start: int = _place()
    end: int = _place()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Literal):
            return NotImplemented
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """A list written out, as in `["open", "held"]`."""

    items: tuple[Expression, ...]
    start: int = _place()
    end: int = _place()


@dataclass(frozen=True, slots=True)
class Name:
    """A field of the record."""

    name: str
    start: int = _place()
    end: int = _place()


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of `user`, or a field of `old`."""

    root: str
    name: str
    start: int = _place()
    end: int = _place()


@dataclass(frozen=True, slots=True)
class Unary:
    """`!` or `-` before one operand."""

    operator: str
    operand: Expression
    start: int = _place()
    end: int = _place()


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands; `in` is one of them."""

    operator: str
    left: Expression
    right: Expression
    start: int = _place()
    end: int = _place()


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    start: int = _place()
    end: int = _place()


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; the receiver of a method is the first of them."""

    function: str
    arguments: tuple[Expression, ...]
    start: int = _place()
    end: int = _place()
    name_start: int = _place()
    """Where the name of the function stands; `start` is the receiver's for a method."""
    own: OwnFunction | None = None
    """What it calls where that is no function of the language; parsing leaves it open."""


Expression: TypeAlias = (
    Literal | ListLiteral | Name | Member | Unary | Binary | Conditional | Call
)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The operands of a node, in the order of the text."""
    match expression:
        case ListLiteral(items=items):
            return items
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Call(arguments=arguments):
            return arguments
    return ()


def with_calls(expression: Expression, change: Callable[[Call], Call]) -> Expression:
    """The same tree with every call as `change` makes it, innermost first."""

    def visit(node: Expression) -> Expression:
        match node:
            case ListLiteral(items=items):
                return replace(node, items=tuple(map(visit, items)))
            case Unary(operand=operand):
                return replace(node, operand=visit(operand))
            case Binary(left=left, right=right):
                return replace(node, left=visit(left), right=visit(right))
            case Conditional(condition=condition, then=then, otherwise=otherwise):
                return replace(
                    node,
                    condition=visit(condition),
                    then=visit(then),
                    otherwise=visit(otherwise),
                )
            case Call(arguments=arguments):
                return change(replace(node, arguments=tuple(map(visit, arguments))))
        return node

    return visit(expression)


def walk(expression: Expression) -> Iterator[Expression]:
    """Every node, parents first, in the order of the text."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def names(expression: Expression) -> tuple[str, ...]:
    """The fields that the expression reads, each once, in the order of the text."""
    return tuple(
        dict.fromkeys(node.name for node in walk(expression) if isinstance(node, Name))
    )


def own_functions(expression: Expression) -> Iterator[OwnFunction]:
    """The functions of the domain's own that the expression calls."""
    for node in walk(expression):
        if isinstance(node, Call) and node.own is not None:
            yield node.own


def height(expression: Expression) -> int:
    """How many nodes stand on the longest path from the root to a leaf."""
    level: tuple[Expression, ...] = (expression,)
    count = 0
    while level:
        count += 1
        level = tuple(child for node in level for child in children(node))
    return count


def is_null(expression: Expression) -> bool:
    """Whether the node is the literal `null`."""
    return isinstance(expression, Literal) and expression.value is None
