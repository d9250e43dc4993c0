"""What `expand` shows beside a record: its parameter and the members of representations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from forge.emit.names import pascal
from forge.ir.application import Application
from forge.ir.relations import aliases, relations, serving
from forge.targets.openapi.values import Schema

MAX_DEPTH: Final = 4
MAX_PATHS: Final = 16
MAX_RELATED: Final = 100
_FIRST: Final = (
    f"Shown where `expand` names it: the first {MAX_RELATED} by key, "
    "fewer on long pages."
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What can be seen along with the records of one entity."""

    members: tuple[tuple[str, str, bool], ...] = ()
    """Each relation's name, the schema of its records, whether there are any number."""
    edges: tuple[str, ...] = ()
    """Other names of relations."""
    walked: tuple[str, ...] = ()
    """The names of the edges that a graph may follow from or to such a record."""
    guarded: bool = False
    """Whether a role may be needed to see something."""


NOTHING: Final = Beside()


def beside(ir: Application) -> Mapping[str, Beside]:
    """What can be seen along with the records of each entity, by FQN."""
    of, read = relations(ir).of, serving(ir)
    guarded = any(one.roles for found in of.values() for one in found)
    return {
        fqn: Beside(
            tuple((r.name, _schema_name(r.target), r.many) for r in found),
            edges=tuple(aliases(found)),
            walked=tuple(r.edge for r in found if r.edge and fqn in read),
            guarded=guarded,
        )
        for fqn, found in of.items()
        if found
    }


def _schema_name(fqn: str) -> str:
    return pascal(fqn.rpartition("/")[2]) or "Unnamed"


def parameter(about: Beside) -> dict[str, Any]:
    """The parameter `expand`. Its first steps are told by name, deeper ones by form."""
    names = "|".join([*(name for name, _, _ in about.members), *about.edges])
    deeper = rf"(?:\.[A-Za-z][A-Za-z0-9_]*){{0,{MAX_DEPTH - 1}}}"
    return {
        "name": "expand",
        "in": "query",
        "description": "Relations to show with each record; dots lead on to theirs.",
        "explode": False,
        "schema": {
            "type": "array",
            "items": {"type": "string", "pattern": f"^(?:{names}){deeper}$"},
            "minItems": 1,
            "maxItems": MAX_PATHS,
        },
    }


def members(about: Beside) -> dict[str, Schema]:
    """The members that `expand` adds to a representation."""
    return {name: _member(schema, many) for name, schema, many in about.members}


def _member(schema_name: str, many: bool) -> Schema:
    record = {"$ref": f"#/components/schemas/{schema_name}"}
    if not many:
        return {
            "description": "Shown where `expand` names it.",
            "anyOf": [record, {"type": "null"}],
        }
    return {
        "description": _FIRST,
        "type": "array",
        "items": record,
        "maxItems": MAX_RELATED,
    }
