"""Several operations at once: all of them, or none."""

from __future__ import annotations

from typing import Any

import pytest

from . import expect
from .collecting import Suite, each, needs, when
from .declarations import Resource
from .desk import Desk
from .forms import same
from .reading import unknown_key
from .updating import change_of

_WRONG = "no_such_field"
_ITEMS = ("create", "update", "delete")


def _restricted(resource: Resource) -> list[str]:
    """The operations of a bulk that not every role may have."""
    every = ((name, resource.operation(name)) for name in _ITEMS)
    return [name for name, operation in every if operation and operation.roles]


def _outsiders(roles: tuple[str, ...], resource: Resource, name: str) -> list[str]:
    """Roles that a bulk admits, and one of its operations does not."""
    bulk, operation = resource.operation("bulk"), resource.operation(name)
    assert bulk is not None  # the tests run where it is offered
    assert operation is not None
    admitted = [role for role in bulk.roles or roles if role in roles]
    return [role for role in admitted if role not in operation.roles]


class Bulk(Suite):
    """`POST` of several operations."""

    @needs("create", "delete", "bulk")
    def test_bulk_does_each(self, desk: Desk) -> None:
        resource = self.resource
        assert resource.create is not None  # the test runs where it is offered
        answer = _asked(desk, self, [_create(desk, self)])
        if answer.status_code == 409:
            pytest.skip("another record has the same values")
        (made,) = expect.content(answer, 200)["results"]
        assert made["status"] == resource.create.status, expect.told(answer)
        record = made["body"]
        assert desk.current(resource, record) == record
        key = record["_links"]["self"].rpartition("/")[2]
        if "%" in key:
            return
        answer = _asked(desk, self, [{"op": "delete", "id": key, "if_match": "*"}])
        (gone,) = expect.content(answer, 200)["results"]
        assert gone["body"] is None, expect.told(answer)
        if resource.read is not None:
            expect.problem(desk.get(resource, key), 404)

    @needs("create", "update", "bulk")
    @when(lambda resource: resource.changeable)
    def test_bulk_changes(self, desk: Desk) -> None:
        resource = self.resource
        assert resource.update is not None  # the test runs where it is offered
        record = desk.create(resource, optional=True)
        key = record["_links"]["self"].rpartition("/")[2]
        change = change_of(resource, record)
        needed = {n: record.get(n) for n in resource.update.requires}
        if "%" in key or None in needed.values():
            pytest.skip("the key or the body cannot be told from the record")
        item = {"op": "update", "id": key, "body": needed | change}
        stale = _asked(desk, self, [item | {"if_match": '"stale"'}])
        expect.problem(stale, 412, pointer="/operations/0/if_match")
        assert desk.current(resource, record) == record
        answer = _asked(desk, self, [item | {"if_match": "*"}])
        (changed,) = expect.content(answer, 200)["results"]
        assert changed["status"] == resource.update.status, expect.told(answer)
        shown = desk.current(resource, record)
        for name, value in change.items():
            assert same(resource.field(name), shown[name], value), name

    @needs("create", "list", "bulk")
    def test_bulk_that_fails_writes_nothing(self, desk: Desk) -> None:
        before = _total(desk, self)
        failing = {"op": "create", "body": {_WRONG: 1}}
        answer = _asked(desk, self, [_create(desk, self), failing])
        expect.problem(answer, 422, pointer=f"/operations/1/body/{_WRONG}")
        if self.resource.delete is not None:
            failing = {"op": "delete", "id": unknown_key(self.resource)}
            failing["if_match"] = "*"
            answer = _asked(desk, self, [_create(desk, self), failing])
            if answer.status_code != 409:
                expect.problem(answer, 404, pointer="/operations/1/id")
        assert _total(desk, self) == before

    @needs("bulk")
    def test_bulk_tells_of_each_on_request(self, desk: Desk) -> None:
        failing = {"op": "create", "body": {_WRONG: 1}}
        answer = _asked(desk, self, [failing, failing], atomic=False)
        for number, result in enumerate(expect.content(answer, 200)["results"]):
            assert result["status"] == result["body"]["status"], expect.told(answer)
            assert result["status"] in (403, 422), expect.told(answer)
            pointer = result["body"]["errors"][0]["pointer"]
            assert pointer.startswith(f"/operations/{number}/"), expect.told(answer)

    @needs("bulk")
    @each(_restricted)
    def test_bulk_asks_for_the_roles_of_its_operations(
        self, desk: Desk, case: str
    ) -> None:
        if not desk.client.enforces_roles:
            pytest.skip("the service does not enforce roles")
        item: dict[str, Any] = {"op": case}
        if case != "create":
            item["id"] = unknown_key(self.resource)
        if case != "delete":
            item["body"] = {_WRONG: 1}
        for role in _outsiders(desk.client.service.roles, self.resource, case):
            body = {"operations": [item]}
            answer = desk.request(
                self.resource, "bulk", "POST", "/bulk", body=body, role=role
            )
            expect.problem(answer, 403, pointer="/operations/0/op")

    @needs("bulk")
    def test_bulk_refuses_what_it_does_not_know(self, desk: Desk) -> None:
        answer = _asked(desk, self, [{"op": "no-such-operation"}])
        expect.problem(answer, 422, pointer="/operations/0/op")
        answer = _asked(desk, self, [], no_such_member=1)
        expect.problem(answer, 422, pointer="/no_such_member")


def _create(desk: Desk, suite: Suite) -> dict[str, Any]:
    return {"op": "create", "body": desk.body(suite.resource)}


def _asked(
    desk: Desk, suite: Suite, operations: list[dict[str, Any]], **members: Any
) -> Any:
    resource = suite.resource
    narrower = (
        one.roles
        for one in (resource.create, resource.update, resource.delete)
        if one is not None
    )
    return desk.request(
        resource,
        "bulk",
        "POST",
        "/bulk",
        body={"operations": operations, **members},
        role=desk.role(resource.bulk, *narrower),
    )


def _total(desk: Desk, suite: Suite) -> int:
    if desk.client.remote:
        pytest.skip("others may write to the service meanwhile")
    answer = desk.listed(suite.resource, {"limit": "1"})
    total: int = expect.content(answer, 200)["total"]
    return total
