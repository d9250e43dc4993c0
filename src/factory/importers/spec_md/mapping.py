"""A SPEC.md as drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from factory.importers.drafts import (
    ContractDraft,
    EntityDraft,
    Evidence,
    FieldDraft,
    Imported,
    Place,
    Unmapped,
    Unreadable,
)
from factory.importers.markdown import Block, Kind, Section, sections
from factory.importers.naming import Names, singular, snake
from factory.importers.reading import Text
from factory.importers.spec_md import notation
from factory.importers.spec_md.entities import Entities, Entity, copied, take_enum
from factory.importers.spec_md.groups import (
    Group,
    Index,
    grouped,
    modelled,
    shown_members,
)
from factory.importers.spec_md.lifecycle import Life, chains, lives
from factory.importers.spec_md.models import Models
from factory.importers.spec_md.operations import Operations
from factory.importers.spec_md.routing import Routes
from factory.importers.spec_md.shapes import Member
from factory.importers.spec_md.surroundings import Service, service

_ENDINGS = frozenset({".md", ".markdown", ".txt"})


def read(texts: tuple[Text, ...]) -> Imported:
    """The service that the files describe together. Raises `Unreadable`."""
    own = [t for t in texts if t.suffix in _ENDINGS or len(texts) == 1]
    found = [section for text in own for section in sections(text)]
    imported = _Reader(found).read() if found else Imported()
    if not imported.entities:
        reason = "says neither an endpoint nor a model"
        raise Unreadable(Place(texts[0].name, 1), reason)
    left = tuple(
        Unmapped(Place(t.name, 1), t.name, "is no Markdown")
        for t in texts
        if t not in own
    )
    return replace(imported, unmapped=(*imported.unmapped, *left))


class _Reader:
    def __init__(self, found: list[Section]) -> None:
        self.sections = found
        self.service: Service = service(found)
        self.models = Models(found)
        self.listed = notation.endpoints(found)
        self.operations = Operations(self.models.by_name, notation.prefix(found))
        self.operations.add(self.listed, self.models.functions)
        self.found = list(self.operations.by_key.values())
        self.groups = grouped(self.found)
        self.shapes = self.models.members
        for members in self.shapes.values():
            for member in members:
                take_enum(member, self.models.enums)
        models = Index(self.shapes)
        for operation in self.found:
            modelled(operation, models)
        self.unmapped: list[Unmapped] = []
        self.drawn = chains(found)

    def read(self) -> Imported:
        """Everything."""
        entities = self._entities()
        resources = {g.entity for g in self.groups if g.is_collection and g.entity}
        members = {one.name: one.members for one in entities}
        states, notes = lives(members, self.drawn, resources)
        workflows = [self._workflow(life, entities) for life in states]
        carrier = Names(members).claim(snake(self.service.name, "service"), "service")
        made = Entities(entities, self.models.enums, self.shapes)
        routes = Routes(
            {**self.shapes, **members, carrier: []},
            {life.entity: life.member for life in states},
            carrier,
            {one.name for one in entities if len(one.members) > 1},
        )
        drafts = made.drafts()
        drawn = routes.routes(self.groups)
        if any(route.entity == carrier for route in drawn):
            drafts = (*drafts, self._carrier(carrier, routes))
        self.unmapped += [*notes, *self.models.unmapped, *self.operations.unmapped, *made.unmapped,
                          *routes.unmapped, *self.service.unmapped]  # fmt: skip
        self._unread()
        return Imported(
            entities=drafts,
            routes=drawn,
            contracts=(*workflows, *self.service.contracts()),
            unmapped=tuple(self.unmapped),
            enums={n: tuple(m.values.values()) for n, m in self.models.enums.items()},
            operations=tuple((o.method, o.path) for o in self.found),
            checklist=(*self.service.criteria, *made.checklist),
            routed=not self.found,
            others=tuple(sorted(self.models.bodies)),
        )

    def _entities(self) -> list[Entity]:
        """The models, and the records that are shown by samples alone."""
        entities = [
            Entity(m.name, copied(self.shapes[m.name]), m.evidence, m.description)
            for m in self.models.entities
        ]
        by_name = {one.name: one for one in entities}
        shapes = dict(self.shapes)
        index = Index({one.name: one.members for one in entities})
        names = Names(by_name)
        for group in self.groups:
            group.entity = index.entity_of(group, shapes)
            if not group.entity and group.is_collection:
                made = self._shown(group, names)
                index.add(made.name, made.members)
                entities.append(made)
                by_name[made.name] = made
                shapes[made.name] = made.members
                group.entity = made.name
            one = by_name.get(group.entity)
            if one is not None and one.group is None:
                one.group = group
        return entities

    def _shown(self, group: Group, names: Names) -> Entity:
        """A collection's records by the samples of its operations."""
        name = names.claim(group.base.rpartition("/")[2] or "record")
        members = copied(shown_members(group, self.shapes))
        evidence = Evidence(group.operations[0].evidence.place, "spec-md/samples")
        noun = singular(snake(name))
        if not any(m.name in (group.key, "id", f"{noun}_id") for m in members):
            key = Member(
                group.key or "id", {"type": "uuid", "required": True}, evidence
            )
            members.insert(0, key)
            if len(members) == 1:
                reason = (
                    "the text shows no member of its records, so they have a key alone"
                )
                self.unmapped.append(Unmapped(evidence.place, name, reason, name))
        return Entity(name, members, evidence)

    def _workflow(self, life: Life, entities: list[Entity]) -> ContractDraft:
        one = next(e for e in entities if e.name == life.entity)
        one.life = life
        one.workflow = f"{singular(snake(one.name, 'entity'))}_lifecycle"
        what = f"{one.name}.{life.member or 'state'}"
        if not life.is_drawn:
            reason = "the text lists the states and draws no steps, so each may follow any other"
            self._note(life, what, reason)
        elif life.spelled and set(life.spelled) - set(life.states):
            reason = f"the states are spelled {', '.join(life.spelled)} in the source"
            self._note(life, what, reason)
        return life.contract(one.workflow, self._initial(life, one))

    def _note(self, life: Life, what: str, reason: str) -> None:
        self.unmapped.append(Unmapped(life.evidence.place, what, reason, life.entity))

    def _initial(self, life: Life, one: Entity) -> str:
        """The state of a new record: its default, what a creation answers, or the first one."""
        for member in one.members:
            if (
                member.name == life.member
                and snake(str(member.keys.get("default", ""))) in life.states
            ):
                return snake(str(member.keys["default"]))
        for operation in one.group.operations if one.group else ():
            sample = operation.answer.sample if operation.answer else None
            created = operation.method == "POST" and "{" not in operation.path
            if created and isinstance(sample, dict):
                state = snake(str(sample.get(life.member, "")))
                if state in life.states:
                    return state
        later = {after for _, after in life.steps}
        return next((s for s in life.states if s not in later), life.states[0])

    def _carrier(self, name: str, routes: Routes) -> EntityDraft:
        """What endpoints stand at that are about no record, because every route has an entity."""
        place = self.service.place
        evidence = Evidence(place, self.service.rule)
        reason = "its endpoints are about no record, so they stand at an entity with only a key"
        self.unmapped.append(Unmapped(place, f"service {name}", reason, name))
        keys = {"type": "uuid", "required": True, "computed": "uuid"}
        return EntityDraft(
            name=name,
            fields=(FieldDraft(name="id", keys=keys, evidence=evidence),),
            evidence=evidence,
            primary_key=("id",),
            description=self.service.description,
            paged=False,
        )

    def _unread(self) -> None:
        """List the sections that no rule reads, so that nobody misses one."""
        lines = {one.evidence.place.line for one in self.listed}
        lines |= {block.place.line for one in self.listed for block in one.blocks}
        lines |= {chain.place.line for chain in self.drawn}
        lines |= {place.line for place in self.service.places.values()}
        for section in self.sections:
            own = {section.place.line, *(n for b in section.blocks for n in _lines(b))}
            model = any(id(b) in self.models.read_blocks for b in section.blocks)
            known = section.place.line in self.service.read
            if section.blocks and not model and not known and not lines & own:
                prose = any(b.kind is not Kind.FENCE for b in section.blocks)
                reason = (
                    "prose, which people read"
                    if prose
                    else "a block that nothing here reads"
                )
                title = section.plain or "the beginning"
                self.unmapped.append(
                    Unmapped(section.place, f"section `{title[:80]}`", reason)
                )


def _lines(block: Block) -> Iterator[int]:
    """The lines that a block takes."""
    if block.kind is Kind.FENCE:
        yield from range(
            block.place.line, block.place.line + block.text.count("\n") + 1
        )
    else:
        yield from (block.place.line, *(line for line, _ in block.rows))
