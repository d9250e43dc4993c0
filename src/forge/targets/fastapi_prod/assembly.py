"""Modules that hold a share of every entity, put together from one part for each.

A part is planned on its own, from a slice of the application, so that a change of one entity
leaves the parts of the others as they were. Names that two parts claim need a decision about all
of them: then the module is planned as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forge.emit import Code, Templates
from forge.emit.memo import Slice, memo, slices
from forge.emit.sql_names import ConstraintNames
from forge.ir.application import Application
from forge.ir.relations import Ends, relations
from forge.targets.fastapi_prod import plan_entities, plan_models
from forge.targets.fastapi_prod.plan_entities import EntitiesPlan
from forge.targets.fastapi_prod.plan_models import ModelsPlan
from forge.targets.fastapi_prod.plan_names import EntityNames
from forge.targets.fastapi_prod.plan_types import RUNTIME
from forge.targets.fastapi_prod.printing import Import, Imports

_TEMPLATES = Templates("forge.targets.fastapi_prod")

_Used = list[tuple[str, list[str]]]
_ModelsPart = tuple[str, _Used, dict[str, str]]
"""Its classes, what they import, and the bodies of particular operations."""
_EntitiesPart = tuple[str, _Used, list[str], str]
"""Its declarations, what they import, the names they claim, the FQN of its workflow."""


@dataclass(frozen=True, slots=True)
class Models:
    """The module `models.py`: its imports and the text of its classes."""

    standard: tuple[Import, ...]
    third_party: tuple[Import, ...]
    own: tuple[Import, ...]
    text: Code
    bodies: Mapping[str, str]
    """Operation id -> name of the body, where the operation has one of its own."""


@dataclass(frozen=True, slots=True)
class Entities:
    """The module `entities.py`: its imports, the text of its declarations, their names."""

    imports: tuple[Import, ...]
    text: Code
    constants: tuple[Code, ...]


def assemble_models(ir: Application, names: Mapping[str, EntityNames]) -> Models:
    """The classes of every entity, in the order of their FQNs."""
    parts = [
        memo(_models_part, piece, names[piece.entities[0].fqn]) for piece in slices(ir)
    ]
    claimed = [name for _, _, bodies in parts for name in bodies.values()]
    if _repeated(claimed):
        parts = [_models(plan_models.plan_models(ir, names))]
    imports = _merged(used for _, used, _ in parts)
    return Models(
        imports.of("typing"),
        imports.of("pydantic"),
        imports.of(RUNTIME),
        Code("".join(text for text, _, _ in parts)),
        {key: name for _, _, bodies in parts for key, name in bodies.items()},
    )


def _models_part(piece: Slice, own: EntityNames) -> _ModelsPart:
    return _models(plan_models.plan_models(piece, {piece.entities[0].fqn: own}))


def _models(plan: ModelsPlan) -> _ModelsPart:
    text = _TEMPLATES.render("model_classes.jinja", models=plan.models)
    used = _used((*plan.standard, *plan.third_party, *plan.own))
    return text, used, dict(plan.bodies)


def assemble_entities(ir: Application, names: Mapping[str, EntityNames]) -> Entities:
    """The declarations of every entity, in the order of their FQNs."""
    constraints, ends = ConstraintNames(ir), relations(ir).ends
    parts = [
        memo(_entities_part, piece, names[fqn], constraints, ends[fqn])
        for piece in slices(ir)
        for fqn in (piece.entities[0].fqn,)
    ]
    constants = [names[entity.fqn].constant for entity in ir.entities]
    claimed = ["ENTITIES", *constants, *(n for part in parts for n in part[2])]
    workflows = [part[3] for part in parts if part[3]]
    if _repeated(claimed) or _repeated(workflows):
        whole = plan_entities.plan_entities(ir, names, constraints, ends)
        parts = [_entities(whole)]
    return Entities(
        _merged(part[1] for part in parts).of(*plan_entities.MODULES),
        Code("".join(part[0] for part in parts)),
        tuple(map(Code, constants)),
    )


def _entities_part(
    piece: Slice, own: EntityNames, constraints: ConstraintNames, ends: tuple[Ends, ...]
) -> _EntitiesPart:
    fqn = piece.entities[0].fqn
    plan = plan_entities.plan_entities(piece, {fqn: own}, constraints, {fqn: ends})
    return _entities(plan)


def _entities(plan: EntitiesPlan) -> _EntitiesPart:
    claimed = []
    workflow = ""
    for entity in plan.entities:
        claimed += [str(function.name) for function in entity.functions]
        if entity.workflow is not None:
            workflow = entity.workflow_fqn
            claimed.append(str(entity.workflow.constant))
            claimed += [str(function.name) for function in entity.workflow.functions]
    text = _TEMPLATES.render("entity_declarations.jinja", entities=plan.entities)
    return text, _used(plan.imports), claimed, workflow


def _used(imports: Iterable[Import]) -> _Used:
    return [(str(one.module), [str(name) for name in one.names]) for one in imports]


def _merged(parts: Iterable[_Used]) -> Imports:
    merged = Imports()
    for used in parts:
        for module, names in used:
            for name in names:
                merged.use(module, name)
    return merged


def _repeated(names: list[str]) -> bool:
    return len(set(names)) < len(names)
