"""What `types.ts` declares, with finished names and types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from forge.emit import Code
from forge.emit.decimals import decimal_text
from forge.emit.headers import slash_header
from forge.emit.literals import name, ts
from forge.emit.names import pascal
from forge.ir.application import Application, Route
from forge.ir.bodies import changeable, writable
from forge.ir.entities import Entity, Field
from forge.ir.origin import Origin
from forge.ir.types import FieldType
from forge.targets.clients.calls import (
    Answer,
    Beside,
    Body,
    Call,
    Sent,
    beside,
    calls_of,
    operators,
    sort_keys,
)
from forge.targets.typescript.declarations import (
    Interface,
    Names,
    Property,
    Union,
    doc,
    key,
)
from forge.targets.typescript.plan_client import CallTypes, Member, member
from forge.targets.typescript.types import Shared, TypePrinter


@dataclass(frozen=True, slots=True)
class EntityPlan:
    """The types of one entity, in the order in which they are declared."""

    interfaces: tuple[Interface, ...]
    unions: tuple[Union, ...]
    members: tuple[tuple[Member, ...], ...]
    """The operations of each of its routes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The file."""

    header: Code
    nouns: tuple[str, ...]
    """The types of the records, in the order of their entities."""
    beside: tuple[Beside, ...]
    """What can be shown beside the records of each entity; types in the place of entities."""
    shared: Shared
    sources: tuple[Origin, ...]


def plan(ir: Application) -> Plan:
    """The names that all of the file shares."""
    names = Names()
    nouns = {e.fqn: names.claim(pascal(e.name) or "Unnamed") for e in ir.entities}
    shared = Shared(
        page=names.claim("Page", "RecordPage"),
        problem=names.claim("Problem", "HttpProblem"),
        problem_error=names.claim("ProblemError", "HttpProblemError"),
        json=names.claim("JsonValue", "AnyJson"),
        links=names.claim("Links", "RecordLinks"),
        query=names.claim("ListQuery", "RecordListQuery"),
        record_query=names.claim("RecordQuery", "OneRecordQuery"),
        bulk_results=names.claim("BulkResults", "RecordBulkResults"),
        inside_filter=names.claim("InsideFilter", "RecordInsideFilter"),
        sort_key=names.claim("SortKey", "RecordSortKey"),
        graph_query=names.claim("GraphQuery", "RecordGraphQuery"),
        graph=names.claim("RecordGraph", "GraphOfRecords"),
        text_filter=names.claim("TextFilter", "RecordTextFilter"),
        order_filter=names.claim("OrderFilter", "RecordOrderFilter"),
        value_filter=names.claim("ValueFilter", "RecordValueFilter"),
        element_filter=names.claim("ElementFilter", "RecordElementFilter"),
        presence_filter=names.claim("PresenceFilter", "RecordPresenceFilter"),
    )
    return Plan(
        header=Code(slash_header(*(e.fqn for e in ir.entities))),
        nouns=tuple(map(str, nouns.values())),
        beside=tuple(_shown_beside(ir, nouns)),
        shared=shared,
        sources=tuple(e.origin for e in ir.entities),
    )


def _shown_beside(ir: Application, nouns: Mapping[str, Code]) -> Iterator[Beside]:
    found = beside(ir)
    for entity in ir.entities:
        about = found.get(entity.fqn, Beside())
        members = tuple((n, str(nouns[fqn]), m) for n, fqn, m in about.members)
        yield Beside(members, about.edges)


def plan_entities(
    app: Application,
    nouns: Iterable[str],
    shown: Iterable[Beside],
    shared: Shared,
    taken: set[str],
) -> tuple[EntityPlan, ...]:
    """The types of entities. Names that they claim join those that are taken."""
    planner = _Planner(Names(taken), shared, {})
    routes: dict[str, list[Route]] = {}
    for route in app.routes:
        routes.setdefault(route.entity, []).append(route)
    return tuple(
        planner.entity(entity, name(noun), about, routes.get(entity.fqn, []))
        for entity, noun, about in zip(app.entities, nouns, shown, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Planner:
    names: Names
    shared: Shared
    unions: dict[tuple[str, tuple[Code, ...]], Code]
    """Declared unions by wanted name and members: fields with one `enum_name` share one."""

    def entity(
        self, entity: Entity, noun: Code, about: Beside, routes: Iterable[Route]
    ) -> EntityPlan:
        """The representation of an entity, its bodies, filters and enums."""
        found: list[Union] = []
        enums = {f.name: self._union(f, noun, found) for f in entity.fields if f.enum}
        types = TypePrinter(self.shared, enums)
        shown = [f for f in entity.fields if not f.sensitive]
        links = Property(Code("_links"), self.shared.links, False, "")
        record = [
            _property(f, types.answered(f), nullable=not f.required, optional=False)
            for f in shown
        ]
        beyond = (
            Property(
                key(one),
                Code(f"{target}[]" if many else f"{target} | null"),
                True,
                "",
            )
            for one, target, many in about.members
        )
        create = self._body(f"{noun}Create", types, writable(entity), _may_be_left_out)
        update = self._body(f"{noun}Update", types, changeable(entity), lambda _: True)
        own = _Own(self, entity, noun, about, types, [])
        own.bodies |= {"Create": create.name, "Update": update.name}
        members = tuple(
            tuple(own.member(call) for call in calls_of(route, entity))
            for route in routes
        )
        return EntityPlan(
            (
                Interface(noun, doc(entity.description), (*record, links, *beyond)),
                create,
                update,
                *own.interfaces,
            ),
            (*found, *own.unions),
            members,
        )

    def claim(self, wanted: str, otherwise: str) -> Code:
        """A name of the module."""
        return self.names.claim(wanted, otherwise)

    def _body(
        self,
        wanted: str,
        types: TypePrinter,
        fields: Iterable[Field],
        optional: Callable[[Field], bool],
    ) -> Interface:
        members = tuple(
            _property(f, types.sent(f), nullable=not f.required, optional=optional(f))
            for f in fields
        )
        return Interface(self.names.claim(wanted, f"{wanted}Body"), "", members)

    def _union(self, field: Field, noun: Code, found: list[Union]) -> Code:
        """The name of an enum's type, which is declared where it is met first."""
        members = _members(field)
        own = f"{noun}{pascal(field.name)}"
        wanted = pascal(field.enum_name) if field.enum_name else own
        known = self.unions.get((wanted, members))
        if known is not None and field.enum_name:
            return known
        union = self.names.claim(wanted or own, own, f"{own}Value")
        self.unions.setdefault((wanted, members), union)
        found.append(Union(union, "", members))
        return union


@dataclass(slots=True)
class _Own:
    """The types that the operations on an entity need besides."""

    planner: _Planner
    entity: Entity
    noun: Code
    about: Beside
    types: TypePrinter
    interfaces: list[Interface]
    unions: list[Union] = field(default_factory=list)
    bodies: dict[str, Code] = field(default_factory=dict)
    """Names of bodies that several operations may have, by what they end in."""
    filters: dict[tuple[str, ...], Code] = field(default_factory=dict)
    sort: Code | None = None
    relation: Code | None = None

    def member(self, call: Call) -> Member:
        """One operation; its types are declared where they are met first."""
        lists = call.answer is Answer.PAGE
        types = CallTypes(
            self.noun,
            body=self._body(call.body) if call.body is not None else None,
            answer=self._answered(call) if call.answer is Answer.FIELDS else None,
            filter=self._filter(call) if lists else None,
            sort=self._sort() if lists else None,
            bulk=self._bulk(call) if call.sent is Sent.BULK else None,
            relation=self._relation(),
        )
        return member(call, types, self.planner.shared)

    def _body(self, body: Body) -> Code:
        known = None if body.is_own else self.bodies.get(body.name)
        if known is not None:
            return known
        wanted = body.name if body.is_own else f"{self.noun}{body.name}"
        name = self.planner.claim(wanted, f"{wanted}Body")
        if not body.is_own:
            self.bodies[body.name] = name
        members = [self._state(body.states)] if body.states is not None else []
        types = self._printer(body.fields)
        for one in body.fields:
            must = one.name in body.demanded
            nullable = not one.required and not must
            sent = types.sent(one)
            members.append(_property(one, sent, nullable=nullable, optional=not must))
        self.interfaces.append(Interface(name, "", tuple(members)))
        return name

    def _bulk(self, call: Call) -> Code:
        """The body of a bulk: a list of the operations that it may hold."""
        wanted = f"{self.noun}Bulk"
        name = self.planner.claim(wanted, f"{pascal(call.id)}Body")
        kinds = []
        for operation, body in call.bulk:
            members = [f"op: {ts(operation)}"]
            if operation != "create":
                members += ["id: string", "if_match?: string"]
            if body is not None:
                members.append(f"body: {self._body(body)}")
            kinds.append(Code(f"{{ {'; '.join(members)} }}"))
        either = self.planner.claim(f"{wanted}Operation", f"{wanted}Item")
        self.unions.append(Union(either, "", tuple(kinds)))
        about = "Whether all operations fail with the first one that does; so it is by default."
        self.interfaces.append(
            Interface(
                name,
                "",
                (
                    Property(Code("operations"), Code(f"{either}[]"), False, ""),
                    Property(Code("atomic"), Code("boolean"), True, about),
                ),
            )
        )
        return name

    def _answered(self, call: Call) -> Code:
        wanted = f"{pascal(call.id)}Answer"
        name = self.planner.claim(wanted, f"{wanted}Value")
        types = self._printer(call.answered)
        members = tuple(
            _property(f, types.answered(f), nullable=not f.required, optional=False)
            for f in call.answered
        )
        self.interfaces.append(Interface(name, "", members))
        return name

    def _printer(self, fields: Iterable[Field]) -> TypePrinter:
        """Prints fields, of which some may be the endpoint's own."""
        own = {f.name: f for f in fields if f.enum}
        enums = dict(self.types.enums)
        for one in own.values():
            known = self.entity.field(one.name)
            if known is None or known.enum != one.enum:
                enums[one.name] = Code(" | ".join(_members(one)))
        return TypePrinter(self.types.shared, enums)

    def _state(self, states: tuple[str, ...]) -> Property:
        known = self.types.enums.get(self.entity.state_field)
        listed = " | ".join(map(ts, states)) or "string"
        return Property(Code("state"), known or Code(listed), False, "")

    def _filter(self, call: Call) -> Code:
        named = tuple(f.name for f in call.filters)
        known = self.filters.get(named)
        if known is None:
            own = f"{pascal(call.id)}Filter"
            wanted = own if call.narrowed else f"{self.noun}Filter"
            known = self.filters[named] = self.planner.claim(wanted, own)
            members = (
                Property(key(f.name), self.types.filtered(f, operators(f)), True, "")
                for f in call.filters
            )
            self.interfaces.append(Interface(known, "", tuple(members)))
        return known

    def _relation(self) -> Code | None:
        names = (*(one for one, _, _ in self.about.members), *self.about.edges)
        if self.relation is None and names:
            wanted = f"{self.noun}Relation"
            self.relation = self.planner.claim(wanted, f"{wanted}Name")
            self.unions.append(Union(self.relation, "", tuple(map(ts, names))))
        return self.relation

    def _sort(self) -> Code | None:
        keys = sort_keys(self.entity)
        if self.sort is None and keys:
            wanted = f"{self.noun}Sort"
            self.sort = self.planner.claim(wanted, f"{wanted}Key")
            self.unions.append(Union(self.sort, "", tuple(map(ts, keys))))
        return self.sort


def _members(field: Field) -> tuple[Code, ...]:
    """The values of an enum."""
    values: Iterable[object] = field.enum
    if FieldType.DECIMAL in (field.type, field.items_type):
        scale = field.constraints.scale
        values = (decimal_text(value, scale) for value in field.enum)
    return tuple(ts(value) for value in values)


def _property(field: Field, type: Code, *, nullable: bool, optional: bool) -> Property:
    shown = Code(f"{type} | null") if nullable else type
    return Property(key(field.name), shown, optional, doc(field.description))


def _may_be_left_out(field: Field) -> bool:
    return not field.required or field.default is not None
