"""A deleted record is gone from reads, lists and references."""

from __future__ import annotations

import pytest

from . import expect
from .collecting import Suite, needs, when
from .desk import Desk, key_of, marker
from .reading import unknown_key
from .unique import keys_of


class Deleting(Suite):
    """`DELETE` of one record."""

    @needs("create", "delete")
    def test_deleted_record_is_gone(self, desk: Desk) -> None:
        resource = self.resource
        assert resource.delete is not None  # the test runs where it is offered
        record = desk.create(resource)
        key = key_of(resource, record)
        answer = desk.delete(resource, key)
        expect.status(answer, resource.delete.status)
        assert not answer.content
        if resource.read is not None:
            expect.problem(desk.get(resource, key), 404)
        if resource.list is not None:
            assert desk.found(resource, [record]) == []
        if resource.list is not None and resource.narrows:
            page = expect.content(
                desk.listed(resource, marker(resource, [record])), 200
            )
            assert page["total"] == 0
        if resource.update is not None:
            expect.problem(desk.patch(resource, key, {}), 404)
        if resource.transition is not None and resource.workflow is not None:
            state = resource.workflow.initial
            expect.problem(desk.step(resource, key, state), 404)
        expect.problem(desk.delete(resource, key), 404)

    @needs("create", "delete")
    def test_delete_spares_other_records(self, desk: Desk) -> None:
        kept, gone = desk.create(self.resource), desk.create(self.resource)
        desk.delete(self.resource, key_of(self.resource, gone))
        assert desk.current(self.resource, kept) == kept

    @needs("delete")
    def test_delete_of_an_unknown_key_is_not_found(self, desk: Desk) -> None:
        expect.problem(desk.delete(self.resource, unknown_key(self.resource)), 404)
        expect.problem(desk.delete(self.resource, "no-such-key"), 404)

    @needs("create", "delete")
    def test_delete_of_a_stale_version_is_refused(self, desk: Desk) -> None:
        _, created = desk.created(self.resource)
        record = created.json()
        key = key_of(self.resource, record)
        answer = desk.delete(self.resource, key, headers={"if-match": '"stale"'})
        expect.problem(answer, 412)
        assert desk.current(self.resource, record) == record
        tag = {"if-match": created.headers["etag"]}
        answer = desk.delete(self.resource, key, headers=tag)
        assert answer.is_success, expect.told(answer)

    @needs("delete")
    @when(lambda resource: resource.if_match_required)
    def test_delete_has_to_name_a_version(self, desk: Desk) -> None:
        key = unknown_key(self.resource)
        expect.problem(desk.delete(self.resource, key, versioned=False), 428)

    @needs("create", "delete", "restore")
    def test_deletion_is_taken_back(self, desk: Desk) -> None:
        resource = self.resource
        assert resource.restore is not None  # the test runs where it is offered
        record = desk.create(resource, optional=True)
        key = key_of(resource, record)
        desk.delete(resource, key)
        answer = desk.request(resource, "restore", "POST", f"/{key}/restore")
        back = desk.answered(resource, "restore", answer, record)
        sets = resource.delete.sets if resource.delete else {}
        given = [f.name for f in resource.visible if f.settable and f.name not in sets]
        kept = {name: record[name] for name in given}
        assert {n: back[n] for n in kept} == kept, expect.told(answer)
        assert desk.current(resource, record) == back
        missing = unknown_key(resource)
        answer = desk.request(resource, "restore", "POST", f"/{missing}/restore")
        expect.problem(answer, 404)

    @needs("create", "delete")
    @when(lambda resource: resource.soft_delete)
    def test_deletion_time_is_null_on_living_records(self, desk: Desk) -> None:
        record = desk.create(self.resource, optional=True)
        field = self.resource.field(self.resource.soft_delete)
        if not field.sensitive:
            assert record[field.name] is None

    @needs("create", "delete")
    def test_deleted_record_frees_its_unique_values(self, desk: Desk) -> None:
        resource = self.resource
        keys = [key for key in keys_of(resource) if key != resource.key]
        if not keys:
            pytest.skip("no values have to be unique")
        body, created = desk.created(resource, optional=True)
        desk.delete(resource, key_of(resource, created.json()))
        fixed = {n: v for n, v in body.items() if any(n in key for key in keys)}
        desk.create(resource, fixed)
