"""Typed looks into nodes. A value of the wrong kind reads as absent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from forge.contracts.envelope import Contract
from forge.ir.origin import Origin
from forge.source import Mapping, Node, Scalar, Sequence, plain

Word = TypeVar("Word", bound=str)


def text(node: Mapping, key: str) -> str | None:
    """The text at `key`."""
    found = node.entries.get(key)
    if isinstance(found, Scalar) and isinstance(found.value, str):
        return found.value
    return None


def flag(node: Mapping, key: str, default: bool = False) -> bool:
    """The boolean at `key`."""
    found = node.entries.get(key)
    if isinstance(found, Scalar) and isinstance(found.value, bool):
        return found.value
    return default


def integer(node: Mapping, key: str) -> int | None:
    """The whole number at `key`."""
    found = node.entries.get(key)
    if isinstance(found, Scalar) and type(found.value) is int:
        return found.value
    return None


def bound(node: Mapping, key: str) -> int | float | str | None:
    """The number or text at `key`."""
    found = node.entries.get(key)
    if isinstance(found, Scalar) and not isinstance(found.value, bool):
        return found.value
    return None


def word(node: Mapping, key: str, words: type[Word], default: Word) -> Word:
    """The word at `key`, one of a closed set."""
    found = node.entries.get(key)
    if isinstance(found, Scalar):
        for candidate in words:  # type: ignore[attr-defined]
            if found.text == candidate:
                return candidate  # type: ignore[no-any-return]
    return default


def texts(node: Mapping, key: str) -> tuple[str, ...]:
    """The texts of the list at `key`."""
    found = node.entries.get(key)
    return tuple(texts_of(found))


def text_or_texts(node: Mapping, key: str) -> tuple[str, ...]:
    """The text at `key`, or the texts of the list there."""
    one = text(node, key)
    return texts(node, key) if one is None else (one,)


def texts_of(node: Node | None) -> Iterator[str]:
    """The texts of a list."""
    if isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar) and item.value is not None:
                yield item.text


def mapping(node: Mapping, key: str) -> Mapping | None:
    """The mapping at `key`."""
    found = node.entries.get(key)
    return found if isinstance(found, Mapping) else None


def mappings(node: Mapping, key: str) -> tuple[Mapping, ...]:
    """The mappings of the list at `key`."""
    found = node.entries.get(key)
    if not isinstance(found, Sequence):
        return ()
    return tuple(item for item in found.items if isinstance(item, Mapping))


def entries(node: Mapping, key: str) -> Iterator[tuple[str, Node, Scalar]]:
    """Name, value and key node of each entry of the mapping at `key`."""
    found = node.entries.get(key)
    if isinstance(found, Mapping):
        for name, value in found.entries.items():
            yield name, value, found.keys[name]


def values(node: Mapping, key: str) -> dict[str, object]:
    """The mapping at `key` as plain values."""
    found = node.entries.get(key)
    result = plain(found) if isinstance(found, Mapping) else {}
    assert isinstance(result, dict)
    return dict(result)


def description(contract: Contract) -> str:
    """The description of a contract, or empty."""
    metadata = mapping(contract.root, "metadata")
    return prose(metadata, "description") if metadata is not None else ""


def prose(node: Mapping, key: str) -> str:
    """What the author wrote for people, paragraphs and all; empty where there is nothing."""
    return (text(node, key) or "").strip()


def origin(
    contract: Contract, node: Node | None = None, key: Scalar | None = None
) -> Origin:
    """Where a value of `contract` was written; the contract's `name` by default."""
    if node is None:
        return Origin(contract.fqn, contract.spec)
    return Origin(contract.fqn, node, key)
