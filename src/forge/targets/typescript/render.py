"""The plan as text."""

from __future__ import annotations

from collections.abc import Iterable

from forge.emit import Code, File, Templates
from forge.emit.memo import Slice, memo, slices
from forge.ir.application import Application
from forge.targets.typescript.plan import EntityPlan, Plan, plan_entities
from forge.targets.typescript.types import Shared

PATH = "types.ts"

_templates = Templates(__package__)


def render(ir: Application, plan: Plan) -> File:
    """The file of a plan."""
    text = _templates.render("types.ts.jinja", plan=plan, entities=_types(ir, plan))
    return File(PATH, text, plan.sources)


def _types(ir: Application, plan: Plan) -> Code:
    """The types of every entity, each made for itself unless two claim one name."""
    parts = [
        memo(_part, piece, noun, plan.shared)
        for piece, noun in zip(slices(ir), plan.nouns, strict=True)
    ]
    taken = [*plan.nouns, *plan.shared.names(), *(n for p in parts for n in p[1])]
    if len(set(taken)) < len(taken):
        given = {*plan.nouns, *plan.shared.names()}
        return _texts(plan_entities(ir.entities, plan.nouns, plan.shared, given))
    return Code("".join(text for text, _ in parts))


def _part(piece: Slice, noun: str, shared: Shared) -> tuple[str, list[str]]:
    """The text of one entity's types, and the names that they claim."""
    claimed: set[str] = set()
    planned = plan_entities(piece.entities, (noun,), shared, claimed)
    return str(_texts(planned)), sorted(claimed)


def _texts(entities: Iterable[EntityPlan]) -> Code:
    return Code(
        "".join(_templates.render("entity.ts.jinja", entity=e) for e in entities)
    )
