"""Finding targets by name: any distribution may add one to the group `specora.targets`."""

from __future__ import annotations

from functools import cache

from forge.diagnostics import nearest
from forge.emit import Target
from forge.targets.entry_points import EntryPoint, entry_points

GROUP = "specora.targets"
EVERYTHING = "prod"
"""The name that stands for every target there is."""


class UnknownTarget(Exception):
    """A name that no target has."""

    def __init__(self, name: str, guess: str | None, names: tuple[str, ...]) -> None:
        self.name = name
        self.guess = guess
        self.names = names
        hint = f"did you mean `{guess}`? " if guess else ""
        super().__init__(
            f"unknown target `{name}`: {hint}the targets are {', '.join(names)}"
        )


@cache
def _entries() -> dict[str, EntryPoint]:
    found = sorted(entry_points(GROUP), key=lambda entry: entry.name)
    return {entry.name: entry for entry in found}


def target_names() -> tuple[str, ...]:
    """The names of all targets, sorted."""
    return tuple(_entries())


def find_targets(names: tuple[str, ...]) -> tuple[Target, ...]:
    """The targets called `names`, each once; `prod` stands for all. Raises `UnknownTarget`."""
    known = _entries()
    wanted: dict[str, EntryPoint] = {}
    for name in names:
        if name == EVERYTHING:
            wanted |= known
        elif name in known:
            wanted[name] = known[name]
        else:
            every = (*known, EVERYTHING)
            raise UnknownTarget(name, nearest(name, every), every)
    targets: dict[str, Target] = {}
    for entry in wanted.values():
        _load(entry, targets)
    return tuple(targets.values())


def _load(entry: EntryPoint, targets: dict[str, Target]) -> None:
    """Load a target and those that it names in `includes`."""
    if entry.name in targets:
        return
    target: Target = entry.load()
    targets[entry.name] = target
    for name in getattr(target, "includes", ()):
        _load(_entries()[name], targets)
