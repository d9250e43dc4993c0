"""Who may do what: nothing without a token, and nothing in a role that is not admitted."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest

from . import expect
from .client import ANONYMOUS, ANY_VERSION
from .collecting import Suite, each
from .declarations import Operation, Resource
from .desk import Desk
from .reading import unknown_key

_METHODS = {
    "list": ("GET", ""),
    "create": ("POST", ""),
    "read": ("GET", "/{key}"),
    "graph": ("GET", "/{key}/graph"),
    "update": ("PATCH", "/{key}"),
    "replace": ("PUT", "/{key}"),
    "delete": ("DELETE", "/{key}"),
    "transition": ("PUT", "/{key}/state"),
    "restore": ("POST", "/{key}/restore"),
    "bulk": ("POST", "/bulk"),
}


@dataclass(frozen=True, slots=True)
class _Case:
    """An operation as a case."""

    name: str
    operation: Operation

    def __str__(self) -> str:
        return self.name


def _operations(resource: Resource) -> list[_Case]:
    found = ((name, resource.operation(name)) for name in _METHODS)
    return [_Case(name, operation) for name, operation in found if operation]


def _restricted(resource: Resource) -> list[_Case]:
    return [case for case in _operations(resource) if case.operation.roles]


class Access(Suite):
    """Every operation of the collection, in every role."""

    @each(_operations)
    def test_token_is_needed(self, desk: Desk, case: _Case) -> None:
        _skip_without_auth(desk)
        answer = _ask(desk, self.resource, case, ANONYMOUS)
        expect.problem(answer, 401)
        assert answer.headers.get("www-authenticate", "").startswith("Bearer")
        forged = {"authorization": "Bearer no.such.token"}
        expect.problem(_ask(desk, self.resource, case, ANONYMOUS, forged), 401)

    @each(_restricted)
    def test_other_roles_are_refused(self, desk: Desk, case: _Case) -> None:
        _skip_without_auth(desk)
        others = set(desk.client.service.roles) - set(case.operation.roles)
        for role in sorted(others):
            expect.problem(_ask(desk, self.resource, case, role), 403)

    @each(_operations)
    def test_admitted_roles_are_let_in(self, desk: Desk, case: _Case) -> None:
        _skip_without_auth(desk)
        service = desk.client.service
        for role in case.operation.roles or service.roles:
            if role in service.roles:
                answer = _ask(desk, self.resource, case, role)
                # The request itself is wrong, so that it changes nothing.
                assert answer.status_code in (200, 404, 422), expect.told(answer)


def _skip_without_auth(desk: Desk) -> None:
    if not desk.client.enforces_roles:
        pytest.skip("the service does not enforce roles")


def _ask(
    desk: Desk,
    resource: Resource,
    case: _Case,
    role: str,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    method, suffix = _METHODS[case.name]
    path = suffix.replace("{key}", unknown_key(resource))
    body = {"no_such_field": 1} if method in ("POST", "PUT", "PATCH") else None
    tenant = desk.tenant(resource) if resource.tenant else {}
    return desk.client.call(
        method,
        resource.path + path,
        role=role,
        headers={**ANY_VERSION, **tenant, **(headers or {})},
        content=None if body is None else b'{"no_such_field": 1}',
    )
