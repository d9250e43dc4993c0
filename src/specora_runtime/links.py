"""Representations: which fields leave the service, with `_links`, as JSON.

A renderer is built once per collection; a record costs a few dictionary operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import msgspec

from .entity import Entity, ForeignKey, Record, Type, Workflow
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
    key = _plain_key(entity)
    if key:
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


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What the links of a collection's records are made of."""

    path: str
    key: str
    """The key field where a path may hold its value as it is; else empty."""
    plain: tuple[tuple[str, str, str], ...]
    """References by such a key: name, field, and the path in front of the value."""
    steps: tuple[Step, ...]
    """References whose key needs escaping."""
    workflow: Workflow | None
    """The workflow whose open transitions are linked."""


def link_plan(collection: Collection, targets: Mapping[str, Collection]) -> LinkPlan:
    """Decide on the links of `collection`."""
    entity = collection.entity
    plain: list[tuple[str, str, str]] = []
    steps: list[Step] = []
    for foreign_key in entity.foreign_keys:
        target = targets.get(foreign_key.target)
        if target is None or not _linkable(entity, foreign_key, target.entity):
            continue
        if _plain_key(target.entity):
            place = (foreign_key.link, foreign_key.fields[0], f"{target.path}/")
            plain.append(place)
        else:
            steps.append(_reference(foreign_key, target))
    moves = any(
        isinstance(operation, Transition) for operation in collection.operations
    )
    return LinkPlan(
        collection.path,
        _plain_key(entity),
        tuple(plain),
        tuple(steps),
        entity.workflow if moves else None,
    )


def _links(collection: Collection, targets: Mapping[str, Collection]) -> Links:
    plan = link_plan(collection, targets)
    path, key, plain = plan.path, plan.key, plan.plain
    own_path = self_path(collection.entity, path)
    others = (*plan.steps, *_transitions(plan.workflow))

    def links(record: Record) -> dict[str, str]:
        own = f"{path}/{record[key]}" if key else own_path(record)
        found = {"self": own, "collection": path or "/"}
        for name, field, start in plain:
            value = record[field]
            if value is not None:
                found[name] = f"{start}{value}"
        for step in others:
            step(record, found)
        return found

    return links


def _plain_key(entity: Entity) -> str:
    """The key field where a path may hold its value as it is; else empty."""
    if len(entity.key) == 1 and entity.by_name[entity.key[0]].type in _PLAIN:
        return entity.key[0]
    return ""


def _linkable(entity: Entity, foreign_key: ForeignKey, target: Entity) -> bool:
    """Whether the reference has a name, is no secret and holds its target's key."""
    return (
        bool(foreign_key.link)
        and sorted(foreign_key.target_fields) == sorted(target.key)
        and not any(entity.by_name[name].sensitive for name in foreign_key.fields)
    )


def _reference(foreign_key: ForeignKey, target: Collection) -> Step:
    """A link whose key is of several fields or needs escaping."""
    link, path = foreign_key.link, self_path(target.entity, target.path)
    pairs = tuple(zip(foreign_key.target_fields, foreign_key.fields, strict=True))

    def step(record: Record, links: dict[str, str]) -> None:
        values = {key: record[field] for key, field in pairs}
        if None not in values.values():
            links[link] = path(values)

    return step


def _transitions(workflow: Workflow | None) -> Iterable[Step]:
    if workflow is None:
        return
    field = workflow.field
    names = {state: f"state:{state}" for state in workflow.transitions}
    # Without variants the open transitions follow from the state alone.
    fixed = {} if workflow.variant_field else workflow.transitions

    def step(record: Record, links: dict[str, str]) -> None:
        allowed = fixed.get(record[field])
        if allowed is None:
            allowed = workflow.allowed(record)
        if allowed:
            place = f"{links['self']}/state"
            for state in allowed:
                links[names[state]] = place

    yield step
