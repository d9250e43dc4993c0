"""Representations: which fields leave the service, with `_links`, as JSON.

A renderer is built once per collection; a record costs a few dictionary operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import msgspec

from .entity import Entity, ForeignKey, Record, Type
from .identity import format_key
from .operations import Collection, Read, Transition

Links: TypeAlias = Callable[[Record], dict[str, str]]
Renderer: TypeAlias = Callable[[Record], dict[str, Any]]
Step: TypeAlias = Callable[[Record, dict[str, str]], None]

encode: Final = msgspec.json.Encoder().encode
"""Native values to JSON: times end in `Z`, decimals are strings, bytes are base64."""

_PLAIN: Final = (Type.UUID, Type.INTEGER)
"""Types of keys that need no escaping in a path."""


def paths_of(collections: Iterable[Collection]) -> dict[str, Collection]:
    """The collection that a reference leads to: the first one to serve records."""
    found: dict[str, Collection] = {}
    for collection in collections:
        if any(isinstance(operation, Read) for operation in collection.operations):
            found.setdefault(collection.entity.name, collection)
    return found


def self_path(entity: Entity, path: str) -> Callable[[Mapping[str, Any]], str]:
    """The function from a record to its path."""
    if len(entity.key) == 1 and entity.by_name[entity.key[0]].type in _PLAIN:
        key = entity.key[0]
        return lambda record: f"{path}/{record[key]}"
    return lambda record: f"{path}/{quote(format_key(entity, record), safe=',')}"


def renderer(collection: Collection, targets: Mapping[str, Collection]) -> Renderer:
    """The function from a record to its representation."""
    entity = collection.entity
    names = tuple(field.name for field in entity.visible)
    all_visible = len(names) == len(entity.fields)
    decimals = tuple(
        field.name for field in entity.visible if field.type is Type.DECIMAL
    )
    links = _links(collection, targets)

    def render(record: Record) -> dict[str, Any]:
        if all_visible:
            shown = dict(record)
        else:
            shown = {name: record[name] for name in names}
        for name in decimals:
            value = record[name]
            if isinstance(value, Decimal):
                # As text, a decimal of zero with many digits would be `0E-8`.
                shown[name] = format(value, "f")
        shown["_links"] = links(record)
        return shown

    return render


def _links(collection: Collection, targets: Mapping[str, Collection]) -> Links:
    path, entity = collection.path, collection.entity
    own_path = self_path(entity, path)
    steps: list[Step] = []
    for foreign_key in entity.foreign_keys:
        target = targets.get(foreign_key.target)
        if target is not None and _linkable(entity, foreign_key, target.entity):
            steps.append(_reference(foreign_key, target))
    if any(isinstance(operation, Transition) for operation in collection.operations):
        steps.extend(_transitions(entity))

    def links(record: Record) -> dict[str, str]:
        found = {"self": own_path(record), "collection": path}
        for step in steps:
            step(record, found)
        return found

    return links


def _linkable(entity: Entity, foreign_key: ForeignKey, target: Entity) -> bool:
    """Whether the reference has a name, is no secret and holds its target's key."""
    return (
        bool(foreign_key.link)
        and sorted(foreign_key.target_fields) == sorted(target.key)
        and not any(entity.by_name[name].sensitive for name in foreign_key.fields)
    )


def _reference(foreign_key: ForeignKey, target: Collection) -> Step:
    link = foreign_key.link
    path = self_path(target.entity, target.path)
    if len(foreign_key.fields) == 1:
        field, key = foreign_key.fields[0], foreign_key.target_fields[0]

        def single(record: Record, links: dict[str, str]) -> None:
            value = record[field]
            if value is not None:
                links[link] = path({key: value})

        return single
    pairs = tuple(zip(foreign_key.target_fields, foreign_key.fields, strict=True))

    def composite(record: Record, links: dict[str, str]) -> None:
        values = {key: record[field] for key, field in pairs}
        if None not in values.values():
            links[link] = path(values)

    return composite


def _transitions(entity: Entity) -> Iterable[Step]:
    workflow = entity.workflow
    if workflow is None:
        return

    def step(record: Record, links: dict[str, str]) -> None:
        allowed = workflow.allowed(record)
        if allowed:
            place = f"{links['self']}/state"
            for state in allowed:
                links[f"state:{state}"] = place

    yield step
