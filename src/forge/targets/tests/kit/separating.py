"""Tenants are apart: what one has is nowhere to be seen for another one."""

from __future__ import annotations

from typing import Any

import pytest

from . import expect
from .collecting import Suite, needs, when
from .creating import digits
from .desk import Desk, key_of, marker, resource_of
from .tenants import absent


class Separating(Suite):
    """Records that belong to a tenant."""

    @needs("create")
    def test_record_belongs_to_the_tenant_of_the_request(self, desk: Desk) -> None:
        resource = self.resource
        record = desk.create(resource)
        if not resource.field(resource.tenant).sensitive:
            named = desk.tenant(resource)[resource.tenant_header]
            assert str(record[resource.tenant]) == named

    @needs("create")
    def test_record_of_another_tenant_is_not_found(self, desk: Desk) -> None:
        record = desk.create(self.resource, optional=True)
        _nowhere(desk, self, record, desk.tenant(self.resource, other=True))
        if self.resource.read is not None or self.resource.list is not None:
            assert desk.current(self.resource, record) == record

    @needs("create")
    def test_nothing_is_found_without_a_tenant(self, desk: Desk) -> None:
        resource, nobody = self.resource, absent(self.resource)
        record = desk.create(resource)
        key = key_of(resource, record)
        if resource.read is not None:
            expect.problem(desk.get(resource, key, headers=nobody), 404)
        if resource.list is not None:
            answer = desk.request(resource, "list", "GET", headers=nobody)
            page = expect.content(answer, 200)
            assert (page["items"], page["total"]) == ([], 0)

    @needs("create")
    def test_nothing_is_written_without_a_tenant(self, desk: Desk) -> None:
        resource, nobody = self.resource, absent(self.resource)
        body, created = desk.created(resource)
        record = created.json()
        key = key_of(resource, record)
        answers = [desk.post(resource, body, headers=nobody)]
        if resource.update is not None:
            answers.append(desk.patch(resource, key, {}, headers=nobody))
        if resource.delete is not None:
            answers.append(desk.delete(resource, key, headers=nobody))
        for answer in answers:
            found = expect.problem(answer, 400)
            assert found["errors"][0]["parameter"] == resource.tenant_header
        if resource.read is not None or resource.list is not None:
            assert desk.current(resource, record) == record

    @needs("create")
    def test_values_of_another_tenant_are_free(self, desk: Desk) -> None:
        resource = self.resource
        other = desk.tenant(resource, other=True)
        body, _ = desk.created(resource, optional=True)
        if any(_is_of_a_tenant(resource, name) for name in body):
            pytest.skip("the records that it refers to belong to a tenant")
        answer = desk.post(resource, body, headers=other)
        assert resource.create is not None  # the test runs where it is offered
        expect.status(answer, resource.create.status)
        if resource.delete is not None and answer.status_code != 204:
            key = key_of(resource, answer.json())
            desk.delete(resource, key, headers=other)

    @needs("create")
    @when(lambda resource: any(f.form for f in resource.visible))
    def test_every_tenant_has_numbers_of_its_own(self, desk: Desk) -> None:
        resource = self.resource
        other = desk.tenant(resource, other=True)
        body = desk.body(resource)
        if any(_is_of_a_tenant(resource, name) for name in body):
            pytest.skip("the records that it refers to belong to a tenant")
        before = desk.create(resource)
        desk.post(resource, body, headers=other)
        after = desk.create(resource)
        for field in resource.visible:
            if field.form and not desk.client.remote:
                assert digits(field, after) == digits(field, before) + 1, field.name

    @needs("create")
    @when(lambda resource: any(_is_of_a_tenant(resource, n) for n in _names(resource)))
    def test_record_of_another_tenant_is_no_reference(self, desk: Desk) -> None:
        resource = self.resource
        body = desk.body(resource, optional=True)
        if not any(_is_of_a_tenant(resource, name) for name in body):
            pytest.skip("no body refers to a record of a tenant")
        other = desk.tenant(resource, other=True)
        found = expect.problem(desk.post(resource, body, headers=other), 422)
        assert found["errors"][0]["code"] == "unknown-reference"


def _nowhere(
    desk: Desk, suite: Separating, record: dict[str, Any], tenant: dict[str, str]
) -> None:
    """Check that a tenant neither reads nor writes `record`."""
    resource = suite.resource
    key = key_of(resource, record)
    if resource.read is not None:
        expect.problem(desk.get(resource, key, headers=tenant), 404)
    if resource.list is not None:
        params = marker(resource, [record]) if resource.narrows else {}
        answer = desk.request(resource, "list", "GET", params=params, headers=tenant)
        keys = [key_of(resource, item) for item in expect.content(answer, 200)["items"]]
        assert key not in keys
    if resource.update is not None:
        expect.problem(desk.patch(resource, key, {}, headers=tenant), 404)
    if resource.transition is not None and resource.workflow is not None:
        state = resource.workflow.initial
        expect.problem(desk.step(resource, key, state, headers=tenant), 404)
    if resource.delete is not None:
        expect.problem(desk.delete(resource, key, headers=tenant), 404)


def _names(resource: Any) -> list[str]:
    return [field.name for field in resource.writable]


def _is_of_a_tenant(resource: Any, name: str) -> bool:
    reference = resource.reference_of(name)
    if reference is None or not reference.route:
        return False
    return bool(resource_of(reference.route).tenant)
