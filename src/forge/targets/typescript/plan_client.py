"""What `client.ts` declares over its transport, which is the same for every service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forge.emit import Code
from forge.emit.headers import slash_header
from forge.emit.literals import ts
from forge.emit.names import camel
from forge.ir.application import Application
from forge.ir.entities import Field
from forge.ir.origin import Origin
from forge.ir.types import FieldType, InfraCategory
from forge.targets.clients.calls import (
    Answer,
    Call,
    PathKey,
    Sent,
    collections,
    tenant_header,
)
from forge.targets.typescript.declarations import WIDTH, key
from forge.targets.typescript.types import Shared

_MARGIN = 6
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER})
_LABEL = re.compile(r"[a-z][A-Za-z0-9]*\Z")
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        break case catch class const continue debugger default delete do else enum export extends
        false finally for function if import in infer instanceof is keyof let new null package
        private protected public readonly return static super switch this throw true try typeof
        unique unknown var void while with yield
        """,
    )
)
"""Words that the labels of arguments avoid."""


class Layout(StrEnum):
    """Which lists of a declaration are spread over lines."""

    INLINE = ""
    ARGUMENTS = "arguments"
    TYPES = "types"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CallTypes:
    """The names in `types.ts` that an operation speaks of."""

    record: Code
    body: Code | None = None
    answer: Code | None = None
    filter: Code | None = None
    sort: Code | None = None
    bulk: Code | None = None
    relation: Code | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One operation of a collection."""

    name: Code
    doc: str
    function: Code
    types: tuple[Code, ...]
    arguments: tuple[Code, ...]

    @property
    def layout(self) -> Layout:
        """What has lines of its own."""
        head = f"{self.name}: {self.function}<{', '.join(self.types)}>("
        inner = ", ".join(self.arguments)
        if len(f"{head}{inner}),") + _MARGIN <= WIDTH:
            return Layout.INLINE
        if len(head) + _MARGIN <= WIDTH:
            return Layout.ARGUMENTS
        fits = len(f">({inner}),") + _MARGIN <= WIDTH
        return Layout.TYPES if fits else Layout.BOTH


@dataclass(frozen=True, slots=True)
class Resource:
    """The operations of one collection."""

    name: Code
    doc: str
    members: Code


@dataclass(frozen=True, slots=True)
class Part:
    """What every service has beside its collections."""

    name: Code
    value: Code


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """The file."""

    header: Code
    domain: str
    tenant_header: Code | None
    resources: tuple[Resource, ...]
    parts: tuple[Part, ...]
    shared: Shared
    sources: tuple[Origin, ...]


def plan_client(
    ir: Application, members: Mapping[str, Code], shared: Shared
) -> ClientPlan:
    """The client of an application, from the text of each route's operations."""
    taken: set[str] = set()
    resources = tuple(
        Resource(_free(camel(route.name), taken), route.description, members[route.fqn])
        for route, _ in collections(ir)
    )
    header = tenant_header(ir)
    origins = [*(r.origin for r in ir.routes), *(e.origin for e in ir.entities)]
    return ClientPlan(
        header=Code(slash_header(*(r.fqn for r in ir.routes))),
        domain=ir.domain,
        tenant_header=None if header is None else ts(header),
        resources=resources,
        parts=tuple(_parts(ir, taken)),
        shared=shared,
        sources=tuple(origins),
    )


def _parts(ir: Application, taken: set[str]) -> Iterable[Part]:
    auth = ir.infra_of(InfraCategory.AUTH)
    if auth is not None and auth.config.get("provider") == "external":
        yield Part(_free("auth", taken), Code("{ me: api.me() }"))
    elif auth is not None:
        identity = key(str(auth.config.get("identity_field") or "email"))
        credentials = f"{{ {identity}: string; password: string }}"
        yield Part(_free("auth", taken), Code(f"api.session<{credentials}>()"))
    yield Part(_free("service", taken), Code("api.service()"))


def _free(wanted: str, taken: set[str]) -> Code:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    taken.add(name)
    return key(name)


def member(call: Call, types: CallTypes, shared: Shared) -> Member:
    """The declaration of one operation."""
    keys = [_argument(one) for one in call.keys]
    name, answer = key(camel(call.name)), _answer(call, types, shared)
    if call.answer is Answer.PAGE:
        sort = "never" if types.sort is None else f"t.{types.sort}"
        of = f"{answer}, t.{types.filter}, {sort}, {_relation(types)}"
        query = Code(f"t.{shared.query}<{of}>{_besides(call)}")
        asked = (_tuple(keys), query, answer)
        place = (ts(call.id), ts(call.path))
        return Member(name, call.summary, Code("api.list"), asked, place)
    sent = _sent(call, types, shared)
    given = (_tuple([*keys, *sent]), answer)
    named = (ts(call.id), ts(call.method), ts(call.path))
    said = (
        (ts("query" if call.sent in (Sent.QUERY, Sent.GRAPH) else "body"),)
        if sent
        else ()
    )
    made = Code("api.write" if call.shows else "api.call")
    return Member(name, call.summary, made, given, (*named, *said))


def _tuple(types: Iterable[Code]) -> Code:
    return Code(f"[{', '.join(types)}]")


def _sent(call: Call, types: CallTypes, shared: Shared) -> tuple[Code, ...]:
    match call.sent:
        case Sent.NOTHING:
            return ()
        case Sent.FIELDS:
            return (Code(f"body: t.{types.body}"),)
        case Sent.QUERY:
            of = f"t.{types.record}, {_relation(types)}"
            query = f"t.{shared.record_query}<{of}>{_besides(call)}"
            return (Code(f"query?: {query}"),)
        case Sent.GRAPH:
            return (Code(f"query?: t.{shared.graph_query}"),)
        case Sent.BULK:
            return (Code(f"body: t.{types.bulk}"),)
        case Sent.VALUE:
            return (Code(f"body: t.{shared.json}"),)


def _answer(call: Call, types: CallTypes, shared: Shared) -> Code:
    match call.answer:
        case Answer.PAGE | Answer.RECORD:
            return Code(f"t.{types.record}")
        case Answer.RECORDS:
            return Code(f"t.{shared.page}<t.{types.record}>")
        case Answer.FIELDS:
            return Code(f"t.{types.answer}")
        case Answer.MESSAGE:
            return Code("{ message: string }")
        case Answer.NOTHING:
            return Code("null")
        case Answer.RESULTS:
            return Code(f"t.{shared.bulk_results}<t.{types.record}>")
        case Answer.GRAPH:
            return Code(f"t.{shared.graph}")
        case Answer.VALUE:
            return Code(f"t.{shared.json}")


def _besides(call: Call) -> str:
    """What may be asked where it means something."""
    asked = ["q?: string"] if call.searches else []
    asked += ['deleted?: "exclude" | "only" | "include"'] if call.deleted else []
    return f" & {{ {'; '.join(asked)} }}" if asked else ""


def _relation(types: CallTypes) -> str:
    return "never" if types.relation is None else f"t.{types.relation}"


def _argument(given: PathKey) -> Code:
    label = camel(given.name)
    if not _LABEL.match(label) or label in _RESERVED:
        label = "key"
    types = [_key_type(field) for field in given.fields] or ["string"]
    shown = types[0] if len(types) == 1 else f"readonly [{', '.join(types)}]"
    return Code(f"{label}: {shown}")


def _key_type(field: Field) -> str:
    if field.type is FieldType.BOOLEAN:
        return "boolean"
    return "number" if field.type in _NUMBERS else "string"
