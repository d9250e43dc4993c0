"""Facts to contracts: entities, workflows, routes and pages, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from factory.emitters.page_emitter import page_spec
from factory.emitters.route_emitter import route_spec
from factory.importers.composition import COLUMNS, EntityNames, Written
from factory.importers.naming import Names, singular
from factory.phrases.facts import Domain, Fact, Field, Life, Numbering, Relation, Thing
from factory.phrases.lifecycles import drawn, workflow_spec
from factory.phrases.linking import GENERIC, Join, linked, reference_names
from factory.phrases.valuing import MANAGED, field_keys, field_name
from forge.contracts.envelope import API_VERSION, Kind
from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.ir.naming import plural

MIXINS = ("mixin/stdlib/timestamped", "mixin/stdlib/identifiable")
NAME = {"type": "string", "required": True, "constraints": {"maxLength": 200}}
DISPLAYED = ("name", "title", "subject", "label", "full_name", "email")
"""Fields that stand for a record, the best first."""
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,5}")


@dataclass(slots=True)
class Composed:
    """Contracts of a domain, and what people should know about how they came about."""

    contracts: list[Written] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Thing:
    """All that is said of one thing."""

    said: str
    name: str
    known: Entity | None
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    unique: list[list[str]] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    prefix: str = ""
    named: bool = False
    """Whether anything but references is said."""


def compose_facts(facts: Iterable[Fact], domain: str, known: Application) -> Composed:
    """The contracts that say what `facts` say; `known` is what the domain holds already."""
    composer = _Composer(tuple(facts), domain, known)
    composer.compose()
    return composer.composed


class _Composer:
    def __init__(
        self, facts: tuple[Fact, ...], domain: str, known: Application
    ) -> None:
        self.facts = facts
        self.domain = domain
        self.known = known
        self.entities = {e.name: e for e in known.entities}
        self.names = EntityNames(self.entities)
        self.things: dict[str, _Thing] = {}
        self.composed = Composed()

    def compose(self) -> None:
        relations = [fact for fact in self.facts if isinstance(fact, Relation)]
        for name in _mentioned(self.facts):
            self._thing(name)
        links = linked(relations, self.things)
        for join in links.joins:
            self._thing(join.name).named = True
        self._lives()
        self._fields()
        for join in links.joins:
            self._join(join)
        for relation in links.references:
            self._reference(relation)
        for thing in self.things.values():
            self._finish(thing)
        for thing in self.things.values():
            self._write(thing)

    def note(self, text: str) -> None:
        if text not in self.composed.notes:
            self.composed.notes.append(text)

    def _thing(self, said: str) -> _Thing:
        if said not in self.things:
            known = self.entities.get(said)
            name = said if known else self.names.claim(said)
            if name != said:
                self.note(
                    f"`{said}` cannot be the name of an entity here: it is `{name}`"
                )
            self.things[said] = _Thing(said, name, known)
        return self.things[said]

    def fqn(self, kind: str, name: str) -> str:
        return f"{kind}/{self.domain}/{name}"

    def _fields(self) -> None:
        stated = [f for f in self.facts if isinstance(f, Field) and f.stated]
        for fact in self.facts:
            if isinstance(fact, Field) and not fact.stated:
                self._field(self._thing(fact.thing), fact.name, fact.keys)
        for fact in stated:
            thing = self._owner(fact)
            if thing is not None:
                self._field(thing, self._spelled(thing, fact.name), fact.keys)

    def _owner(self, fact: Field) -> _Thing | None:
        """Whose value is spoken of: the only thing that has one of that name."""
        if fact.thing:
            return self._thing(fact.thing)
        owners = [
            t for t in self.things.values() if self._spelled(t, fact.name) in t.fields
        ]
        if len(owners) == 1:
            return owners[0]
        why = "nothing" if not owners else "more than one thing"
        self.note(
            f"`{fact.name}` is spoken of, but {why} has one: nothing follows from that"
        )
        return None

    def _spelled(self, thing: _Thing, name: str) -> str:
        return name if name in thing.fields else singular(name)

    def _field(self, thing: _Thing, said: str, keys: dict[str, Any]) -> None:
        if said == f"{thing.said}_id":
            self.note(
                f"`{said}` is the key of `{thing.name}` itself, which is its `id`"
            )
            return
        named = field_name(thing.name, said)
        if named.name in MANAGED:
            self.note(f"every entity has `{named.name}`: the service fills it")
            return
        if thing.lives and said in (
            "state",
            "status",
            "lifecycle",
            "workflow",
            "stage",
        ):
            self.note(
                f"the {said} of `{thing.name}` is its `state`, which the workflow moves"
            )
            return
        if said == "number" and thing.prefix:
            return
        if named.note:
            self.note(named.note)
        thing.named = True
        thing.fields[named.name] = {**thing.fields.get(named.name, {}), **keys}

    def _lives(self) -> None:
        for fact in self.facts:
            if isinstance(fact, Life):
                self._thing(fact.thing).lives.append(fact)
            elif isinstance(fact, Numbering):
                thing = self._thing(fact.thing)
                if _PREFIX.fullmatch(fact.prefix):
                    thing.prefix = fact.prefix
                    self.note(
                        f"numbers of `{thing.name}` look like `{fact.prefix}-000001`"
                    )
                else:
                    self.note(
                        f"`{fact.prefix}` cannot begin numbers: 2 to 6 capitals can"
                    )

    def _join(self, join: Join) -> None:
        thing = self._thing(join.name)
        sides = (join.source, join.target)
        for side, name in zip(sides, join.fields, strict=True):
            target = self._thing(side)
            thing.fields[name] = {
                "type": "uuid",
                "required": True,
                "references": {
                    "entity": self.fqn("entity", target.name),
                    "on_delete": "cascade",
                },
            }
        if not join.repeats:
            thing.unique.append(list(join.fields))
        self.note(
            f"`{thing.name}` joins `{self._thing(join.source).name}` and "
            f"`{self._thing(join.target).name}`, because each may have many of the other"
        )

    def _reference(self, relation: Relation) -> None:
        source, target = self._thing(relation.source), self._thing(relation.target)
        fqn = self.fqn("entity", target.name)
        if source.known and _refers(source.known, fqn, relation.edge):
            return
        present = [f.name for f in source.known.fields] if source.known else []
        names = Names([*source.fields, *present])
        first, *others = reference_names(relation)
        kind = self._key_type(target)
        if kind is None:
            self.note(
                f"`{target.name}` has a key of several fields: `{source.name}` cannot refer to it"
            )
            return
        keys: dict[str, Any] = {"type": kind}
        if relation.required:
            keys["required"] = True
        keys["references"] = {"entity": fqn, "graph_edge": relation.edge}
        if not relation.required:
            keys["references"]["on_delete"] = "set_null"
        elif relation.owns and source.name.startswith(f"{target.name}_"):
            keys["references"]["on_delete"] = "cascade"
        source.fields[names.claim(first, *others)] = keys

    def _key_type(self, thing: _Thing) -> str | None:
        """What a reference to a thing holds."""
        if thing.known is None:
            return "uuid"
        if len(thing.known.primary_key) != 1:
            return None
        key = thing.known.field(thing.known.primary_key[0])
        return key.type.value if key else "uuid"

    def _finish(self, thing: _Thing) -> None:
        """Keys of values, and a name where nothing is said that tells records apart."""
        present = {f.name for f in thing.known.fields} if thing.known else set()
        if not thing.named and thing.known is None:
            thing.fields = {"name": dict(NAME), **thing.fields}
            self.note(f"nothing is said of what `{thing.name}` has: it gets a `name`")
        for name, keys in thing.fields.items():
            if "references" not in keys and keys is not NAME and name not in present:
                thing.fields[name] = field_keys(name, keys)

    def _write(self, thing: _Thing) -> None:
        spec: dict[str, Any] = {
            "fields": {n: self._shown(k) for n, k in thing.fields.items()}
        }
        if thing.known is None:
            spec["mixins"] = list(MIXINS)
        workflow = self._workflow(thing)
        if workflow and (thing.known is None or thing.known.state_machine is None):
            spec["state_machine"] = workflow
        if thing.prefix:
            spec["number_prefix"] = thing.prefix
        if thing.unique:
            spec["unique"] = thing.unique
        self._add(Kind.ENTITY, thing.name, spec)
        fqn = self.fqn("entity", thing.name)
        if thing.known is None and not any(r.entity == fqn for r in self.known.routes):
            name = plural(thing.name)
            self._add(
                Kind.ROUTE,
                name,
                route_spec(name, fqn, workflow),
                f"API for {name.replace('_', ' ')}",
            )
            about = f"Browse and manage {name.replace('_', ' ')}"
            self._add(
                Kind.PAGE,
                name,
                page_spec(name, fqn, self._columns(thing, workflow)),
                about,
            )

    def _shown(self, keys: dict[str, Any]) -> dict[str, Any]:
        """A reference with the field that stands for the other record."""
        fqn = keys.get("references", {}).get("entity", "")
        target = next(
            (t for t in self.things.values() if self.fqn("entity", t.name) == fqn), None
        )
        if target is None:
            return keys
        present = [f.name for f in target.known.fields] if target.known else []
        display = next(
            (n for n in DISPLAYED if n in target.fields or n in present), None
        )
        references = dict(keys["references"])
        if display and "display" not in references:
            references = {"entity": fqn, "display": display, **references}
        return {**keys, "references": references}

    def _workflow(self, thing: _Thing) -> str:
        """The workflow of a thing; one that it has takes more states and steps."""
        if not thing.lives:
            return ""
        flow = thing.known.state_machine if thing.known else None
        if flow is not None and flow.domain != self.domain:
            self.note(f"`{flow.fqn}` is not the domain's own: it stays as it is")
            return flow.fqn
        lives = thing.lives
        if flow is not None:
            states = tuple(s.name for s in flow.states)
            steps = tuple((t.source, t.target) for t in flow.transitions)
            lives = [Life(thing.said, states, steps, (0, 0)), *lives]
        said = drawn(lives)
        if len(said.states) < 2 or not said.steps:
            self.note(
                f"no step leads to a state of `{thing.name}`: it gets no workflow"
            )
            return ""
        name = flow.name if flow else f"{thing.name}_lifecycle"
        self._add(Kind.WORKFLOW, name, workflow_spec(said))
        return self.fqn("workflow", name)

    def _columns(self, thing: _Thing, workflow: str) -> list[str]:
        shown = [n for n, k in thing.fields.items() if not k.get("sensitive")]
        first = ["number"] if thing.prefix else []
        return [*first, *shown[: COLUMNS - 1], *(["state"] if workflow else [])]

    def _add(
        self, kind: Kind, name: str, spec: dict[str, Any], about: str = ""
    ) -> None:
        metadata = {"name": name, "domain": self.domain}
        if about:
            metadata["description"] = about
        value = {
            "apiVersion": API_VERSION,
            "kind": kind.value,
            "metadata": metadata,
            "spec": spec,
        }
        self.composed.contracts.append(Written(kind, name, value))


def _mentioned(facts: Iterable[Fact]) -> Iterator[str]:
    """Names of things in the order in which they are spoken of; those that are listed first."""
    listed: list[str] = []
    others: list[str] = []
    for fact in facts:
        match fact:
            case Thing(name=name):
                listed.append(name)
            case Relation(source=source, target=target):
                others += (source, target)
            case Field(thing=thing) | Life(thing=thing) | Numbering(thing=thing):
                others.append(thing)
            case Domain():
                pass
    yield from (name for name in dict.fromkeys([*listed, *others]) if name)


def _refers(entity: Entity, fqn: str, edge: str) -> bool:
    """Whether an entity has the reference already, under whatever name."""
    for one in entity.fields:
        found = one.reference
        if (
            found is not None
            and found.entity == fqn
            and (
                edge in GENERIC
                or found.graph_edge in (None, "", edge)
                or found.graph_edge in GENERIC
            )
        ):
            return True
    return False
