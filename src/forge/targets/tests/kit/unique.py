"""Values that may occur once: which of them tests choose, and which are taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from . import expect
from .declarations import Resource
from .values import choices


def keys_of(resource: Resource) -> tuple[tuple[str, ...], ...]:
    """The fields, or lists of fields, whose values occur once and come from clients."""
    every = (*resource.unique, resource.key)
    return tuple(
        key for key in every if all(resource.field(name).settable for name in key)
    )


def tied(resource: Resource) -> set[str]:
    """References that need a record of their own, because nothing else makes a key new."""
    found: set[str] = set()
    for key in keys_of(resource):
        loose = [name for name in key if resource.reference_of(name) is not None]
        others = [name for name in key if name not in loose]
        if loose and all(choices(resource.field(name)) is not None for name in others):
            found.add(loose[0])
    return found


def alike(resource: Resource) -> set[str]:
    """Fields without which every record would have the same defaults in a key."""
    found: set[str] = set()
    for key in keys_of(resource):
        declared = [resource.field(name) for name in key]
        if all(f.settable and f.default is not None for f in declared):
            found.update(key)
    return found


def scarce(resource: Resource) -> list[tuple[str, ...]]:
    """Keys whose values all come from small sets."""
    return [
        key
        for key in keys_of(resource)
        if all(
            choices(resource.field(name)) is not None
            and resource.reference_of(name) is None
            for name in key
        )
    ]


def is_taken(
    answer: httpx.Response, resource: Resource, fixed: Mapping[str, Any]
) -> bool:
    """Whether another record holds what a create cannot choose freely."""
    if answer.status_code != 409:
        return False
    errors = answer.json().get("errors") or [{}]
    place = str(errors[0].get("pointer", ""))
    return any(
        place in map(expect.escaped, key)
        for key in keys_of(resource)
        if all(
            name in fixed
            or (
                choices(resource.field(name)) is not None
                and resource.reference_of(name) is None
            )
            for name in key
        )
    )


def is_met(
    answer: httpx.Response, resource: Resource, fixed: Mapping[str, Any]
) -> bool:
    """Whether a value that was drawn by chance is another record's already."""
    if answer.status_code != 409 or is_taken(answer, resource, fixed):
        return False
    errors = answer.json().get("errors") or [{}]
    place = str(errors[0].get("pointer", ""))
    return any(
        place in map(expect.escaped, key) and not all(name in fixed for name in key)
        for key in keys_of(resource)
    )
