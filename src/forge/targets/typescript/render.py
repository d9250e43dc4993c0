"""The plan as text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from forge.emit import Code, File, Templates
from forge.emit.memo import Slice, memo, slices
from forge.ir.application import Application
from forge.targets.clients.calls import Beside
from forge.targets.typescript.plan import EntityPlan, Plan, plan_entities
from forge.targets.typescript.plan_client import plan_client
from forge.targets.typescript.types import Shared

TYPES = "types.ts"
CLIENT = "client.ts"

_MARK = "// ---- the same for every service from here on ----\n"
_templates = Templates(__package__)

_Texts = tuple[str, list[str]]
"""The types of entities, and the operations of each of their routes."""


def render(ir: Application, plan: Plan) -> Iterator[File]:
    """The files of a plan."""
    entities, members = _texts_of(ir, plan)
    text = _templates.render("types.ts.jinja", plan=plan, entities=Code(entities))
    yield File(TYPES, text, plan.sources)
    client = plan_client(ir, members, plan.shared)
    text = _templates.render("client.ts.jinja", plan=client, transport=transport())
    yield File(CLIENT, text, client.sources)


def _texts_of(ir: Application, plan: Plan) -> tuple[str, dict[str, Code]]:
    """The types of every entity, each made for itself unless two claim one name."""
    parts = [
        memo(_part, piece, noun, about, plan.shared)
        for piece, noun, about in zip(slices(ir), plan.nouns, plan.beside, strict=True)
    ]
    taken = [*plan.nouns, *plan.shared.names(), *(n for p in parts for n in p[2])]
    if len(set(taken)) < len(taken):
        return _joined(ir, _whole(ir, plan))
    return _joined(ir, [(types, members) for types, members, _ in parts])


def _whole(ir: Application, plan: Plan) -> list[_Texts]:
    """The types of all entities, planned together."""
    given = {*plan.nouns, *plan.shared.names()}
    planned = plan_entities(ir, plan.nouns, plan.beside, plan.shared, given)
    return [_texts(one) for one in planned]


def _joined(ir: Application, texts: list[_Texts]) -> tuple[str, dict[str, Code]]:
    """All types, and the operations of each route by its FQN."""
    routes = [route.fqn for piece in slices(ir) for route in piece.routes]
    members = [Code(text) for _, found in texts for text in found]
    return "".join(types for types, _ in texts), dict(zip(routes, members, strict=True))


def _part(
    piece: Slice, noun: str, about: Beside, shared: Shared
) -> tuple[str, list[str], list[str]]:
    """What one entity comes to, and the names that it claims."""
    claimed: set[str] = set()
    (planned,) = plan_entities(piece, (noun,), (about,), shared, claimed)
    return *_texts(planned), sorted(claimed)


def _texts(entity: EntityPlan) -> _Texts:
    members = [
        _templates.render("resource.ts.jinja", members=members)
        for members in entity.members
    ]
    return _templates.render("entity.ts.jinja", entity=entity), members


@cache
def transport() -> Code:
    """The code that every client shares, verbatim."""
    (folder,) = import_module(__package__ or "").__path__
    text = (Path(folder) / "kit" / "transport.ts").read_bytes().decode()
    _, mark, constant = text.partition(_MARK)
    return Code(mark + constant.rstrip("\n"))
