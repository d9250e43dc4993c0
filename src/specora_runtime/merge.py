"""JSON merge patch (RFC 7396) inside the fields of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .entity import Entity, Record, Type

_OPEN: Final = frozenset({Type.OBJECT, Type.JSON})


class MergePatch(dict[str, Any]):
    """Members to change in the object that a field holds; null takes one away."""


def patches(entity: Entity, data: Mapping[str, Any]) -> dict[str, Any]:
    """What an update sends, with each object in it as a change of the one that is stored."""
    return {
        name: MergePatch(value)
        if isinstance(value, dict) and entity.by_name[name].type in _OPEN
        else value
        for name, value in data.items()
    }


def merged(before: Record, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`data` with the objects that `before` holds once their members are changed."""
    if not any(isinstance(value, MergePatch) for value in data.values()):
        return data
    return {
        name: _apply(before.get(name), value)
        if isinstance(value, MergePatch)
        else value
        for name, value in data.items()
    }


def _apply(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _apply(found.get(name), value)
    return found
