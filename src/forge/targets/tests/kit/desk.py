"""Records for tests: valid bodies, what they refer to, and requests in the right role."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from . import expect
from .client import ANONYMOUS, ANY_VERSION, NOTHING, VERSIONED, Client
from .declarations import ANY, Operation, Reference, Resource
from .tenants import header_of
from .unique import alike, is_met, is_taken, scarce, tied
from .values import choices, sample

Record = dict[str, Any]

NOTHING_FIXED: Mapping[str, Any] = {}

_MOST_TRIES = 200
_CHANCES = 4
"""Times that values are drawn anew where another record has one of them."""


def resource_of(route: str) -> Resource:
    """The collection that the test module of a route declares."""
    package = (__package__ or "").rpartition(".")[0]
    found: Resource = import_module(f"{package}.test_{route}").RESOURCE
    return found


@dataclass(slots=True)
class Shelf:
    """Records that all tests of a session may refer to and none changes."""

    client: Client
    parents: dict[str, Record] = field(default_factory=dict)
    canvases: dict[str, Record] = field(default_factory=dict)
    exhibits: dict[str, list[Record]] = field(default_factory=dict)
    faults: dict[str, BaseException] = field(default_factory=dict)
    """Why the records of a collection could not be created."""
    _keeper: Desk | None = None

    @property
    def keeper(self) -> Desk:
        """A desk whose records last as long as the session."""
        if self._keeper is None:
            self._keeper = Desk(self.client, self)
        return self._keeper


class Desk:
    """What one test works with. What it creates is deleted afterwards."""

    def __init__(self, client: Client, shelf: Shelf) -> None:
        self.client = client
        self.shelf = shelf
        self._created: list[tuple[Resource, str]] = []

    def request(
        self,
        resource: Resource,
        operation: str,
        method: str,
        suffix: str = "",
        *,
        versioned: bool = True,
        **rest: Any,
    ) -> httpx.Response:
        """Ask for an operation in a role that may have it, naming a version if it must."""
        declared = resource.operation(operation)
        rest.setdefault("role", self.role(declared))
        if versioned and resource.if_match_required and operation in VERSIONED:
            rest["headers"] = {**ANY_VERSION, **(rest.get("headers") or {})}
        if resource.tenant:
            rest["headers"] = self.tenant(resource) | (rest.get("headers") or {})
        return self.client.call(method, resource.path + suffix, **rest)

    def role(self, operation: Operation | None, *narrower: tuple[str, ...]) -> str:
        """A role that an operation admits, and every one of `narrower` too."""
        demands = [
            roles
            for roles in (operation.roles if operation else (), *narrower)
            if roles
        ]
        for role in demands[0] if demands else self.client.service.roles:
            if all(role in roles for roles in demands):
                return role
        return ANONYMOUS

    def tenant(self, resource: Resource, *, other: bool = False) -> dict[str, str]:
        """The header of the tenant whose records these are, or of another one."""
        reference = resource.reference_of(resource.tenant)
        if reference is None or not reference.route:
            return header_of(resource, other=other)
        keeper, target = self.shelf.keeper, resource_of(reference.route)
        owner = keeper.canvas(target) if other else keeper.parent(target)
        return {resource.tenant_header: str(owner[reference.target_fields[0]])}

    def post(
        self, resource: Resource, body: Any = NOTHING, **rest: Any
    ) -> httpx.Response:
        """Create."""
        answer = self.request(resource, "create", "POST", body=body, **rest)
        if answer.status_code == 201:
            self._created.append((resource, key_of(resource, answer.json())))
        return answer

    def get(self, resource: Resource, key: str, **rest: Any) -> httpx.Response:
        """Read."""
        return self.request(resource, "read", "GET", f"/{key}", **rest)

    def patch(
        self, resource: Resource, key: str, body: Any = NOTHING, **rest: Any
    ) -> httpx.Response:
        """Change; what every change has to hold is added as it is."""
        needed = resource.update.requires if resource.update else ()
        if needed and isinstance(body, dict):
            body = self._present(resource, key, needed) | body
        return self.request(resource, "update", "PATCH", f"/{key}", body=body, **rest)

    def _present(self, resource: Resource, key: str, names: tuple[str, ...]) -> Record:
        """What a record holds, or any legal values where there is no such record."""
        found = self.get(resource, key) if resource.read is not None else None
        shown = found.json() if found is not None and found.is_success else {}
        return {
            name: shown[name]
            if shown.get(name) is not None
            else self._any(resource, name)
            for name in names
        }

    def put(
        self, resource: Resource, key: str, body: Any = NOTHING, **rest: Any
    ) -> httpx.Response:
        """Replace."""
        return self.request(resource, "replace", "PUT", f"/{key}", body=body, **rest)

    def delete(self, resource: Resource, key: str, **rest: Any) -> httpx.Response:
        """Delete."""
        return self.request(resource, "delete", "DELETE", f"/{key}", **rest)

    def answered(
        self, resource: Resource, operation: str, answer: httpx.Response, record: Record
    ) -> Record:
        """The record after a change, which the answer holds unless it has no body."""
        declared = resource.operation(operation)
        status = declared.status if declared else 200
        if status == 204:
            expect.status(answer, status)
            return self.current(resource, record)
        changed: Record = expect.content(answer, status)
        return changed

    def step(
        self, resource: Resource, key: str, state: Any, **rest: Any
    ) -> httpx.Response:
        """Take a step of the workflow."""
        if "body" not in rest:
            needed = resource.transition.requires if resource.transition else ()
            rest["body"] = {name: self._any(resource, name) for name in needed}
            rest["body"]["state"] = state
        return self.request(resource, "transition", "PUT", f"/{key}/state", **rest)

    def listed(self, resource: Resource, params: Mapping[str, str]) -> httpx.Response:
        """List."""
        return self.request(resource, "list", "GET", params=params)

    def create(
        self,
        resource: Resource,
        fixed: Mapping[str, Any] = NOTHING_FIXED,
        *,
        optional: bool = False,
    ) -> Record:
        """A new record, with every field or only with those that it needs."""
        _, answer = self.created(resource, fixed, optional=optional)
        record: Record = answer.json()
        return record

    def created(
        self,
        resource: Resource,
        fixed: Mapping[str, Any] = NOTHING_FIXED,
        *,
        optional: bool = False,
    ) -> tuple[Record, httpx.Response]:
        """The body and the answer of a successful create."""
        if resource.untestable:
            pytest.skip(resource.untestable)
        body, answer = self._tried(resource, fixed, optional=optional)
        for _ in range(_CHANCES):
            if not is_met(answer, resource, fixed):
                break
            body, answer = self._tried(resource, fixed, optional=optional)
        if is_taken(answer, resource, fixed):
            pytest.skip("every combination of values that may occur once is taken")
        assert resource.create is not None  # a resource without it is not testable
        expect.content(answer, resource.create.status)
        return body, answer

    def _tried(
        self, resource: Resource, fixed: Mapping[str, Any], *, optional: bool
    ) -> tuple[Record, httpx.Response]:
        """The first body whose scarce values nobody has taken, or the last one."""
        found: tuple[Record, httpx.Response] | None = None
        for body in self._bodies(resource, optional=optional, fixed=fixed):
            found = body, self.post(resource, body)
            if not is_taken(found[1], resource, fixed):
                break
        if found is None:
            raise AssertionError(f"there is no body for {resource.path}")
        return found

    def body(self, resource: Resource, *, optional: bool = False) -> Record:
        """A body that a create accepts, unless what may occur once is taken."""
        if resource.untestable:
            pytest.skip(resource.untestable)
        return next(self._bodies(resource, optional=optional, fixed=NOTHING_FIXED))

    def _bodies(
        self, resource: Resource, *, optional: bool, fixed: Mapping[str, Any]
    ) -> Iterator[Record]:
        """Bodies that differ in what there are only a few values of."""
        body = self._body(resource, optional=optional, fixed=fixed)
        names = sorted({n for key in scarce(resource) for n in key if n not in fixed})
        if not names:
            yield body
            return
        domains = [choices(resource.field(name)) or [] for name in names]
        combinations = list(itertools.islice(itertools.product(*domains), _MOST_TRIES))
        # Another order in each test, so that tests seldom meet in one combination.
        start = int.from_bytes(os.urandom(2), "big") % max(len(combinations), 1)
        for values in combinations[start:] + combinations[:start]:
            yield body | dict(zip(names, values, strict=True))

    def _body(
        self, resource: Resource, *, optional: bool, fixed: Mapping[str, Any]
    ) -> Record:
        operation = resource.create or Operation()
        repeated = alike(resource)
        wanted = {
            f.name: f
            for f in resource.writable
            if optional
            or f.demanded
            or f.name in operation.requires
            or f.name in repeated
        }
        body: Record = {}
        for reference in resource.references:
            self._refer(resource, reference, wanted, body, fixed)
        for name, declared in wanted.items():
            given = name in body or name in fixed
            if not given and resource.reference_of(name) is None:
                body[name] = sample(declared)
        for rule in resource.rules:
            body |= self.given(resource, rule.holds)
        return {**body, **fixed}

    def given(self, resource: Resource, values: Mapping[str, Any]) -> Record:
        """`values`, with a legal value wherever any will do."""
        return {
            name: self._any(resource, name) if value is ANY else value
            for name, value in values.items()
        }

    def _any(self, resource: Resource, name: str) -> Any:
        reference = resource.reference_of(name)
        if reference is None or not reference.route:
            return sample(resource.field(name))
        pairs = dict(zip(reference.fields, reference.target_fields, strict=True))
        return self.parent(resource_of(reference.route))[pairs[name]]

    def _refer(
        self,
        resource: Resource,
        reference: Reference,
        wanted: Mapping[str, Any],
        body: Record,
        fixed: Mapping[str, Any],
    ) -> None:
        if not reference.route or any(
            name not in wanted or name in fixed for name in reference.fields
        ):
            return
        target = resource_of(reference.route)
        if target.untestable:
            return
        if any(name in tied(resource) for name in reference.fields):
            parent = self.create(target)
        else:
            parent = self.parent(target)
        for mine, theirs in zip(reference.fields, reference.target_fields, strict=True):
            body[mine] = parent[theirs]

    def parent(self, resource: Resource) -> Record:
        """A record to refer to, the same one all the time."""
        found = self.shelf.parents.get(resource.path)
        if found is None:
            found = self.shelf.keeper.create(resource)
            self.shelf.parents[resource.path] = found
        return found

    def canvas(self, resource: Resource) -> Record:
        """A record that any test may change, and that no test expects anything of."""
        found = self.shelf.canvases.get(resource.path)
        if found is None:
            found = self.shelf.keeper.create(resource, optional=True)
            self.shelf.canvases[resource.path] = found
        return found

    def current(self, resource: Resource, record: Record) -> Record:
        """The record as it is stored."""
        key = key_of(resource, record)
        if resource.read is not None:
            found: Record = expect.content(
                self.get(resource, key), resource.read.status
            )
            return found
        if resource.list is not None:
            for item in self.found(resource, [record]):
                return item
        pytest.skip("the collection offers no way to read this record")

    def found(self, resource: Resource, records: list[Record]) -> list[Record]:
        """Those of the records that the list holds, as it holds them."""
        params = marker(resource, records) if resource.narrows else {"limit": "1000"}
        page = expect.content(self.listed(resource, params), 200)
        if not resource.narrows and page["total"] > 1000:
            pytest.skip("the list is too long to find a record in it")
        wanted = {key_of(resource, record) for record in records}
        return [item for item in page["items"] if key_of(resource, item) in wanted]

    def tidy(self) -> None:
        """Delete what the test created, as far as the service allows."""
        for resource, key in reversed(self._created):
            if resource.delete is not None and (self._lasting or scarce(resource)):
                self.delete(resource, key)

    @property
    def _lasting(self) -> bool:
        backend = os.environ.get("DATABASE_BACKEND")
        return self.client.remote or backend != "memory"


def key_of(resource: Resource, record: Mapping[str, Any]) -> str:
    """The key of a record as a path holds it."""
    values = [_text(record[name]) for name in resource.key]
    if len(values) > 1:
        values = [escape(value) for value in values]
    return quote(",".join(values), safe=",")


def marker(resource: Resource, records: list[Record]) -> dict[str, str]:
    """Parameters under which a list holds these records alone."""
    return {
        f"{name}[in]": ",".join(
            dict.fromkeys(escape(_text(record[name])) for record in records)
        )
        for name in resource.key
    }


def escape(text: str) -> str:
    """`text` as one element of a comma list."""
    return text.replace("\\", "\\\\").replace(",", "\\,")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
