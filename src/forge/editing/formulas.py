"""The names in the expressions of a contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from forge.editing.meanings import What
from forge.expressions import (
    Binary,
    Expression,
    ExpressionFault,
    ListLiteral,
    Literal,
    Member,
    Name,
    parse,
    walk,
)
from forge.ir.lowering.fields import lower_computed

_STATE = "state"
_COMPARING = ("==", "!=", "in")


@dataclass(frozen=True, slots=True)
class Word:
    """A name in a text, and how many characters stand before it."""

    what: What
    name: str
    start: int


def words(text: str, what: What) -> tuple[Word, ...]:
    """The fields and states that the expression in a text names; none where it has none.

    >>> [word.name for word in words("= spent - estimated", What.SETTING)]
    ['spent', 'estimated']
    """
    if what is What.SETTING and not text.startswith("="):
        return ()
    return _words(text, 1 if what is What.SETTING else 0, what is What.COMPUTED)


@cache
def _words(text: str, skipped: int, is_computed: bool) -> tuple[Word, ...]:
    tree = _computed(text) if is_computed else _parsed(text[skipped:])
    if tree is None:
        return ()
    return tuple(sorted(_named(tree, skipped), key=lambda word: word.start))


def _computed(text: str) -> Expression | None:
    computed = lower_computed(text)
    return computed.expression if computed else None


def _parsed(text: str) -> Expression | None:
    try:
        return parse(text)
    except ExpressionFault:
        return None


def _named(tree: Expression, skipped: int) -> Iterator[Word]:
    for node in walk(tree):
        if isinstance(node, Name):
            yield Word(What.FIELD, node.name, node.start + skipped)
        elif isinstance(node, Member) and node.root == "old":
            yield Word(What.FIELD, node.name, node.end - len(node.name) + skipped)
        elif isinstance(node, Binary) and node.operator in _COMPARING:
            if _is_state(node.left):
                yield from _states(node.right, skipped)
            elif _is_state(node.right):
                yield from _states(node.left, skipped)


def _is_state(node: Expression) -> bool:
    return isinstance(node, Name | Member) and node.name == _STATE


def _states(node: Expression, skipped: int) -> Iterator[Word]:
    for one in node.items if isinstance(node, ListLiteral) else (node,):
        if isinstance(one, Literal) and isinstance(one.value, str):
            # The quote stands before it.
            yield Word(What.STATE, one.value, one.start + 1 + skipped)
