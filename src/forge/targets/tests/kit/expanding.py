"""What `expand` shows beside a record is what a read of it shows, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from . import expect
from .client import ANONYMOUS
from .collecting import Suite, each, needs
from .declarations import Operation, Resource
from .desk import Desk, Record, key_of, marker, resource_of
from .reading import unknown_key
from .referring import ReferenceCase, pointing_to, settable
from .tenants import absent
from .unique import tied

_MOST_SHOWN = 10
"""Records of the other end inside another one."""


def _shown(resource: Resource) -> list[ReferenceCase]:
    return [c for c in settable(resource) if c.reference.expand and c.reference.route]


def _nullable(resource: Resource) -> list[ReferenceCase]:
    fields = {f.name: f for f in resource.fields}
    return [
        case
        for case in _shown(resource)
        if not any(fields[name].required for name in case.reference.fields)
    ]


def _listed(resource: Resource) -> list[ReferenceCase]:
    return [c for c in settable(resource) if c.reference.inverse and c.reference.route]


def _countless(resource: Resource) -> list[ReferenceCase]:
    """One reference that any number of records may share."""
    unique = tied(resource)
    every = _listed(resource)
    free = (c for c in every if not unique.intersection(c.reference.fields))
    return [case for case in free if case.reference.expand][:1]


class Expanding(Suite):
    """`expand` of reads and lists."""

    @needs("create")
    @each(_shown)
    def test_reference_shows_what_a_read_shows(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        resource, name = self.resource, case.reference.expand
        target, parent, child = related(desk, resource, case)
        alone = desk.current(target, parent)
        hidden = {f.name for f in target.fields if f.sensitive}
        for record in _with(desk, resource, child, name, target):
            beside = record.pop(name)
            assert beside == alone
            assert hidden.isdisjoint(beside), "a secret is shown"
            assert record == child

    @needs("create")
    @each(_nullable)
    def test_reference_to_nothing_is_null(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        resource, name = self.resource, case.reference.expand
        record = desk.create(resource)
        if record[case.reference.field] is not None:
            pytest.skip("the reference never is null")
        target = resource_of(case.reference.route)
        for shown in _with(desk, resource, record, name, target):
            assert name in shown, f"no `{name}`"
            assert shown[name] is None

    @needs("create", "read", "list")
    @each(_listed)
    def test_other_end_shows_what_refers(self, desk: Desk, case: ReferenceCase) -> None:
        resource, name = self.resource, case.reference.inverse
        target, parent, child = related(desk, resource, case)
        # Refers to another record, or to none.
        desk.create(resource)
        hidden = {f.name for f in resource.fields if f.sensitive}
        parent = desk.current(target, parent)
        for record in _with(desk, target, parent, name, resource):
            beside = record.pop(name)
            assert beside == [desk.current(resource, child)]
            assert hidden.isdisjoint(beside[0]), "a secret is shown"
            assert record == parent
        if resource.tenant and not target.tenant:
            answer = _read(
                desk, target, parent, name, resource, headers=absent(resource)
            )
            assert expect.content(answer, 200)[name] == [], expect.told(answer)
        if resource.delete is not None:
            answer = desk.delete(resource, key_of(resource, child))
            expect.status(answer, resource.delete.status)
            for record in _with(desk, target, parent, name, resource):
                assert record[name] == [], "what is deleted is shown"

    @needs("create", "read", "list")
    @each(_countless)
    def test_other_end_shows_no_more_than_its_bound(
        self, desk: Desk, case: ReferenceCase
    ) -> None:
        resource, name = self.resource, case.reference.inverse
        target, parent, child = related(desk, resource, case)
        if target.read is None:
            pytest.skip("the collection offers no way to read one record")
        fixed = pointing_to(case.reference, parent)
        wanted = {key_of(resource, child)}
        while len(wanted) <= _MOST_SHOWN:
            wanted.add(key_of(resource, desk.create(resource, fixed)))
        path = f"{name}.{case.reference.expand}.{name}"
        answer = _read(desk, target, parent, path, resource)
        outer = expect.content(answer, 200)[name]
        assert {key_of(resource, one) for one in outer} == wanted
        inner = outer[0][case.reference.expand]
        assert len(inner[name]) == _MOST_SHOWN
        rest = desk.client.call(
            "GET",
            inner["_links"][f"{name}:next"],
            role=desk.role(resource.list),
            headers=desk.tenant(resource) if resource.tenant else None,
        )
        found = [*inner[name], *expect.content(rest, 200)["items"]]
        assert {key_of(resource, one) for one in found} == wanted
        assert len(found) == len(wanted)

    @needs("read")
    def test_read_refuses_an_unknown_relation(self, desk: Desk) -> None:
        params, key = {"expand": "no_such"}, unknown_key(self.resource)
        answer = desk.get(self.resource, key, params=params)
        expect.problem(answer, 400, parameter="expand")

    @needs("list")
    def test_list_refuses_an_unknown_relation(self, desk: Desk) -> None:
        for name in ("no_such", self.resource.key[0], "", "*"):
            answer = desk.listed(self.resource, {"expand": name})
            expect.problem(answer, 400, parameter="expand")


def related(
    desk: Desk, resource: Resource, case: ReferenceCase
) -> tuple[Resource, Record, Record]:
    """A record that nothing else refers to, after its collection, and one that refers."""
    target = resource_of(case.reference.route)
    parent = desk.create(target)
    fixed = pointing_to(case.reference, parent)
    child = desk.create(resource, fixed, optional=True)
    return target, parent, child


def seer(desk: Desk, operation: Operation | None, *others: Operation | None) -> str:
    """A role that may do all of this."""
    role = desk.role(operation, *(one.roles for one in others if one is not None))
    if role == ANONYMOUS and desk.client.enforces_roles:
        pytest.skip("no role may see both ends of the reference")
    return role


def tenant(desk: Desk, *resources: Resource) -> dict[str, str]:
    """The header under which records of all of them are seen."""
    found: dict[str, str] = {}
    for resource in resources:
        named = desk.tenant(resource) if resource.tenant else {}
        if any(found.get(name, value) != value for name, value in named.items()):
            pytest.skip("the records belong to tenants of different kinds")
        found |= named
    return found


def _with(
    desk: Desk, resource: Resource, record: Record, name: str, other: Resource
) -> list[Record]:
    """The record with what is related, from a read and from a list."""
    found = []
    if resource.read is not None:
        answer = _read(desk, resource, record, name, other)
        found.append(expect.content(answer, 200))
    if resource.list is not None and resource.narrows:
        answer = desk.request(
            resource,
            "list",
            "GET",
            params=marker(resource, [record]) | {"expand": name},
            role=seer(desk, resource.list, other.read, other.list),
            headers=tenant(desk, resource, other),
        )
        (item,) = expect.content(answer, 200)["items"]
        found.append(item)
    if not found:
        pytest.skip("the collection offers no way to read this record")
    return found


def _read(
    desk: Desk,
    resource: Resource,
    record: Record,
    name: str,
    other: Resource,
    **rest: Any,
) -> Any:
    rest.setdefault("headers", tenant(desk, resource, other))
    role = seer(desk, resource.read, other.read, other.list)
    key, params = key_of(resource, record), {"expand": name}
    return desk.get(resource, key, params=params, role=role, **rest)
