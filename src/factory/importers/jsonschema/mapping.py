"""Schemas of files as drafts: those of objects that have a name, and the files themselves."""

from __future__ import annotations

from typing import Any

from factory.importers.documents import load_all
from factory.importers.drafts import Imported, Place, Unmapped, Unreadable
from factory.importers.jsonschema.naming import Found, is_schema, schemas_in
from factory.importers.naming import Names
from factory.importers.reading import Text
from factory.importers.schemas import Entities, Named, References, Schemas

ENDINGS = frozenset({".json", ".yaml", ".yml", ".jsonschema", ".schema"})


def read(texts: tuple[Text, ...]) -> Imported:
    """The schemas of all files together. Raises `Unreadable`."""
    loaded = load_all(texts, ENDINGS)
    unmapped = list(loaded.unmapped)
    documents = []
    for document in loaded.documents.values():
        if is_schema(document.value):
            documents.append(document)
        else:
            reason = "is no JSON Schema"
            unmapped.append(Unmapped(document.place(), document.name, reason))
    if not documents:
        place = unmapped[0].place if unmapped else Place(texts[0].name, 1)
        raise Unreadable(place, "no file here is a JSON Schema")
    found = [one for document in documents for one in schemas_in(document)]
    named, copies = _unique(found, unmapped)
    references = References(documents[0], loaded.documents.values())
    entities = Entities(Schemas(references, named, copies), "jsonschema")
    drafts = entities.all()
    others = entities.others()
    return Imported(
        entities=drafts,
        unmapped=(*unmapped, *entities.unmapped),
        enums=entities.enums,
        others=others,
    )


def _unique(
    found: list[Found], unmapped: list[Unmapped]
) -> tuple[dict[str, Named], list[tuple[Any, str]]]:
    """Schemas by names that no other has, and copies of some in other files."""
    named: dict[str, Named] = {}
    copies = []
    names = Names()
    # Files come first: what a definition inside of another is called matters less.
    for one in sorted(found, key=lambda one: len(one.schema.path) > 1):
        known = named.get(one.name)
        if known is not None and known.schema == one.schema.schema:
            copies.append((one.schema.schema, one.name))
            reason = f"is the same as at {known.place()}"
            unmapped.append(Unmapped(one.schema.place(), one.name, reason))
            continue
        named[names.claim(one.name if known is None else one.full)] = one.schema
    return named, copies
