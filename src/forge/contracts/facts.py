"""What follows from one contract alone.

Such a fact holds as long as the text of the contract does, so that it is found out once and kept
with the contract, from one run to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from forge.contracts.envelope import Contract

Value = TypeVar("Value")


def fact(make: Callable[[Contract], Value]) -> Callable[[Contract], Value]:
    """Find it out once for each contract. A tuple of nodes, spans, texts or numbers."""
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def known(contract: Contract) -> Value:
        return remembered(contract, name, lambda: make(contract))

    return known


def remembered(contract: Contract, name: str, make: Callable[[], Value]) -> Value:
    """What `make` finds out, which follows from the contract alone."""
    facts = contract.facts
    if name not in facts:
        facts[name] = make()
    return cast(Value, facts[name])
