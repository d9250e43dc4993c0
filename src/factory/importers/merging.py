"""What is new, put into contracts that exist, as edits that leave everything else as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factory.proposals.rewriting import identity, rewrite, same
from forge.diagnostics import Edit
from forge.source import plain, read

OPEN = (("spec", "fields"), ("spec", "endpoints"), ("spec", "unique"), ("spec", "indexes"),
        ("spec", "foreign_keys"))  # fmt: skip
"""Collections that an import adds to. Everything else belongs to who wrote it."""


NOTES = "x-unmapped"
"""The key under which an entity's contract lists what it does not say."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that the contract says otherwise than the source; the contract's word stands."""

    path: tuple[str, ...]
    contract: Any
    source: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """Edits of one existing text, and what was left as it is."""

    edits: tuple[Edit, ...]
    differences: tuple[Difference, ...]


def merge(file: str, text: str, wanted: Mapping[str, Any]) -> Merged:
    """The edits that add to `text` what `wanted` holds besides. A second merge adds nothing."""
    before = plain(read(file, text).root)
    if not isinstance(before, dict):
        return Merged((), ())
    merged, differences = merged_value(before, wanted)
    return Merged(rewrite(file, text, merged), differences)


def merged_value(
    before: Mapping[str, Any], wanted: Mapping[str, Any], *, states: bool = False
) -> tuple[dict[str, Any], tuple[Difference, ...]]:
    """What a contract says with what `wanted` holds besides, and where the two disagree.

    With `states` a workflow takes states and steps too: whoever describes them means it.
    """
    differences: list[Difference] = []
    merged = _mapping(dict(before), dict(wanted), (), differences)
    if states and isinstance(wanted.get("spec"), dict) and "states" in wanted["spec"]:
        merged["spec"] = _grown(merged.get("spec"), wanted["spec"])
    return merged, tuple(differences)


def _grown(before: Any, wanted: dict[str, Any]) -> Any:
    """A workflow's `spec` with more states and steps."""
    if not isinstance(before, dict):
        return before
    states = {**wanted["states"], **before.get("states", {})}
    ordered = dict.fromkeys([*before.get("states", {}), *states])
    steps = dict(before.get("transitions", {}))
    for state, targets in wanted.get("transitions", {}).items():
        present = steps.get(state, [])
        steps[state] = [*present, *(t for t in targets if t not in present)]
    return {**before, "states": {s: states[s] for s in ordered}, "transitions": steps}


def _mapping(
    before: dict[str, Any],
    wanted: dict[str, Any],
    path: tuple[str, ...],
    differences: list[Difference],
) -> dict[str, Any]:
    merged = dict(before)
    for key, value in wanted.items():
        here = (*path, key)
        if here == (NOTES,) and key in before:
            # The list is for people, who may have seen to it.
            continue
        if key in before:
            merged[key] = _present(before[key], value, here, differences)
        elif path == () or path in (("spec",), ("spec", "fields")):
            merged[key] = value
        elif len(path) > 2:
            differences.append(Difference(here, None, value))
    return merged


def _present(
    before: Any, value: Any, path: tuple[str, ...], differences: list[Difference]
) -> Any:
    if isinstance(before, dict) and isinstance(value, dict):
        return _mapping(before, value, path, differences)
    if isinstance(before, list) and isinstance(value, list) and path in OPEN:
        present = {identity(item) for item in before}
        return [*before, *(item for item in value if identity(item) not in present)]
    if not same(before, value):
        differences.append(Difference(path, before, value))
    return before
