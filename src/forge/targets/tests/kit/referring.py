"""References lead to records, and a delete respects, follows or cuts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from . import expect
from .collecting import Suite, each, needs
from .declarations import Reference, Resource
from .desk import Desk, Record, key_of, resource_of
from .exhibits import attempt, exhibits
from .unique import is_taken
from .values import sample


@dataclass(frozen=True, slots=True)
class ReferenceCase:
    """A reference as a case."""

    reference: Reference

    def __str__(self) -> str:
        return ", ".join(self.reference.fields)


def settable(resource: Resource) -> list[ReferenceCase]:
    """The references that a create may set."""
    names = {f.name for f in resource.writable}
    return [ReferenceCase(r) for r in resource.references if names.issuperset(r.fields)]


def _changeable(resource: Resource) -> list[ReferenceCase]:
    names = {f.name for f in resource.changeable}
    return [c for c in settable(resource) if names.issuperset(c.reference.fields)]


def _on_delete(action: str) -> Any:
    def cases(resource: Resource) -> list[ReferenceCase]:
        found = settable(resource)
        return [
            c for c in found if c.reference.on_delete == action and c.reference.route
        ]

    return cases


class Referring(Suite):
    """What holds between a record and those that it refers to."""

    @needs("create")
    @each(settable)
    def test_create_refuses_a_reference_to_nothing(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        body = desk.body(self.resource, optional=True)
        body |= _nowhere(self.resource, case.reference)
        _refused(desk, self.resource, body, case.reference)

    @needs("create", "update")
    @each(_changeable)
    def test_update_refuses_a_reference_to_nothing(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        record = exhibits(desk, self.resource)[0]
        change = _nowhere(self.resource, case.reference)
        answer = attempt(desk, self.resource, change)
        place = expect.escaped(case.reference.field)
        expect.problem(answer, 422, pointer=place)
        assert desk.current(self.resource, record) == record

    @needs("create")
    @each(settable)
    def test_create_refuses_a_reference_to_a_deleted_record(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        target = _deletable(case.reference)
        parent = desk.create(target)
        expect.status(desk.delete(target, key_of(target, parent)), _gone(target))
        body = desk.body(self.resource, optional=True) | pointing_to(
            case.reference, parent
        )
        _refused(desk, self.resource, body, case.reference)

    @needs("create")
    @each(_on_delete("restrict"))
    def test_delete_of_a_record_in_use_is_refused(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        target, parent, child = _pair(desk, self.resource, case.reference)
        answer = desk.delete(target, key_of(target, parent))
        expect.problem(answer, 409)
        assert desk.current(target, parent) == parent
        assert desk.current(self.resource, child) == child
        if self.resource.delete is None:
            return
        expect.status(
            desk.delete(self.resource, key_of(self.resource, child)),
            self.resource.delete.status,
        )
        if _is_free(target, self.resource):
            answer = desk.delete(target, key_of(target, parent))
            expect.status(answer, _gone(target))

    @needs("create", "read")
    @each(_on_delete("cascade"))
    def test_delete_takes_the_record_along(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        target, parent, child = _pair(desk, self.resource, case.reference)
        expect.status(desk.delete(target, key_of(target, parent)), _gone(target))
        key = key_of(self.resource, child)
        expect.problem(desk.get(self.resource, key), 404)

    @needs("create")
    @each(_on_delete("set_null"))
    def test_delete_clears_the_reference(self, desk: Desk, case: ReferenceCase) -> None:
        target, parent, child = _pair(desk, self.resource, case.reference)
        expect.status(desk.delete(target, key_of(target, parent)), _gone(target))
        current = desk.current(self.resource, child)
        for name in case.reference.fields:
            if not self.resource.field(name).sensitive:
                assert current[name] is None
        shown = {n: v for n, v in current.items() if n in child and n != "_links"}
        own = {f.name for f in self.resource.visible if not f.computed}
        for name in own.intersection(shown).difference(case.reference.fields):
            assert current[name] == child[name], name


def _nowhere(resource: Resource, reference: Reference) -> Record:
    """Values that no record of the target has."""
    found: Record = {}
    for name in reference.fields:
        field = resource.field(name)
        found[name] = str(uuid4()) if field.type == "uuid" else sample(field)
    return found


def pointing_to(reference: Reference, parent: Record) -> Record:
    """The fields of a record that refers to `parent`."""
    pairs = zip(reference.fields, reference.target_fields, strict=True)
    return {mine: parent[theirs] for mine, theirs in pairs}


def _deletable(reference: Reference) -> Resource:
    if not reference.route:
        pytest.skip("no route creates the records that this refers to")
    target = resource_of(reference.route)
    if target.untestable or target.delete is None:
        pytest.skip("the records that this refers to cannot be created and deleted")
    return target


def _pair(
    desk: Desk, resource: Resource, reference: Reference
) -> tuple[Resource, Record, Record]:
    """A record of the target that nothing else refers to, and one that refers to it."""
    target = _deletable(reference)
    parent = desk.create(target)
    child = desk.create(resource, pointing_to(reference, parent), optional=True)
    return target, parent, child


def _gone(target: Resource) -> int:
    return target.delete.status if target.delete else 204


def _is_free(target: Resource, resource: Resource) -> bool:
    """Whether a softly deleted record does not count as a reference."""
    return not resource.soft_delete or bool(target.soft_delete)


def _refused(
    desk: Desk, resource: Resource, body: Record, reference: Reference
) -> None:
    """Expect a create to be refused for what it refers to."""
    answer = desk.post(resource, body)
    if is_taken(answer, resource, {}):
        pytest.skip("every combination of values that may occur once is taken")
    expect.problem(answer, 422, pointer=expect.escaped(reference.field))
