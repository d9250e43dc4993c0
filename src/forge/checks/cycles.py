"""Cycles in a graph of names."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping


def cycles(graph: Mapping[str, Collection[str]]) -> Iterator[tuple[str, ...]]:
    """One shortest cycle per knot, from its first name back to it: `("a", "b", "a")`."""
    for knot in _knots(graph):
        start = min(knot)
        yield _shortest(graph, knot, start)


def _knots(graph: Mapping[str, Collection[str]]) -> list[set[str]]:
    """Sets of names that all reach each other, by their first name."""
    ahead = _finished(graph)
    back: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for target in targets:
            if target in back:
                back[target].append(name)
    found: list[set[str]] = []
    seen: set[str] = set()
    for root in reversed(ahead):
        if root in seen:
            continue
        knot, waiting = {root}, [root]
        seen.add(root)
        while waiting:
            for name in back[waiting.pop()]:
                if name not in seen:
                    seen.add(name)
                    knot.add(name)
                    waiting.append(name)
        if len(knot) > 1 or root in graph[root]:
            found.append(knot)
    return sorted(found, key=min)


def _finished(graph: Mapping[str, Collection[str]]) -> list[str]:
    """The names in the order in which a search in depth leaves them."""
    order: list[str] = []
    seen: set[str] = set()
    for root in sorted(graph):
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(sorted(graph[root])))]
        while path:
            name, targets = path[-1]
            step = next((t for t in targets if t in graph and t not in seen), None)
            if step is None:
                order.append(name)
                path.pop()
            else:
                seen.add(step)
                path.append((step, iter(sorted(graph[step]))))
    return order


def _shortest(
    graph: Mapping[str, Collection[str]], knot: set[str], start: str
) -> tuple[str, ...]:
    before: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        for target in sorted(graph[name]):
            if target == start:
                path = [name]
                while path[-1] != start:
                    path.append(before[path[-1]])
                return (*reversed(path), start)
            if target in knot and target not in before:
                before[target] = name
                waiting.append(target)
    raise AssertionError(f"{start} is in no cycle")
