"""What an import found, what it wrote, and what no contract says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from factory.importers.drafts import EntityDraft, FieldDraft, Imported, Unmapped

_CLASSES = {
    "string": "string", "text": "string", "email": "string", "integer": "integer",
    "number": "number", "decimal": "decimal", "boolean": "boolean", "array": "list",
    "object": "object", "json": "json", "datetime": "datetime", "date": "date", "time": "time",
    "duration": "duration", "uuid": "uuid", "binary": "binary",
}  # fmt: skip


def facts(imported: Imported) -> dict[str, Any]:
    """What was found, under the source's names: entities, references, enums, unique, operations."""
    refs = []
    for entity in imported.entities:
        refs += [
            [entity.name, f.name, target]
            for f in _own(entity)
            if (target := f.mentions or (f.reference.entity if f.reference else ""))
        ]
        refs += [
            [entity.name, ",".join(k.fields), k.entity] for k in entity.foreign_keys
        ]
    found: dict[str, Any] = {
        e.name: {f.name: _field(e, f) for f in _own(e)} for e in imported.entities
    }
    return {
        "entities": found | {name: {} for name in imported.others},
        "refs": refs,
        "enums": {name: list(values) for name, values in imported.enums.items()},
        "unique": [
            [entity.name, ",".join(names)]
            for entity in imported.entities
            for names in _unique(entity, single=imported.lists_single_unique)
        ],
        "operations": [list(operation) for operation in imported.operations],
    }


def _own(entity: EntityDraft) -> list[FieldDraft]:
    return [f for f in entity.fields if not f.inherited]


def _unique(entity: EntityDraft, *, single: bool) -> Iterable[tuple[str, ...]]:
    if single:
        yield from ((f.name,) for f in entity.fields if f.keys.get("unique"))
    yield from entity.unique


def _field(entity: EntityDraft, field: FieldDraft) -> dict[str, Any]:
    keys = field.keys
    kind = field.neutral or _CLASSES.get(str(keys.get("type")), "any")
    found = {
        "type": kind,
        "required": bool(keys.get("required"))
        or field.neutral_required
        or field.name in entity.primary_key,
        "pk": field.name in entity.primary_key,
        "unique": bool(keys.get("unique")),
    }
    return {**found, "enum": list(keys["enum"])} if "enum" in keys else found


def evidence(imported: Imported) -> list[dict[str, Any]]:
    """Where each entity, field and endpoint was read, and by which rule."""
    found = []
    for entity in imported.entities:
        found.append(_evidence(entity.name, entity.evidence))
        found += [
            _evidence(f"{entity.name}.{f.name}", f.evidence) for f in entity.fields
        ]
    found += [_evidence(f"{c.kind} {c.name}", c.evidence) for c in imported.contracts]
    for route in imported.routes:
        found += [
            _evidence(f"{e.method} {route.base_path.rstrip('/')}{e.path}", e.evidence)
            for e in route.endpoints
        ]
    return [
        *found,
        *(_evidence(f"{c.kind} {c.name}", c.evidence) for c in imported.contracts),
    ]


def _evidence(what: str, known: Any) -> dict[str, Any]:
    place = known.place
    return {"what": what, "file": place.file, "line": place.line, "rule": known.rule}


def unmapped(notes: Iterable[Unmapped]) -> list[dict[str, Any]]:
    """What no contract says, by place."""
    return [
        {
            "file": note.place.file,
            "line": note.place.line,
            "what": note.what,
            "reason": note.reason,
            "entity": note.entity,
        }
        for note in sorted(notes)
    ]
