"""What a schema holds, by names that may be said with their schema or without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, ValuesView
from typing import Generic, TypeVar

T = TypeVar("T")


class ByName(MutableMapping[str, T], Generic[T]):
    """Things by their full names, in order, and found by the last part of these as well."""

    def __init__(self, items: Iterable[tuple[str, T]] = ()) -> None:
        self._items: dict[str, T] = {}
        self._by_last: dict[str, dict[str, None]] = {}
        for name, item in items:
            self[name] = item

    def alike(self, name: str) -> list[str]:
        """Full names, in any case and of any schema, that end with the last part of `name`."""
        return [*self._by_last.get(_last(name), ())]

    def renamed(self, old: str, new: str) -> ByName[T]:
        """The same with another name at the same place."""
        return ByName((new if n == old else n, item) for n, item in self.items())

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __setitem__(self, name: str, item: T) -> None:
        self._items[name] = item
        self._by_last.setdefault(_last(name), {})[name] = None

    def __delitem__(self, name: str) -> None:
        del self._items[name]
        del self._by_last[_last(name)][name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def values(self) -> ValuesView[T]:
        """As of a dictionary, which is many times as fast as the one of all mappings."""
        return self._items.values()

    def __len__(self) -> int:
        return len(self._items)


def is_alike(one: str, other: str) -> bool:
    """Whether two names are the same but for their case and schema."""
    return _last(one) == _last(other)


def _last(name: str) -> str:
    return name.lower().rpartition(".")[2]
