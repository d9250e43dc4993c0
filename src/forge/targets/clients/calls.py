"""The operations of an application as a client calls them, in the order of the interface."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from forge.emit.names import pascal
from forge.emit.sql_names import searched
from forge.ir.application import Application, Endpoint, Route
from forge.ir.bodies import accepted, changeable, demanded, writable
from forge.ir.entities import Entity, Field
from forge.ir.handlers import (
    body_fields,
    is_handled,
    path_names,
    shape_of,
    takes_record,
)
from forge.ir.relations import aliases, relations
from forge.ir.types import Operation
from forge.targets.openapi.operations import join
from forge.targets.openapi.parameters import (
    SORTABLE,
    filterable,
    names_in,
    operators_of,
)
from forge.targets.openapi.responses import shows_deleted


class Answer(StrEnum):
    """What a call gives when all goes well."""

    PAGE = "page"
    """What a list is asked for: one page, or all of them in turn."""
    RECORD = "record"
    RECORDS = "records"
    """One page, which is all that there is to ask for."""
    FIELDS = "fields"
    """An object of the fields of `Call.answered`."""
    MESSAGE = "message"
    """An object with a text called `message`."""
    NOTHING = "nothing"
    RESULTS = "results"
    """What became of each operation of a bulk."""
    GRAPH = "graph"
    """A record and those around it."""
    VALUE = "value"
    """Any JSON value."""


class Sent(StrEnum):
    """What a call sends."""

    NOTHING = "nothing"
    FIELDS = "fields"
    """An object of the fields of `Call.body`."""
    QUERY = "query"
    """Which part of a record is asked for, and what beside it."""
    GRAPH = "graph"
    """Which edges are followed, and how far."""
    BULK = "bulk"
    """The operations of `Call.bulk`."""
    VALUE = "value"
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class PathKey:
    """One parameter of a path."""

    name: str
    fields: tuple[Field, ...] = ()
    """The key of the record that it stands for; none where it is any text."""


@dataclass(frozen=True, slots=True)
class Body:
    """An object that a call sends."""

    name: str
    """The type's name after the entity's: `Create`; all of it where `is_own`."""
    is_own: bool
    """Whether the type belongs to one operation."""
    fields: tuple[Field, ...]
    demanded: frozenset[str]
    states: tuple[str, ...] | None = None
    """The values of `state`, which stands first; `None` where there is none."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    id: str
    name: str
    """What it is called within its collection, in snake_case: `list`, `create`."""
    kind: Operation
    method: str
    path: str
    summary: str
    keys: tuple[PathKey, ...]
    sent: Sent
    body: Body | None
    answer: Answer
    answered: tuple[Field, ...] = ()
    bulk: tuple[tuple[str, Body | None], ...] = ()
    """What a bulk may hold: the name of each operation and its body."""
    filters: tuple[Field, ...] = ()
    searches: bool = False
    """Whether a list can be searched for words."""
    deleted: bool = False
    """Whether deleted records can be asked for."""
    narrowed: bool = False
    """Whether a list can be filtered on some fields only."""

    @property
    def shows(self) -> bool:
        """Whether a write answers with the record, unless the caller prefers not to see it."""
        return self.kind in _SHOWING and self.answer is Answer.RECORD


_NAMES = {Operation.READ: "get"}
_KEYED = frozenset(
    {
        Operation.READ,
        Operation.GRAPH,
        Operation.UPDATE,
        Operation.REPLACE,
        Operation.DELETE,
        Operation.TRANSITION,
        Operation.RESTORE,
    }
)
_SHOWING = _KEYED - {Operation.READ, Operation.GRAPH} | {Operation.CREATE}
_WHOLE = frozenset({Operation.CREATE, Operation.REPLACE})
_WITH_FIELDS = _WHOLE | {Operation.UPDATE, Operation.TRANSITION}
_ANSWERS = {
    Operation.LIST: Answer.PAGE,
    Operation.DELETE: Answer.NOTHING,
    Operation.BULK: Answer.RESULTS,
    Operation.GRAPH: Answer.GRAPH,
}
_SENT = {
    Operation.READ: Sent.QUERY,
    Operation.GRAPH: Sent.GRAPH,
    Operation.BULK: Sent.BULK,
}
_SHAPES = {
    "fields": Answer.FIELDS,
    "entity": Answer.RECORD,
    "list": Answer.RECORDS,
    "message": Answer.MESSAGE,
    "empty": Answer.NOTHING,
}
_WORDS = re.compile(r"[A-Za-z0-9]+")


def served(route: Route) -> Iterator[tuple[Endpoint, str]]:
    """The endpoints of a route that the interface describes, with their whole paths."""
    for endpoint in route.endpoints:
        if endpoint.operation is not Operation.CUSTOM or is_handled(endpoint):
            yield endpoint, join(route.base_path, endpoint.path)


def calls_of(route: Route, entity: Entity) -> tuple[Call, ...]:
    """The calls of a route, each under a name of its own."""
    taken: set[str] = set()
    found = []
    for endpoint, path in served(route):
        name = _free(_name(endpoint), endpoint.operation_id, taken)
        found.append(_call(route, entity, endpoint, path, name))
    return tuple(found)


def _name(endpoint: Endpoint) -> str:
    operation = endpoint.operation
    if operation is Operation.CUSTOM:
        words = [endpoint.method.lower(), *_WORDS.findall(endpoint.path)]
        return endpoint.handler or "_".join(words)
    return _NAMES.get(operation, operation.value)


def _free(wanted: str, otherwise: str, taken: set[str]) -> str:
    name = wanted if wanted not in taken else otherwise
    number = 2
    while name in taken:
        name, number = f"{otherwise}_{number}", number + 1
    taken.add(name)
    return name


def _call(
    route: Route, entity: Entity, endpoint: Endpoint, path: str, name: str
) -> Call:
    operation = endpoint.operation
    lists = operation is Operation.LIST
    body = body_of(entity, endpoint)
    return Call(
        id=endpoint.operation_id,
        name=name,
        kind=operation,
        method=endpoint.method,
        path=path,
        summary=endpoint.summary,
        keys=_keys(entity, endpoint, path),
        sent=_sent(endpoint, body),
        body=body,
        answer=_answer(endpoint),
        answered=tuple(endpoint.response.fields or ()),
        bulk=_bulk(route, entity) if operation is Operation.BULK else (),
        filters=tuple(filterable(entity, endpoint)) if lists else (),
        searches=lists and bool(searched(entity)),
        deleted=shows_deleted(route, entity, endpoint) is not None,
        narrowed=lists and endpoint.filters is not None,
    )


def _bulk(route: Route, entity: Entity) -> tuple[tuple[str, Body | None], ...]:
    return tuple((e.operation.value, body_of(entity, e)) for e in route.bulk())


def _sent(endpoint: Endpoint, body: Body | None) -> Sent:
    if body is not None:
        return Sent.FIELDS
    if is_handled(endpoint):
        return Sent.NOTHING
    if endpoint.operation in _SENT:
        return _SENT[endpoint.operation]
    known = endpoint.operation in (*_KEYED, Operation.LIST)
    sends = endpoint.method in ("POST", "PUT", "PATCH")
    return Sent.VALUE if sends and not known else Sent.NOTHING


def _answer(endpoint: Endpoint) -> Answer:
    if is_handled(endpoint):
        return _SHAPES[shape_of(endpoint)]
    if endpoint.response.status in (204, 205):
        return Answer.NOTHING
    known = endpoint.operation in (*_KEYED, Operation.CREATE)
    return _ANSWERS.get(endpoint.operation, Answer.RECORD if known else Answer.VALUE)


def _keys(entity: Entity, endpoint: Endpoint, path: str) -> tuple[PathKey, ...]:
    names = names_in(path)
    found = [PathKey(name) for name in names]
    own = tuple(f for f in map(entity.field, entity.primary_key) if f is not None)
    if names and endpoint.operation in _KEYED:
        found[-1] = PathKey(names[-1], own)
    elif is_handled(endpoint) and takes_record(endpoint):
        at = len(names) - len(path_names(endpoint))
        found[at] = PathKey(names[at], own)
    return tuple(found)


def body_of(entity: Entity, endpoint: Endpoint) -> Body | None:
    """What the operation sends, where that is an object of the entity's fields."""
    operation = endpoint.operation
    own = f"{pascal(endpoint.operation_id)}Body"
    if is_handled(endpoint):
        wanted = body_fields(entity, endpoint)
        if wanted is None:
            return None
        return Body(own, True, wanted, frozenset(required_in(wanted)))
    if operation not in _WITH_FIELDS:
        return None
    fields, must = accepted(entity, endpoint), demanded(entity, endpoint)
    if operation is Operation.TRANSITION:
        machine = entity.state_machine
        states = tuple(s.name for s in machine.states) if machine else ()
        return Body(
            own if fields else "StateChange", bool(fields), fields, must, states
        )
    usual_fields = (
        writable(entity) if operation is Operation.CREATE else changeable(entity)
    )
    usual = frozenset(required_in(usual_fields)) if operation in _WHOLE else frozenset()
    if fields == usual_fields and must == usual:
        return Body(operation.value.capitalize(), False, fields, must)
    return Body(own, True, fields, must)


def required_in(fields: Iterable[Field]) -> Iterator[str]:
    """The fields that a whole record cannot go without."""
    return (field.name for field in fields if field.required and field.default is None)


def sort_keys(entity: Entity) -> tuple[str, ...]:
    """The fields by which a list can be sorted."""
    return tuple(
        field.name
        for field in entity.fields
        if not field.sensitive and field.type in SORTABLE
    )


def shown(entity: Entity) -> tuple[str, ...]:
    """The fields that an answer can be narrowed to."""
    return tuple(field.name for field in entity.fields if not field.sensitive)


@dataclass(frozen=True, slots=True)
class Beside:
    """What can be shown beside a record."""

    members: tuple[tuple[str, str, bool], ...] = ()
    """Each relation's name, the FQN of its records, whether there are any number."""
    edges: tuple[str, ...] = ()
    """Other names of relations."""


def beside(app: Application) -> dict[str, Beside]:
    """What can be shown beside the records of each entity, by FQN."""
    return {
        fqn: Beside(
            tuple((r.name, r.target, r.many) for r in found), tuple(aliases(found))
        )
        for fqn, found in relations(app).of.items()
    }


def tenant_header(app: Application) -> str | None:
    """The header by which requests name their tenant."""
    return next((e.tenant_header for e in app.entities if e.tenant_header), None)


def operators(field: Field) -> tuple[str, ...]:
    """The operators of a field's filters."""
    return operators_of(field)


def collections(app: Application) -> Iterator[tuple[Route, Entity]]:
    """The routes that are served, each with its entity."""
    for route in app.routes:
        entity = app.entity(route.entity)
        if entity is not None:
            yield route, entity
