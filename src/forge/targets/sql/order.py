"""The order of tables: what is referred to comes first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import heapify, heappop, heappush


def references_first(
    names: Sequence[str], references: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """The names so that each comes after those it refers to, otherwise as given.

    A circle is opened at the one of it that is given first.

    >>> references_first("abc", {"a": "c", "b": "a"})
    ('c', 'a', 'b')
    >>> references_first("abc", {"a": "b", "b": "c", "c": "b"})
    ('b', 'a', 'c')
    """
    position = {name: index for index, name in enumerate(names)}
    waiting = {
        name: {r for r in references.get(name, ()) if r != name and r in position}
        for name in names
    }
    dependants: dict[str, list[str]] = {}
    for name in names:
        for target in sorted(waiting[name], key=position.__getitem__):
            dependants.setdefault(target, []).append(name)
    ready = [position[name] for name in names if not waiting[name]]
    heapify(ready)
    ordered: dict[str, None] = {}
    while len(ordered) < len(names):
        if not ready:
            heappush(ready, min(position[name] for name in _circle(waiting, ordered)))
        name = names[heappop(ready)]
        ordered[name] = None
        for dependant in dependants.get(name, ()):
            waiting[dependant].discard(name)
            if not waiting[dependant] and dependant not in ordered:
                heappush(ready, position[dependant])
    return tuple(ordered)


def _circle(waiting: Mapping[str, set[str]], ordered: Collection[str]) -> list[str]:
    """Names that wait for each other, found from the first that waits."""
    name = next(name for name in waiting if name not in ordered)
    path: dict[str, int] = {}
    while name not in path:
        path[name] = len(path)
        name = min(waiting[name])
    return list(path)[path[name] :]
