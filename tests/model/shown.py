"""How a record is shown: its fields, and where one may go from it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from forge.ir.application import Application, Route
from forge.ir.entities import Entity, ForeignKey
from forge.ir.types import Operation
from tests.model.answers import Row
from tests.model.unknown import Joined, Unknown
from tests.model.values import show
from tests.model.words import key_parts


def shown(ir: Application, route: Route, entity: Entity, row: Row) -> dict[str, Any]:
    """The representation of a record: all that is not sensitive, and its links."""
    found = {
        f.name: show(f.type, row[f.name]) for f in entity.fields if not f.sensitive
    }
    return found | {"_links": links(ir, route, entity, row)}


def chosen(
    entity: Entity, fields: tuple[str, ...] | None, whole: dict[str, Any]
) -> dict[str, Any]:
    """What is left of a representation where only some fields are wanted."""
    if fields is None:
        return whole
    kept = {*fields, *entity.primary_key, "_links"}
    return {name: value for name, value in whole.items() if name in kept}


def links(ir: Application, route: Route, entity: Entity, row: Row) -> dict[str, Any]:
    """Where one may go from a record."""
    own = (f"{route.base_path}/", *path(entity, row))
    found: dict[str, Any] = {"self": Joined(own), "collection": route.base_path}
    for name, key in named_references(entity):
        target, home = ir.entity(key.entity), home_of(ir, key.entity)
        if target is None or home is None:
            continue
        hidden = any(f.sensitive for f in entity.fields if f.name in key.fields)
        if hidden or sorted(key.references) != sorted(target.primary_key):
            continue
        values = dict(zip(key.references, (row[n] for n in key.fields), strict=True))
        if None not in values.values():
            found[name] = Joined((f"{home.base_path}/", *path(target, values)))
    if route.endpoint(Operation.TRANSITION) is not None:
        for state in steps(entity, row):
            found[f"state:{state}"] = Joined((*own, "/state"))
    return found


def named_references(entity: Entity) -> list[tuple[str, ForeignKey]]:
    """Each reference under its name in links: `customer` for `customer_id`."""
    found: dict[str, ForeignKey] = {}
    for key in entity.all_foreign_keys():
        whole = "_".join(key.fields)
        short = key.fields[0].removesuffix("_id") or whole
        name = short if len(key.fields) == 1 else key.entity.rpartition("/")[2]
        taken = name in found or name in ("self", "collection")
        found[whole if taken else name] = key
    return list(found.items())


def home_of(ir: Application, fqn: str) -> Route | None:
    """The first route that serves single records of an entity."""
    served = (r for r in ir.routes if r.entity == fqn and r.endpoint(Operation.READ))
    return next(served, None)


def steps(entity: Entity, row: Row) -> tuple[str, ...]:
    """The states that a record may go to."""
    flow, state = entity.state_machine, row.get(entity.state_field)
    if flow is None or not isinstance(state, str):
        return ()
    instead = flow.type_overrides.get(str(row["type"]), ()) if "type" in row else ()
    own = tuple(t.target for t in instead if t.source == state)
    return own or flow.targets(state)


def path(entity: Entity, row: Row) -> list[Any]:
    """The key of a record in a path, in pieces, because some are not known yet."""
    return [
        part if isinstance(part, Unknown) else quote(str(part), safe=",")
        for part in key_parts(entity, row)
    ]
