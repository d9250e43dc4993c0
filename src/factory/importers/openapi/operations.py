"""Operations as endpoints of routes, one route for each first step of the paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import (
    EndpointDraft,
    Evidence,
    Place,
    RouteDraft,
    Unmapped,
)
from factory.importers.naming import Names, singular, snake
from factory.importers.schemas import Read, References, Schemas
from forge.ir.lowering.routes import standard_operation
from forge.ir.types import Operation as Standard

METHODS = ("get", "post", "put", "patch", "delete")
_OTHERS = ("head", "options", "trace")
_WRAPPERS = (
    "items",
    "data",
    "results",
    "content",
    "records",
    "values",
    "list",
    "entries",
)
MAX_FIELDS = 60
"""Fields of a handler's body; more is a document to store and no form to check."""


@dataclass(slots=True)
class Operation:
    """One method on one path, as the document says it."""

    method: str
    path: str
    spec: Mapping[str, Any]
    evidence: Evidence
    body: Any = None
    """Schema of the request's body; `None` for none."""
    answer: Any = None
    """Schema of the first good answer; `None` for none."""
    status: int = 200
    parameters: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def steps(self) -> list[str]:
        """The steps of the path."""
        return [step for step in self.path.split("/") if step]


class Operations:
    """Reads the operations of a document."""

    def __init__(
        self, document: Document, references: References, schemas: Schemas
    ) -> None:
        self.document = document
        self.references = references
        self.schemas = schemas
        self.unmapped: list[Unmapped] = []
        self.others: list[tuple[str, str]] = []
        """Methods and paths that every service answers by itself."""
        self.found = list(self._all())

    def routes(self) -> tuple[RouteDraft, ...]:
        """A route for each collection, each with an entity."""
        groups: dict[str, list[Operation]] = {}
        for operation in self.found:
            groups.setdefault(_base(operation), []).append(operation)
        usual = self._usual([self._mentioned(o) for o in self.found])
        drafts = []
        names = Names()
        handlers = Names()
        for base, group in groups.items():
            entity = self._entity(base, group) or usual
            if not entity:
                for operation in group:
                    what = f"{operation.method.upper()} {operation.path}"
                    reason = "a route needs an entity, and the document has none"
                    self.unmapped.append(
                        Unmapped(operation.evidence.place, what, reason)
                    )
                continue
            endpoints = tuple(self._endpoint(o, base, entity, handlers) for o in group)
            name = names.claim(snake(base, "root"))
            drafts.append(
                RouteDraft(
                    entity=entity, base_path=base, endpoints=endpoints, name=name
                )
            )
        return tuple(drafts)

    def _all(self) -> Iterator[Operation]:
        paths = self.document.value.get("paths")
        for path, written in paths.items() if isinstance(paths, dict) else ():
            item = self.references.resolve(written)
            if not isinstance(item, dict) or not isinstance(path, str):
                continue
            for method, spec in item.items():
                place = self.document.place("paths", path, method)
                if method in _OTHERS:
                    self.others.append((method.upper(), path))
                    what = f"{method.upper()} {path}"
                    reason = "every service answers it by itself"
                    self.unmapped.append(Unmapped(place, what, reason))
                if method in METHODS and isinstance(spec, dict):
                    self._callbacks(place, spec)
                    yield self._operation(
                        method, path, spec, item, Evidence(place, "openapi/operation")
                    )

    def _callbacks(self, place: Place, spec: dict[str, Any]) -> None:
        """What the service is to call, which no contract says."""
        callbacks = spec.get("callbacks")
        for name in callbacks if isinstance(callbacks, dict) else ():
            self.unmapped.append(
                Unmapped(place, f"callback {name}", "a service sends events instead")
            )

    def _operation(
        self,
        method: str,
        path: str,
        spec: dict[str, Any],
        item: dict[str, Any],
        evidence: Evidence,
    ) -> Operation:
        path = "/" + path.strip("/")
        made = Operation(method, path, spec, evidence)
        listed = [*_list(item.get("parameters")), *_list(spec.get("parameters"))]
        resolved = (self.references.resolve(p) for p in listed)
        made.parameters = [p for p in resolved if isinstance(p, dict)]
        made.body = self._body(spec, made.parameters)
        responses = spec.get("responses")
        good = [
            str(status)
            for status in (responses if isinstance(responses, dict) else ())
            if str(status)[:1] == "2"
        ]
        if isinstance(responses, dict) and good:
            first = min(good)
            made.status = int(first) if first.isdigit() else 200
            answer = self.references.resolve(
                responses.get(first, responses.get(made.status))
            )
            made.answer = _schema_of(answer)
        return made

    def _body(
        self, spec: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]]
    ) -> Any:
        body = self.references.resolve(spec.get("requestBody"))
        if isinstance(body, dict):
            return _schema_of(body)
        for parameter in parameters:
            if parameter.get("in") == "body":
                return parameter.get("schema")
        forms = [
            p
            for p in parameters
            if p.get("in") == "formData" and isinstance(p.get("name"), str)
        ]
        if forms:
            required = [p["name"] for p in forms if p.get("required")]
            return {
                "type": "object",
                "properties": {p["name"]: p for p in forms},
                "required": required,
            }
        return None

    def _mentioned(self, operation: Operation) -> str:
        """The entity of an operation's answer, or of its body."""
        return self._answered(operation.answer) or self._answered(operation.body)

    def _answered(self, schema: Any) -> str:
        """The entity in an answer: itself, its elements, or those of a page."""
        if schema is None:
            return ""
        found = self.schemas.read(schema)
        if found.entity:
            wrapped = self._page_of(found.entity)
            return wrapped or found.entity
        properties = self.schemas.merged(schema).get("properties")
        return self._in_page(properties) if isinstance(properties, dict) else ""

    def _page_of(self, entity: str) -> str:
        merged = self.schemas.merged(self.schemas.named[entity].schema)
        properties = merged.get("properties")
        return self._in_page(properties) if isinstance(properties, dict) else ""

    def _in_page(self, properties: Mapping[str, Any]) -> str:
        for name in _WRAPPERS:
            inner = self.schemas.read(properties[name]) if name in properties else None
            if inner is not None and inner.is_list and inner.entity:
                return inner.entity
        return ""

    def _usual(self, names: Iterable[str]) -> str:
        counted = Counter(name for name in names if name)
        return (
            counted.most_common(1)[0][0]
            if counted
            else next(iter(sorted(self.schemas.entities)), "")
        )

    def _entity(self, base: str, group: list[Operation]) -> str:
        """What a collection's records are: what its plain path answers, or its name, or what most
        of its operations are about."""
        noun = singular(snake(base, "root"))
        by_name = {
            singular(snake(name, "entity")): name
            for name in sorted(self.schemas.entities)
        }
        plain = [o for o in group if len(o.steps) == len(_steps(base))]
        single = [o for o in group if _is_item(o, base)]
        for operation in (*plain, *single):
            found = self._answered(operation.answer)
            if found and (found == by_name.get(noun) or noun not in by_name):
                return found
        if noun in by_name:
            return by_name[noun]
        counted = Counter(name for o in group if (name := self._mentioned(o)))
        return counted.most_common(1)[0][0] if counted else ""

    def _endpoint(
        self, operation: Operation, base: str, entity: str, handlers: Names
    ) -> EndpointDraft:
        path = operation.path[len(base) :] if base != "/" else operation.path
        path = _named_parameters(path) or "/"
        keys: dict[str, Any] = {}
        summary = operation.spec.get("summary") or operation.spec.get("description")
        if isinstance(summary, str) and summary.strip():
            keys["summary"] = " ".join(summary.split())[:200]
        method = operation.method.upper()
        if not self._is_standard(operation, method, path, entity):
            wanted = operation.spec.get("operationId") or f"{method} {operation.path}"
            keys["handler"] = handlers.claim(snake(str(wanted), "handler"))
            body = self._fields(operation, operation.body)
            if body and method in ("POST", "PUT", "PATCH"):
                keys["request_body"] = {"fields": body}
            keys["response"] = self._response(operation, entity)
        elif operation.status != _USUAL.get(standard_operation(method, path), 200):
            keys["response"] = {"status": operation.status}
        self._queries(operation, keys)
        return EndpointDraft(
            method=method, path=path, evidence=operation.evidence, keys=keys
        )

    def _is_standard(
        self, operation: Operation, method: str, path: str, entity: str
    ) -> bool:
        """Whether a service answers the operation without code of its own."""
        kind = standard_operation(method, path)
        if kind in (Standard.CUSTOM, Standard.TRANSITION):
            return False
        found = (
            self.schemas.read(operation.answer)
            if operation.answer is not None
            else Read({})
        )
        if kind is Standard.DELETE:
            return True
        answered = self._answered(operation.answer)
        if kind is Standard.LIST:
            is_page = bool(found.entity) and bool(self._page_of(found.entity))
            return answered == entity and (found.is_list or is_page or not found.entity)
        return (
            not found.is_list and (answered or self._answered(operation.body)) == entity
        )

    def _response(self, operation: Operation, entity: str) -> dict[str, Any]:
        found: dict[str, Any] = {"status": operation.status}
        if operation.answer is None or operation.status == 204:
            return {**found, "shape": "empty"}
        read = self.schemas.read(operation.answer)
        if read.entity == entity:
            return {**found, "shape": "list" if read.is_list else "entity"}
        fields = self._fields(operation, operation.answer, answered=True)
        return {**found, "fields": fields} if fields else {**found, "shape": "message"}

    def _fields(
        self, operation: Operation, schema: Any, *, answered: bool = False
    ) -> dict[str, Any]:
        """The members of a body as fields; none where it is no object with few enough of them."""
        if schema is None:
            return {}
        merged = self.schemas.merged(schema)
        properties = merged.get("properties")
        what = f"{operation.method.upper()} {operation.path}"
        kind = "answer" if answered else "body"
        if not isinstance(properties, dict) or not properties:
            self._note(operation, what, f"its {kind} is no object with named members")
            return {}
        if len(properties) > MAX_FIELDS:
            self._note(
                operation, what, f"its {kind} has more than {MAX_FIELDS} members"
            )
            return {}
        required = merged.get("required")
        names = Names()
        fields = {}
        renamed: list[str] = []
        for name, inner in properties.items():
            read = self.schemas.read(inner)
            keys = {k: v for k, v in read.keys.items() if k != "enum_name"}
            if isinstance(required, list) and name in required and not read.nullable:
                keys["required"] = True
            own = names.claim(snake(name, "field"))
            if own != name:
                renamed.append(f"`{name}` as `{own}`")
            fields[own] = keys
        if renamed:
            reason = f"its {kind} has {', '.join(renamed[:12])}"
            self._note(operation, f"{what} names", reason)
        return fields

    def _queries(self, operation: Operation, keys: Mapping[str, Any]) -> None:
        names = [
            str(p.get("name"))
            for p in operation.parameters
            if p.get("in") == "query"
            and p.get("name") not in ("limit", "offset", "sort", "q", "cursor")
        ]
        if names:
            what = f"{operation.method.upper()} {operation.path}"
            listed = ", ".join(f"`{name}`" for name in names[:12])
            reason = (
                f"a handler is given no query string: {listed}"
                if "handler" in keys
                else f"filters go by field here; the document has the parameters {listed}"
            )
            self._note(operation, f"{what} query", reason)

    def _note(self, operation: Operation, what: str, reason: str) -> None:
        self.unmapped.append(Unmapped(operation.evidence.place, what, reason))


_SERVED = frozenset({"limit", "offset", "sort", "q", "cursor"})
"""Parameters that every list has."""
_USUAL = {Standard.CREATE: 201, Standard.DELETE: 204}


def _schema_of(content: Any) -> Any:
    """The schema of a body or an answer: of its JSON, else of its first kind of content."""
    if not isinstance(content, dict):
        return None
    if "schema" in content:
        return content["schema"]
    kinds = content.get("content")
    if not isinstance(kinds, dict):
        return None
    order = sorted(kinds, key=lambda kind: "json" not in str(kind))
    first = kinds.get(order[0]) if order else None
    return first.get("schema") if isinstance(first, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step]


def _base(operation: Operation) -> str:
    first = operation.steps[0] if operation.steps else ""
    return f"/{first}" if first and "{" not in first else "/"


def _is_item(operation: Operation, base: str) -> bool:
    rest = operation.steps[len(_steps(base)) :]
    return len(rest) == 1 and rest[0].startswith("{") and rest[0].endswith("}")


def _named_parameters(path: str) -> str:
    """Parameters as the language names them: `{petId}` is `{pet_id}`."""
    steps = []
    names = Names()
    for step in path.split("/"):
        if step.startswith("{") and step.endswith("}") and step.count("{") == 1:
            step = "{" + names.claim(snake(step[1:-1], "key")) + "}"
        steps.append(step)
    return "/".join(steps)
