"""What is deleted softly is shown to those who may delete, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from . import expect
from .collecting import Suite, needs
from .desk import Desk, key_of, marker
from .reading import unknown_key
from .unique import keys_of


class Restoring(Suite):
    """Records that a deletion only marks."""

    @needs("create", "delete", "read")
    def test_deleted_record_is_read_on_request(self, desk: Desk) -> None:
        resource = self.resource
        record = desk.create(resource)
        key = key_of(resource, record)
        assert _read(desk, self, key, "only").status_code == 404
        assert expect.content(_read(desk, self, key, "include"), 200) == record
        desk.delete(resource, key)
        for asked in ("only", "include"):
            shown = expect.content(_read(desk, self, key, asked), 200)
            mark = resource.field(resource.soft_delete)
            assert mark.sensitive or shown[mark.name] is not None
        expect.problem(_read(desk, self, key, "exclude"), 404)
        expect.problem(_read(desk, self, key, "all"), 400)

    @needs("create", "delete", "list")
    def test_deleted_record_is_listed_on_request(self, desk: Desk) -> None:
        resource = self.resource
        if not resource.narrows:
            pytest.skip("the list cannot be limited to known records")
        alive, gone = desk.create(resource), desk.create(resource)
        desk.delete(resource, key_of(resource, gone))
        wanted = {"exclude": [alive], "only": [gone], "include": [alive, gone]}
        for asked, records in wanted.items():
            params = marker(resource, [alive, gone]) | {"deleted": asked}
            role = _role(desk, self, "list")
            answer = desk.request(resource, "list", "GET", params=params, role=role)
            found = {key_of(resource, r) for r in expect.content(answer, 200)["items"]}
            assert found == {key_of(resource, record) for record in records}

    @needs("create", "delete", "read")
    def test_deleted_record_is_hidden_from_who_may_not_delete(self, desk: Desk) -> None:
        resource, client = self.resource, desk.client
        assert resource.delete is not None  # the test runs where it is offered
        assert resource.read is not None
        admitted = resource.read.roles or client.service.roles
        others = [r for r in admitted if r not in resource.delete.roles]
        if not (client.enforces_roles and resource.delete.roles and others):
            pytest.skip("everybody may delete who may read")
        key = key_of(resource, desk.create(resource))
        for asked in ("only", "include"):
            params = {"deleted": asked}
            answer = desk.get(resource, key, params=params, role=others[0])
            expect.problem(answer, 403)

    @needs("create", "delete", "restore")
    def test_restored_record_is_as_it_was(self, desk: Desk) -> None:
        resource = self.resource
        record = desk.create(resource, optional=True)
        key = key_of(resource, record)
        expect.problem(_restore(desk, self, key), 404)
        desk.delete(resource, key)
        answer = _restore(desk, self, key)
        shown = desk.answered(resource, "restore", answer, record)
        kept = {f.name for f in resource.visible if not f.computed}
        assert {n: shown[n] for n in kept} == {n: record[n] for n in kept}
        expect.problem(_restore(desk, self, key), 404)
        assert desk.current(resource, record) == shown

    @needs("restore")
    def test_restore_of_an_unknown_key_is_not_found(self, desk: Desk) -> None:
        expect.problem(_restore(desk, self, unknown_key(self.resource)), 404)
        expect.problem(_restore(desk, self, "no-such-key"), 404)

    @needs("create", "delete", "restore")
    def test_record_whose_values_are_taken_stays_deleted(self, desk: Desk) -> None:
        resource = self.resource
        body, created = desk.created(resource, optional=True)
        taken = {n for key in keys_of(resource) for n in key if key != resource.key}
        if not taken.intersection(body):
            pytest.skip("no values have to be unique")
        key = key_of(resource, created.json())
        desk.delete(resource, key)
        desk.create(resource, {name: body[name] for name in taken if name in body})
        expect.problem(_restore(desk, self, key), 409)


def _role(desk: Desk, suite: Restoring, operation: str) -> str:
    """A role that may do `operation` and delete."""
    resource = suite.resource
    assert resource.delete is not None  # the tests run where it is offered
    return desk.role(resource.operation(operation), resource.delete.roles)


def _read(desk: Desk, suite: Restoring, key: str, asked: str) -> Any:
    role = _role(desk, suite, "read")
    return desk.get(suite.resource, key, params={"deleted": asked}, role=role)


def _restore(desk: Desk, suite: Restoring, key: str) -> Any:
    return desk.request(suite.resource, "restore", "POST", f"/{key}/restore")
