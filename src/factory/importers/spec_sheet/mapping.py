"""Spec sheets to drafts: a service is a domain of its own."""

from __future__ import annotations

from dataclasses import replace

from factory.importers.documents import Document
from factory.importers.drafts import (
    EntityDraft,
    Evidence,
    FieldDraft,
    Imported,
    Place,
    Unmapped,
    Unreadable,
)
from factory.importers.naming import Names, snake
from factory.importers.reading import Text
from factory.importers.spec_sheet.endpoints import Endpoints
from factory.importers.spec_sheet.events import emitted
from factory.importers.spec_sheet.splitting import NAMES, name_of, sheets
from factory.importers.spec_sheet.surroundings import (
    about_of,
    is_tenant_scoped,
    surroundings,
)
from factory.importers.spec_sheet.tables import tables

_SUFFIXES = frozenset({".md", ".yaml", ".yml", ".json", ".txt", ".markdown"})


def read(texts: tuple[Text, ...]) -> Imported:
    """The services of all files, each as a part. Raises `Unreadable`."""
    unmapped: list[Unmapped] = []
    found: list[Document] = []
    for text in texts:
        if len(texts) > 1 and text.suffix not in _SUFFIXES:
            place = Place(text.name, 1)
            unmapped.append(Unmapped(place, text.name, "is no file of spec sheets"))
            continue
        one = sheets(text)
        found += one.documents
        unmapped += one.unmapped
    if not found:
        reason = "no block of YAML here names a service"
        raise Unreadable(Place(texts[0].name, 1), reason)
    names = Names()
    parts = {
        names.claim(snake(name_of(document), "service")): _service(document)
        for document in found
    }
    if len(parts) == 1:
        (alone,) = parts.values()
        return replace(alone, unmapped=(*alone.unmapped, *unmapped))
    return Imported(parts=parts, unmapped=tuple(unmapped))


def _service(document: Document) -> Imported:
    unmapped: list[Unmapped] = []
    scoped = is_tenant_scoped(document)
    entities = list(tables(document, scoped, unmapped))
    names = Names(entity.name for entity in entities)
    carrier = names.claim(snake(name_of(document), "service"), "service")
    endpoints = Endpoints(document, entities, carrier, unmapped)
    routes = tuple(endpoints.routes(emitted(document, endpoints, unmapped)))
    if any(route.entity == carrier for route in routes):
        entities.append(_carrier(document, carrier, scoped, unmapped))
    return Imported(
        entities=tuple(entities),
        routes=routes,
        contracts=tuple(surroundings(document, endpoints.listed, unmapped)),
        unmapped=tuple(unmapped),
        operations=tuple(
            (one.method, "/" + "/".join(one.steps)) for one in endpoints.listed
        ),
        checklist=tuple(_checklist(entities)),
        routed=not endpoints.listed,
        place=_place(document),
    )


def _carrier(
    document: Document, name: str, scoped: bool, unmapped: list[Unmapped]
) -> EntityDraft:
    """What endpoints stand at that are about no table, because every route has an entity."""
    place = _place(document)
    reason = "its endpoints are about no table, so they stand at an entity with nothing but a key"
    unmapped.append(Unmapped(place, f"service {name}", reason, name))
    evidence = Evidence(place, "spec-sheet/service")
    keys = {"type": "uuid", "required": True, "computed": "uuid"}
    return EntityDraft(
        name=name,
        fields=(FieldDraft(name="id", keys=keys, evidence=evidence),),
        evidence=evidence,
        primary_key=("id",),
        description=about_of(document),
        keys={"tenant_scoped": True} if scoped else {},
        paged=False,
    )


def _place(document: Document) -> Place:
    return document.place(next(key for key in NAMES if key in document.value))


def _checklist(entities: list[EntityDraft]) -> list[str]:
    """Columns that the service fills although the sheet does not say who does."""
    found = []
    for entity in entities:
        filled = [f.name for f in entity.fields if f.evidence.rule in _FILLED]
        if filled:
            names = ", ".join(f"`{name}`" for name in filled)
            found.append(
                f"`{entity.name}`: the service fills {names}; the sheet names no default"
            )
    return found


_FILLED = frozenset({"spec-sheet/key", "spec-sheet/timestamp"})
