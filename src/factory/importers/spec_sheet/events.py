"""Events of a sheet: those that an endpoint emits, and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import Place, Unmapped
from factory.importers.naming import snake
from factory.importers.spec_sheet.endpoints import Endpoints, Listed
from factory.importers.spec_sheet.splitting import shortened
from forge.ir.types import Operation

_DONE = {
    "created": (Operation.CREATE,),
    "updated": (Operation.UPDATE, Operation.REPLACE),
    "deleted": (Operation.DELETE,),
}
"""What `thing.created` follows from."""


LONGEST = 200
"""Characters of an event's name."""
WAYS = {
    "produces": ("produces", "produced", "publishes", "published", "emits"),
    "consumes": ("consumes", "consumed", "subscribes", "subscribed", "listens"),
}


def emitted(
    document: Document, endpoints: Endpoints, unmapped: list[Unmapped]
) -> dict[Listed, list[str]]:
    """The events that each endpoint emits; the others go to `unmapped`."""
    found: dict[Listed, list[str]] = {}
    for place, name, spec in _events(document, "produces"):
        if not name:
            unmapped.append(Unmapped(place, "an event", "has no name"))
            continue
        sources = list(_sources(name, endpoints))
        for one in sources:
            found.setdefault(one, []).append(name)
        if not sources:
            reason = "no standard endpoint does it: `ctx.emit` in a function of `behaviors/` can"
            unmapped.append(Unmapped(place, f"event {shortened(name)}", reason))
        if isinstance(spec.get("schema"), str):
            what = f"event {shortened(name)} schema {shortened(spec['schema'])}"
            reason = "the sheet does not hold the schema; the record is what is sent"
            unmapped.append(Unmapped(place, what, reason))
    for place, name, _ in _events(document, "consumes"):
        reason = "no contract says what a service does with events of others"
        unmapped.append(Unmapped(place, f"event {shortened(name)} consumed", reason))
    return found


def _sources(name: str, endpoints: Endpoints) -> Iterator[Listed]:
    noun, _, verb = name.rpartition(".")
    table = endpoints.table_of(noun) if noun else ""
    wanted = _DONE.get(snake(verb, "?"), ())
    for one in endpoints.listed if table and wanted else ():
        if endpoints.place_of(one)[0] == table and endpoints.standard(one) in wanted:
            yield one


def _events(
    document: Document, way: str
) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    events = document.value.get("events")
    known = events if isinstance(events, dict) else {}
    way = next((key for key in WAYS[way] if key in known), way)
    listed = known.get(way)
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        name = one.get("name") if isinstance(one, dict) else one
        place = document.place("events", way, str(number), "name")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST:
            yield place, "", {}
        else:
            yield place, name, one if isinstance(one, dict) else {}
