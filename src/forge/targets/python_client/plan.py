"""What the modules of the package declare, with finished names and types."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forge.emit import Code
from forge.emit.literals import name, py
from forge.emit.names import pascal
from forge.ir.application import Application, Route
from forge.ir.entities import Entity, Field
from forge.ir.types import FieldType
from forge.targets.clients.calls import (
    Answer,
    Beside,
    Body,
    Call,
    PathKey,
    Sent,
    calls_of,
    operators,
    shown,
    sort_keys,
)
from forge.targets.fastapi_prod.docstrings import WIDTH, Docstring, docstring
from forge.targets.python_client.types import TypePrinter, literal, values_of

_NO_ATTRIBUTES = frozenset({"typing", "str", "int", "float", "bool", "list", "dict"})
"""Names that annotations beside a field of this name would mistake for it."""
_NO_METHODS = frozenset({"str", "int", "float", "bool", "tuple", "dict"})
_NUMBERS = {
    FieldType.INTEGER: "int",
    FieldType.NUMBER: "float",
    FieldType.BOOLEAN: "bool",
}


@dataclass(frozen=True, slots=True)
class Alias:
    """A type that stands for a set of values."""

    name: Code
    values: tuple[Code, ...]

    @property
    def lines(self) -> tuple[Code, ...]:
        """The values over several lines; none where they fit on that of the name."""
        whole = ", ".join(self.values)
        head = f"{self.name}: typing.TypeAlias = typing.Literal["
        if len(f"{head}{whole}]") <= WIDTH:
            return ()
        if len(f"    {whole}") <= WIDTH:
            return (Code(whole),)
        return tuple(Code(f"{value},") for value in self.values)


@dataclass(frozen=True, slots=True)
class Shape:
    """A name for a type that many services have, filled with those of this one."""

    name: Code
    generic: Code
    arguments: Code

    @property
    def inline(self) -> bool:
        """Whether it fits on one line."""
        text = f"{self.name}: typing.TypeAlias = {self.generic}[{self.arguments}]"
        return len(text) <= WIDTH


@dataclass(frozen=True, slots=True)
class Member:
    """One key of an object."""

    name: str
    type: Code
    doc: Docstring | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """An object with known keys."""

    name: Code
    doc: Docstring | None
    members: tuple[Member, ...]
    total: bool = True

    @property
    def is_class(self) -> bool:
        """Whether every key can be a name in a class body."""
        return not any(
            keyword.iskeyword(one.name) or one.name in _NO_ATTRIBUTES
            for one in self.members
        )


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a collection."""

    name: Code
    type: Code
    arguments: Code
    doc: Docstring | None

    @property
    def inline(self) -> bool:
        """Whether it fits on one line."""
        return len(f"    {self.name} = {self.type}({self.arguments})") <= WIDTH


@dataclass(frozen=True, slots=True)
class Resource:
    """The operations of one route."""

    name: Code
    doc: Docstring | None
    operations: tuple[Operation, ...]


@dataclass(slots=True)
class Module:
    """The module of one entity."""

    doc: Docstring
    others: set[str] = field(default_factory=set)
    """Modules whose types are named."""
    aliases: list[Alias] = field(default_factory=list)
    objects: list[Object] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)

    def types(self) -> list[str]:
        """The names of its types."""
        names = [one.name for one in self.aliases]
        names += [one.name for one in self.objects]
        names += [one.name for one in self.shapes]
        return list(map(str, names))


def plan_module(app: Application, entity: Entity, about: Beside) -> Module:
    """The types of an entity, and the operations of its routes.

    What is shown beside a record has the name of its module and type, `customer.Customer`;
    `.Customer` where that is the module itself.
    """
    return _Planner(entity, about).module(
        r for r in app.routes if r.entity == entity.fqn
    )


def method_name(text: str) -> Code:
    """The name of an operation as the attribute of its collection."""
    hard = keyword.iskeyword(text) or text in _NO_METHODS
    return name(f"{text}_" if hard else text)


class _Planner:
    def __init__(self, entity: Entity, about: Beside) -> None:
        self.entity = entity
        self.about = about
        self.taken: set[str] = set()
        self.noun = self.claim(pascal(entity.name) or "Unnamed")
        doc = docstring(entity.description, indent=0)
        told = docstring(f"Records of {entity.name}.", indent=0)
        self.planned = Module(doc or told or Docstring(Code()))
        self.types = TypePrinter(dict(self._enums()))
        self.bodies: dict[str, Code] = {}
        self.filters: dict[tuple[str, ...], Code] = {}
        self.sort: Code | None = None
        self.fields: Code | None = None

    def claim(self, *wanted: str) -> Code:
        """The first of `wanted` that is free, else the last of them with a number."""
        free = next((one for one in wanted if one not in self.taken), "")
        number = 2
        while not free:
            numbered = f"{wanted[-1]}{number}"
            free = "" if numbered in self.taken else numbered
            number += 1
        self.taken.add(free)
        return name(free)

    def module(self, routes: Iterable[Route]) -> Module:
        """Everything, in the order in which it is declared."""
        visible = [f for f in self.entity.fields if not f.sensitive]
        record = [self._shown(f) for f in visible]
        links = Member("_links", Code("_types.Links"))
        doc = docstring(self.entity.description)
        beyond = [self._beyond(*one) for one in self.about.members]
        self.planned.objects.append(Object(self.noun, doc, (*record, links, *beyond)))
        for route in routes:
            operations = tuple(
                self._operation(call) for call in calls_of(route, self.entity)
            )
            wanted = pascal(route.name) or "Unnamed"
            own = self.claim(wanted, f"{wanted}Collection")
            doc = docstring(route.description)
            self.planned.resources.append(Resource(own, doc, operations))
        return self.planned

    def _enums(self) -> Iterator[tuple[str, Code]]:
        for one in self.entity.fields:
            values = values_of(one) if one.enum else None
            if values is not None:
                own = f"{self.noun}{pascal(one.name)}"
                wanted = pascal(one.enum_name) if one.enum_name else own
                alias = Alias(self.claim(wanted or own, own), values)
                self.planned.aliases.append(alias)
                yield one.name, alias.name

    def _shown(self, one: Field) -> Member:
        answer = _nullable(self.types.answered(one), not one.required)
        told = docstring(one.description) if one.description else None
        return Member(one.name, answer, told)

    def _beyond(self, name: str, target: str, many: bool) -> Member:
        module, _, noun = target.partition(".")
        own = not module
        record = noun if own else f"_{target}"
        if not own:
            self.planned.others.add(module)
        seen = f"list[{record}]" if many else f"{record} | None"
        return Member(name, Code(f'typing.NotRequired["{seen}"]'))

    def _operation(self, call: Call) -> Operation:
        keys = [_key(one) for one in call.keys]
        key = keys[0] if len(keys) == 1 else Code(f"tuple[{', '.join(keys)}]")
        given = [key] if keys else []
        answer = self._answer(call)
        if call.answer is Answer.PAGE:
            given.append(self._query(call))
            kind = "Fetch" if keys else "List"
            answer = Code(f"_types.Page[{answer}]") if keys else answer
        elif call.sent is Sent.QUERY:
            kind = "Read"
            given.append(self._fields())
        elif call.sent is Sent.GRAPH:
            kind = "Fetch"
            given.append(Code("_types.GraphQuery"))
        elif call.sent is Sent.NOTHING:
            kind = "Act" if keys else "Ask"
        else:
            kind = "Change" if keys else "Send"
            given.append(self._sent(call))
        declared = Code(f"_declared.{kind}[{', '.join((*given, answer))}]")
        arguments = Code(", ".join(map(py, (call.id, call.method, call.path))))
        return Operation(
            method_name(call.name), declared, arguments, docstring(call.summary)
        )

    def _answer(self, call: Call) -> Code:
        match call.answer:
            case Answer.PAGE | Answer.RECORD:
                return self.noun
            case Answer.RECORDS:
                return Code(f"_types.Page[{self.noun}]")
            case Answer.FIELDS:
                return self._answered(call)
            case Answer.MESSAGE:
                return Code("_types.Message")
            case Answer.NOTHING:
                return Code("None")
            case Answer.RESULTS:
                return Code(f"_types.BulkResults[{self.noun}]")
            case Answer.GRAPH:
                return Code("_types.Graph")
            case Answer.VALUE:
                return Code("_types.JsonValue")

    def _sent(self, call: Call) -> Code:
        if call.sent is Sent.BULK:
            return self._bulk(call)
        return Code("_types.JsonValue") if call.body is None else self._body(call.body)

    def _bulk(self, call: Call) -> Code:
        """The body of a bulk: what its creations and its changes hold."""
        bodies = dict(call.bulk)
        kinds = (bodies.get(one) for one in ("create", "update"))
        held = [Code("typing.Never") if k is None else self._body(k) for k in kinds]
        wanted = f"{self.noun}Bulk"
        return self._shape(wanted, f"{pascal(call.id)}Body", "_types.Bulk", *held)

    def _query(self, call: Call) -> Code:
        chosen, sort = self._filter(call), self._sort() or Code("typing.Never")
        own = f"{pascal(call.id)}Query"
        wanted = own if call.narrowed else f"{self.noun}Query"
        parts = (chosen, sort, self._fields())
        return self._shape(wanted, own, "_types.ListQuery", *parts)

    def _shape(self, wanted: str, otherwise: str, generic: str, *parts: Code) -> Code:
        arguments = Code(", ".join(parts))
        for known in self.planned.shapes:
            if (known.generic, known.arguments) == (generic, arguments):
                return known.name
        shape = Shape(self.claim(wanted, otherwise), Code(generic), arguments)
        self.planned.shapes.append(shape)
        return shape.name

    def _fields(self) -> Code:
        if self.fields is None:
            names = shown(self.entity)
            if not names:
                return Code("typing.Never")
            self.fields = self.claim(f"{self.noun}Field", f"{self.noun}FieldName")
            self.planned.aliases.append(Alias(self.fields, tuple(map(py, names))))
        return self.fields

    def _body(self, body: Body) -> Code:
        known = None if body.is_own else self.bodies.get(body.name)
        if known is not None:
            return known
        wanted = body.name if body.is_own else f"{self.noun}{body.name}"
        own = self.claim(wanted, f"{wanted}Body")
        if not body.is_own:
            self.bodies[body.name] = own
        members = [] if body.states is None else [self._state(body.states)]
        whole = bool(body.demanded) or body.states is not None
        types = self._printer(body.fields)
        for one in body.fields:
            must = one.name in body.demanded
            sent = _nullable(types.sent(one), not one.required and not must)
            if whole and not must:
                sent = Code(f"typing.NotRequired[{sent}]")
            members.append(Member(one.name, sent))
        self.planned.objects.append(Object(own, None, tuple(members), whole))
        return own

    def _answered(self, call: Call) -> Code:
        own = self.claim(f"{pascal(call.id)}Answer")
        types = self._printer(call.answered)
        members = tuple(
            Member(f.name, _nullable(types.answered(f), not f.required))
            for f in call.answered
        )
        self.planned.objects.append(Object(own, None, members))
        return own

    def _printer(self, fields: Iterable[Field]) -> TypePrinter:
        """Prints fields, of which some may be the endpoint's own."""
        enums = dict(self.types.enums)
        for one in fields:
            known = self.entity.field(one.name)
            if one.enum and (known is None or known.enum != one.enum):
                values = values_of(one)
                enums |= {one.name: literal(values)} if values is not None else {}
        return TypePrinter(enums)

    def _state(self, states: tuple[str, ...]) -> Member:
        known = self.types.enums.get(self.entity.state_field)
        listed = literal(map(py, states)) if states else Code("str")
        return Member("state", known or listed)

    def _filter(self, call: Call) -> Code:
        named = tuple(one.name for one in call.filters)
        known = self.filters.get(named)
        if known is None:
            own = f"{pascal(call.id)}Filter"
            wanted = own if call.narrowed else f"{self.noun}Filter"
            known = self.filters[named] = self.claim(wanted, own)
            members = tuple(
                Member(one.name, self.types.filtered(one, operators(one)))
                for one in call.filters
            )
            self.planned.objects.append(Object(known, None, members, total=False))
        return known

    def _sort(self) -> Code | None:
        keys = sort_keys(self.entity)
        if self.sort is None and keys:
            self.sort = self.claim(f"{self.noun}Sort", f"{self.noun}SortKey")
            both = tuple(sign + one for one in keys for sign in ("", "-"))
            self.planned.aliases.append(Alias(self.sort, tuple(map(py, both))))
        return self.sort


def _nullable(type: Code, nullable: bool) -> Code:
    return Code(f"{type} | None") if nullable else type


def _key(key: PathKey) -> Code:
    types = [_NUMBERS.get(one.type, "str") for one in key.fields] or ["str"]
    if key.fields and len(key.fields) == 1 and key.fields[0].type is FieldType.UUID:
        return Code("_types.UuidInput")
    return Code(types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]")
