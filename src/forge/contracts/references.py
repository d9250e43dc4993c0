"""Where a contract names other contracts."""

from __future__ import annotations

from collections.abc import Iterator

from forge.contracts.envelope import Contract
from forge.contracts.facts import fact
from forge.contracts.shapes import FQN
from forge.source import Mapping, Node, Scalar, Sequence


@fact
def references(contract: Contract) -> tuple[Scalar, ...]:
    """The scalars of a contract that name another one."""
    return tuple(_references(contract))


def _references(contract: Contract) -> Iterator[Scalar]:
    requires = contract.root.get("requires")
    if requires is not None:
        yield from _fqns(requires)
    for key in ("mixins", "state_machine", "entity"):
        node = contract.spec.get(key)
        if node is not None:
            yield from _fqns(node)
    yield from _entity_keys(contract.spec)


def _entity_keys(spec: Mapping) -> Iterator[Scalar]:
    for key in ("fields", "foreign_keys", "input", "config"):
        node = spec.get(key)
        if node is not None:
            yield from _nested(node)


def _nested(node: Node) -> Iterator[Scalar]:
    """Values of keys that hold an entity's FQN, at any depth."""
    if isinstance(node, Mapping):
        for key, value in node.entries.items():
            if key in ("entity", "user_entity"):
                yield from _fqns(value)
            elif key not in ("default", "enum", "description"):
                yield from _nested(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _nested(item)


def _fqns(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        if FQN.match(node.text):
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _fqns(item)
