"""Operations by the collections that they are about, and which model each collection has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from factory.importers.naming import singular, snake, words
from factory.importers.spec_md.operations import Operation
from factory.importers.spec_md.shapes import Member, Shape, all_members

VERSION = re.compile(r"v\d+\Z")
"""A step of a path that tells a version."""
SAMPLES = Mapping[str, list[Member]]
"""The members of models by their names."""


@dataclass(slots=True)
class Group:
    """The operations below one path."""

    base: str
    operations: list[Operation] = field(default_factory=list)
    entity: str = ""

    @property
    def depth(self) -> int:
        """Steps of the base path."""
        return len([step for step in self.base.split("/") if step])

    @property
    def noun(self) -> str:
        """What its records are called."""
        return singular(snake(self.base.rpartition("/")[2], "root"))

    def rest(self, operation: Operation) -> list[str]:
        """The steps of an operation behind the base path."""
        return operation.steps[self.depth :]

    @property
    def key(self) -> str:
        """The parameter that names one record; empty where none does."""
        firsts = [
            r[0][1:-1]
            for o in self.operations
            if (r := self.rest(o)) and r[0][0] == "{"
        ]
        return firsts[0] if firsts else ""

    @property
    def is_collection(self) -> bool:
        """Whether its paths lead to records, and not to what the service does as a whole."""
        plain = {o.method for o in self.operations if not self.rest(o)}
        return bool(self.key) or {"GET", "POST"} <= plain


def grouped(operations: Iterable[Operation]) -> list[Group]:
    """Operations by the first step of their paths that is a noun."""
    groups: dict[str, Group] = {}
    for operation in operations:
        steps: list[str] = []
        for step in operation.steps:
            if step.startswith("{"):
                break
            steps.append(step)
            if step != "api" and not VERSION.match(step):
                break
        base = "/" + "/".join(steps)
        groups.setdefault(base, Group(base)).operations.append(operation)
    return list(groups.values())


class Index:
    """Models by their nouns, by the words of their names, and by their members."""

    def __init__(self, models: SAMPLES) -> None:
        self._members: dict[str, tuple[int, frozenset[str]]] = {}
        """Names of members, and which of the models it is."""
        self._nouns: dict[str, str] = {}
        self._by_word: dict[str, list[str]] = {}
        self._by_member: dict[str, list[str]] = {}
        for name, members in models.items():
            self.add(name, members)

    def add(self, name: str, members: Iterable[Member]) -> None:
        """One more, behind the others."""
        own = frozenset(member.name for member in members)
        self._members[name] = (len(self._members), own)
        self._nouns.setdefault(singular(snake(name)), name)
        for word in {singular(word) for word in words(name)}:
            self._by_word.setdefault(word, []).append(name)
        for member in own:
            self._by_member.setdefault(member, []).append(name)

    def entity_of(self, group: Group, samples: SAMPLES) -> str:
        """The model whose records a group is about; empty where none fits."""
        if group.noun in self._nouns:
            return self._nouns[group.noun]
        for ending in ("response", "out", "read", "model", "record", "base", "in_db"):
            if f"{group.noun}_{ending}" in self._nouns:
                return self._nouns[f"{group.noun}_{ending}"]
        shown = {m.name for o in group.operations for m in shown_of(o, samples)}
        sharing = set(_of_all(self._by_word, words(group.noun)))
        keyed = set(self._by_member.get(group.key, ()) if group.key != "id" else ())
        is_collection = group.is_collection
        scored = []
        for name in sharing | keyed:
            number, own = self._members[name]
            fits = is_collection or len(shown & own) * 2 >= len(own)
            if name in keyed or fits:
                score = (name in keyed, name in sharing, len(shown & own))
                scored.append((*score, -number, name))
        return max(scored)[-1] if scored else ""

    def fitting(self, shape: Shape) -> Iterator[str]:
        """Models that have every member of a shape, and not many more."""
        for name in _of_all(self._by_member, shape.names):
            if len(shape.members) * 2 >= len(self._members[name][1]):
                yield name


def _of_all(by: Mapping[str, list[str]], wanted: Iterable[str]) -> Iterator[str]:
    """What every one of `wanted` leads to."""
    first, *others = sorted((by.get(one, []) for one in {*wanted}), key=len)
    every = [frozenset(names) for names in others]
    return (name for name in first if all(name in names for names in every))


def shown_of(operation: Operation, members: SAMPLES) -> Iterable[Member]:
    """What an answer shows of a record: its members, or those of its elements."""
    answer = operation.answer
    found = list(all_members(answer, members))
    lists = [m for m in found if m.is_list and m.members]
    return (
        lists[0].members
        if len(lists) == 1 and not (answer and answer.is_list)
        else found
    )


def modelled(operation: Operation, models: Index) -> None:
    """Take the one model that has every member of a request's sample for the request."""
    shape = operation.request
    if shape is None or shape.model or shape.is_list or len(shape.members) < 2:
        return
    close = list(islice(models.fitting(shape), 2))
    if len(close) == 1:
        operation.request = Shape([], shape.place, model=close[0], sample=shape.sample)
        operation.request.members = shape.members


def shown_members(group: Group, members: SAMPLES) -> list[Member]:
    """Members of a record, from the samples of the operations that answer with one."""
    found: dict[str, Member] = {}
    # A single record is shown in full, the elements of a list are shortened.
    for operation in sorted(group.operations, key=_fullness(group)):
        rest = group.rest(operation)
        whole = not rest or (len(rest) == 1 and rest[0][0] == "{")
        answered = shown_of(operation, members) if whole else ()
        sent = all_members(operation.request, members) if whole else ()
        for member in (*answered, *sent):
            known = found.setdefault(
                member.name, replace(member, keys=dict(member.keys))
            )
            if known.keys["type"] == member.keys["type"]:
                # A later sample may say more: that it must be there, which values are legal.
                known.keys.update(
                    {k: v for k, v in member.keys.items() if k not in known.keys}
                )
    return list(found.values())


def _fullness(group: Group) -> Any:
    order = {"GET": 0, "POST": 1, "PUT": 2, "PATCH": 3, "DELETE": 4}
    return lambda o: (not group.rest(o), order[o.method])
