"""A contract that compiles, of each of the seven kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from factory.emitters.page_emitter import page_spec
from factory.emitters.route_emitter import route_spec
from factory.importers.composition import COLUMNS
from factory.importers.naming import singular
from factory.phrases.chains import drawn as drawn_chain
from factory.phrases.chains import told as told_chain
from factory.phrases.composing import MIXINS, NAME, compose_facts
from factory.phrases.describing import Present
from factory.phrases.facts import Life
from factory.phrases.lifecycles import drawn, workflow_spec
from factory.phrases.reading import Missed, read_phrases
from factory.phrases.tokens import clauses
from factory.starters.fields import Misspelt, given_field
from forge.checks.contract.duplicate_fqn import RULE as TAKEN
from forge.checks.reporting import choices
from forge.checks.subject import place_of
from forge.contracts.envelope import API_VERSION, Kind
from forge.contracts.vocabulary import InfraCategory
from forge.diagnostics import Diagnostic
from forge.ir.entities import Entity
from forge.source import plain

STATES = "new -> in_progress -> done"
"""The life of records of which no states are given."""
CONFIGS: dict[InfraCategory, dict[str, Any]] = {
    InfraCategory.AUTH: {"provider": "jwt", "roles": ["admin", "user"]},
    InfraCategory.TENANCY: {"source": "header", "header": "X-Tenant-Id"},
}


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of a contract that is to be."""

    kind: Kind
    domain: str
    name: str
    about: str = ""
    """A description; of entities, mixins and workflows the phrases in it count."""
    entity: str = ""
    fields: tuple[str, ...] = ()
    states: str = ""
    trigger: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """Contracts to propose: the one that is asked for, and what has to change with it."""

    contracts: tuple[dict[str, Any], ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    missed: tuple[Missed, ...] = ()
    """What of the description no phrase fits."""


def start(given: Given, there: Present) -> Started:
    """The starter of what is given. Raises `Misspelt` for what cannot be read."""
    fqn = f"{given.kind.lower_name}/{given.domain}/{given.name}"
    taken = there.contracts.get(fqn)
    if taken is not None:
        told = f"`spc factory refine {taken.file}` changes it; or take another name"
        fault = TAKEN.at(
            place_of(taken), label="stands here already", help=told, fqn=fqn
        )
        return Started(faults=(fault,))
    return _STARTERS[given.kind](given, there)


def _contract(
    given: Given, spec: dict[str, Any], *, kind: Kind | None = None, name: str = ""
) -> dict[str, Any]:
    metadata = {"name": name or given.name, "domain": given.domain}
    if given.about and not name:
        metadata["description"] = given.about
    chosen = (kind or given.kind).value
    return {
        "apiVersion": API_VERSION,
        "kind": chosen,
        "metadata": metadata,
        "spec": spec,
    }


def _fields(given: Given, there: Present) -> dict[str, Any]:
    names = (*there.things, given.name)
    found = dict(given_field(text, given.domain, names) for text in given.fields)
    for keys in found.values():
        target = keys.get("references", {}).get("entity", "").rpartition("/")[2]
        known = _entity(there, target)
        if known is not None and len(known.primary_key) == 1:
            key = known.field(known.primary_key[0])
            keys["type"] = key.type.value if key else keys["type"]
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What the phrases of a description come to."""

    given: Given
    """Without the description, where it is read as phrases."""
    spec: dict[str, Any] = field(default_factory=dict)
    flow: dict[str, Any] = field(default_factory=dict)
    missed: tuple[Missed, ...] = ()


def _described(given: Given, there: Present) -> _Said:
    """Keys of an entity and of its workflow, from the phrases of a description."""
    shown = given.name.replace("_", " ")
    texts = (given.about, f"A {shown} has {given.about}", f"A {shown} {given.about}")
    known = (*there.things, given.name)
    readings = [read_phrases(text, known, (given.name,)) for text in texts]
    best = min(
        readings, key=lambda r: (sum(len(m.text) for m in r.missed), -len(r.facts))
    )
    about = {getattr(f, "thing", getattr(f, "source", "")) for f in best.facts}
    if not given.about or given.name not in about:
        return _Said(given)
    composed = compose_facts(best.facts, given.domain, there.application)
    specs = {(one.kind, one.name): one.contract["spec"] for one in composed.contracts}
    return _Said(
        replace(given, about=""),
        specs.get((Kind.ENTITY, given.name), {}),
        specs.get((Kind.WORKFLOW, f"{given.name}_lifecycle"), {}),
        best.missed,
    )


def _start_entity(given: Given, there: Present) -> Started:
    said = _described(given, there)
    fields = {**said.spec.get("fields", {}), **_fields(given, there)}
    spec: dict[str, Any] = {
        **said.spec,
        "fields": fields or {"name": dict(NAME)},
        "mixins": list(MIXINS),
    }
    flow = _states(given.states) if given.states else said.flow
    contracts = []
    if flow:
        name = f"{given.name}_lifecycle"
        spec["state_machine"] = f"workflow/{given.domain}/{name}"
        contracts = [_contract(given, flow, kind=Kind.WORKFLOW, name=name)]
    return Started((*contracts, _contract(said.given, spec)), missed=said.missed)


def _start_mixin(given: Given, there: Present) -> Started:
    said = _described(given, there)
    fields = {**said.spec.get("fields", {}), **_fields(given, there)}
    spec = {"fields": fields or {"note": {"type": "text"}}}
    return Started((_contract(said.given, spec),), missed=said.missed)


def _start_workflow(given: Given, there: Present) -> Started:
    """A workflow, and the entity that it moves where one is given."""
    contract = _contract(given, _states(given.states or _arrows(given.about) or STATES))
    if not given.entity:
        return Started((contract,))
    known = there.contracts.get(f"entity/{given.domain}/{_bare(given.entity)}")
    before = plain(known.root) if known else None
    if not isinstance(before, dict) or not isinstance(before.get("spec"), dict):
        raise Misspelt(_no_entity(given.entity, there))
    machine = f"workflow/{given.domain}/{given.name}"
    spec = before["spec"]
    if isinstance(spec, dict) and spec.get("state_machine", machine) != machine:
        held = spec["state_machine"]
        raise Misspelt(f"`{_bare(given.entity)}` has the workflow `{held}` already")
    moved = {**before, "spec": {**before["spec"], "state_machine": machine}}  # type: ignore[dict-item]
    return Started((contract, moved))


def _start_route(given: Given, there: Present) -> Started:
    entity = _of(given, there)
    flow = entity.state_machine.fqn if entity and entity.state_machine else ""
    return Started(
        (_contract(given, route_spec(given.name, _fqn(given, entity), flow)),)
    )


def _start_page(given: Given, there: Present) -> Started:
    entity = _of(given, there)
    fields = (
        [f for f in entity.fields if not f.sensitive and f.computed is None]
        if entity
        else []
    )
    columns = [f.name for f in fields][:COLUMNS] or ["id"]
    spec = page_spec(given.name, _fqn(given, entity), columns)
    route = next(
        (r for r in there.application.routes if entity and r.entity == entity.fqn), None
    )
    if route is None:
        del spec["data_sources"]
    else:
        spec["data_sources"] = [{"endpoint": route.base_path, "alias": route.name}]
    return Started((_contract(given, spec),))


def _start_agent(given: Given, there: Present) -> Started:
    entity = _of(given, there)
    every = [f for f in entity.fields if f.computed is None] if entity else []
    named = [text.partition(":")[0].rstrip("!") for text in given.fields]
    texts = [
        f.name for f in every if f.type.value in ("string", "text") and not f.reference
    ]
    updates = named or texts[:1] or [f.name for f in every][:1] or ["id"]
    types = {f.name: f.type.value for f in every}
    fqn = _fqn(given, entity)
    spec = {
        "trigger": given.trigger or f"{fqn.rpartition('/')[2]}.created",
        "input": {"entity": fqn},
        "output": {
            "updates": {name: {"type": types.get(name, "string")} for name in updates}
        },
    }
    return Started((_contract(given, spec),))


def _start_infra(given: Given, there: Present) -> Started:
    category = given.category or given.name
    chosen = category if category in set(InfraCategory) else ""
    spec: dict[str, Any] = {"category": category}
    if chosen and (config := CONFIGS.get(InfraCategory(chosen))):
        spec["config"] = dict(config)
    return Started((_contract(given, spec),))


def _states(text: str) -> dict[str, Any]:
    """A workflow from states in any notation of the grammar."""
    lives = []
    for tokens in clauses(text):
        chain = drawn_chain(tokens, 0) or told_chain(tokens, 0)
        if chain is None or chain[2] < len(tokens):
            raise Misspelt(
                f"`{text}` is no row of states: write `new -> open -> closed`"
            )
        lives.append(Life("", chain[0], chain[1], (0, 0)))
    said = drawn(lives)
    if len(said.states) < 2 or not said.steps:
        raise Misspelt(f"`{text}` holds no step between two states")
    return workflow_spec(said)


def _arrows(text: str) -> str:
    return text if "->" in text or "→" in text else ""


def _of(given: Given, there: Present) -> Entity | None:
    """The entity that a contract is about: the one that is given, or that its name tells."""
    return _entity(there, _bare(given.entity) if given.entity else singular(given.name))


def _fqn(given: Given, entity: Entity | None) -> str:
    if entity is not None:
        return entity.fqn
    name = _bare(given.entity) if given.entity else singular(given.name)
    return f"entity/{given.domain}/{name}"


def _entity(there: Present, name: str) -> Entity | None:
    return next((e for e in there.application.entities if e.name == name), None)


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


def _no_entity(name: str, there: Present) -> str:
    told = choices(_bare(name), there.things, "the entities are")
    return f"there is no entity `{_bare(name)}`" + (f": {told}" if told else "")


_STARTERS: dict[Kind, Callable[[Given, Present], Started]] = {
    Kind.ENTITY: _start_entity,
    Kind.WORKFLOW: _start_workflow,
    Kind.ROUTE: _start_route,
    Kind.PAGE: _start_page,
    Kind.AGENT: _start_agent,
    Kind.MIXIN: _start_mixin,
    Kind.INFRA: _start_infra,
}
