"""An update changes what it names and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from . import expect
from .cases import Case, Named, accepted, kept, named
from .collecting import Suite, each, needs, when
from .declarations import Field, Resource
from .desk import Desk, Record, key_of, resource_of
from .forms import same
from .reading import unknown_key
from .unique import keys_of, scarce
from .values import NoValue, another, choices


def _plain(resource: Resource) -> list[Field]:
    """Changeable fields whose value concerns no other record."""
    return [f for f in resource.free_to_change if resource.reference_of(f.name) is None]


def _nullable(resource: Resource) -> list[Field]:
    return [f for f in resource.free_to_change if not f.required]


class Updating(Suite):
    """`PATCH` of one record, where it succeeds."""

    @needs("create", "update")
    @each(lambda resource: named(_plain(resource)))
    def test_update_changes(self, desk: Desk, case: Named) -> None:
        field = case.field
        record = desk.create(self.resource, optional=True)
        key = key_of(self.resource, record)
        values = _others(self.resource, field, record)
        for value in values:
            answer = desk.patch(self.resource, key, {field.name: value})
            if answer.status_code != 409:
                break
        else:
            pytest.skip(f"`{field.name}` has no other value that is free")
        changed = desk.answered(self.resource, "update", answer, record)
        if not field.sensitive:
            assert same(field, changed[field.name], value), expect.told(answer)
        _only(self.resource, record, changed, field.name)
        assert desk.current(self.resource, record) == changed
        assert answer.headers["etag"]

    @needs("create", "update")
    @each(lambda resource: named(_nullable(resource)))
    def test_update_stores_null(self, desk: Desk, case: Named) -> None:
        record = desk.create(self.resource, optional=True)
        key = key_of(self.resource, record)
        answer = desk.patch(self.resource, key, {case.field.name: None})
        changed = desk.answered(self.resource, "update", answer, record)
        if not case.field.sensitive:
            assert changed[case.field.name] is None, expect.told(answer)
        _only(self.resource, record, changed, case.field.name)

    @needs("create", "update")
    @each(lambda resource: kept([f for f in _plain(resource) if not f.sensitive]))
    def test_update_keeps(self, desk: Desk, case: Case) -> None:
        if any(case.field.name in key for key in keys_of(self.resource)):
            return
        record = desk.canvas(self.resource)
        key = key_of(self.resource, record)
        wanted = case.kept
        if isinstance(wanted, dict):
            # What the object held before stays, as far as the update does not name it.
            before = desk.current(self.resource, record)[case.field.name]
            wanted = {**(before or {}), **wanted}
        answer = desk.patch(self.resource, key, {case.field.name: case.value})
        shown = desk.answered(self.resource, "update", answer, record)[case.field.name]
        assert shown == wanted, f"{case.value!r} comes back as {shown!r}"

    @needs("create", "update")
    @each(lambda resource: named(f for f in _plain(resource) if f.type == "object"))
    def test_update_merges(self, desk: Desk, case: Named) -> None:
        field = case.field
        record = desk.create(self.resource, optional=True)
        change = {
            "word": None,
            "depth": {"more": 1, "list": [2]},
            "new": {"gone": None},
        }
        answer = desk.patch(
            self.resource, key_of(self.resource, record), {field.name: change}
        )
        changed = desk.answered(self.resource, "update", answer, record)
        if not field.sensitive:
            wanted = {"depth": {"list": [2], "more": 1}, "new": {}}
            assert changed[field.name] == wanted, expect.told(answer)

    @needs("create", "update")
    @each(lambda resource: accepted(_plain(resource)))
    def test_update_accepts(self, desk: Desk, case: Case) -> None:
        if any(case.field.name in key for key in keys_of(self.resource)):
            return
        record = desk.canvas(self.resource)
        key = key_of(self.resource, record)
        answer = desk.patch(self.resource, key, {case.field.name: case.value})
        desk.answered(self.resource, "update", answer, record)

    @needs("create", "update")
    @each(lambda resource: named(f for f in resource.visible if f.examples))
    def test_update_computes_anew(self, desk: Desk, case: Named) -> None:
        field, changeable = case.field, {f.name for f in self.resource.changeable}
        record = desk.create(self.resource)
        for values, wanted in field.examples:
            if changeable.issuperset(values):
                key = key_of(self.resource, record)
                answer = desk.patch(self.resource, key, dict(values))
                changed = desk.answered(self.resource, "update", answer, record)
                shown = changed[field.name]
                assert same(field, shown, wanted), f"{shown!r} from {values}"

    @needs("create", "update")
    @when(lambda resource: any(f.computed == "now_on_update" for f in resource.fields))
    def test_update_is_dated(self, desk: Desk) -> None:
        record = desk.create(self.resource, optional=True)
        change = change_of(self.resource, record)
        answer = desk.patch(self.resource, key_of(self.resource, record), change)
        changed = desk.answered(self.resource, "update", answer, record)
        for field in self.resource.visible:
            if field.computed == "now_on_update" and field.type == "datetime":
                assert changed[field.name] > record[field.name], field.name
            elif field.computed == "now":
                assert changed[field.name] == record[field.name], field.name

    @needs("create", "update")
    @when(lambda resource: not (resource.update and resource.update.fills))
    def test_update_without_a_change_is_no_change(self, desk: Desk) -> None:
        _, created = desk.created(self.resource)
        record = created.json()
        answer = desk.patch(self.resource, key_of(self.resource, record), {})
        assert desk.answered(self.resource, "update", answer, record) == record
        assert answer.headers["etag"] == created.headers["etag"]

    @needs("update")
    def test_update_of_an_unknown_key_is_not_found(self, desk: Desk) -> None:
        expect.problem(desk.patch(self.resource, unknown_key(self.resource), {}), 404)
        expect.problem(desk.patch(self.resource, "no-such-key", {}), 404)

    @needs("create", "update")
    @when(lambda resource: resource.changeable)
    def test_update_of_a_stale_version_is_refused(self, desk: Desk) -> None:
        _, created = desk.created(self.resource, optional=True)
        record, tag = created.json(), created.headers["etag"]
        key = key_of(self.resource, record)
        change = change_of(self.resource, record)
        stale = {"if-match": '"stale"'}
        expect.problem(desk.patch(self.resource, key, change, headers=stale), 412)
        assert desk.current(self.resource, record) == record
        answer = desk.patch(self.resource, key, change, headers={"if-match": tag})
        assert answer.headers.get("etag") != tag
        answer = desk.patch(self.resource, key, change, headers={"if-match": tag})
        expect.problem(answer, 412)
        answer = desk.patch(self.resource, key, change, headers={"if-match": "*"})
        desk.answered(self.resource, "update", answer, record)

    @needs("update")
    @when(lambda resource: resource.if_match_required)
    def test_update_has_to_name_a_version(self, desk: Desk) -> None:
        key = unknown_key(self.resource)
        expect.problem(desk.patch(self.resource, key, {}, versioned=False), 428)

    @needs("create", "update")
    def test_update_may_leave_the_record_out(self, desk: Desk) -> None:
        record = desk.create(self.resource)
        key = key_of(self.resource, record)
        minimal = {"prefer": "return=minimal"}
        answer = desk.patch(self.resource, key, {}, headers=minimal)
        expect.status(answer, 204)
        assert answer.headers.get("preference-applied") == "return=minimal"
        assert not answer.content, expect.told(answer)
        assert answer.headers.get("etag"), expect.told(answer)

    @needs("create", "update")
    def test_update_moves_a_reference(self, desk: Desk) -> None:
        moved = 0
        for reference in self.resource.references:
            names = {f.name for f in self.resource.changeable}
            if not reference.route or not names.issuperset(reference.fields):
                continue
            target = resource_of(reference.route)
            if target.untestable:
                continue
            record = desk.create(self.resource, optional=True)
            other = desk.create(target)
            change = {
                mine: other[theirs]
                for mine, theirs in zip(
                    reference.fields, reference.target_fields, strict=True
                )
            }
            answer = desk.patch(self.resource, key_of(self.resource, record), change)
            changed = desk.answered(self.resource, "update", answer, record)
            shown = {
                n: v for n, v in change.items() if not self.resource.field(n).sensitive
            }
            assert {name: changed[name] for name in shown} == shown
            moved += 1
        if not moved:
            pytest.skip("no reference can be changed")


def _others(resource: Resource, field: Field, record: Record) -> list[Any]:
    """Values to change a field to: all of them where others may hold some."""
    if any(field.name in key for key in scarce(resource)):
        every = choices(field) or []
        return [value for value in every if value != record.get(field.name)]
    try:
        return [another(field, record.get(field.name))]
    except NoValue:
        return []


def change_of(resource: Resource, record: Record) -> dict[str, Any]:
    """A body that changes something."""
    unique = {name for key in keys_of(resource) for name in key}
    for field in _plain(resource):
        if field.name in unique or field.sensitive:
            continue
        try:
            return {field.name: another(field, record[field.name])}
        except NoValue:
            continue
    for field in _plain(resource):
        if not field.sensitive and not any(
            field.name in key for key in scarce(resource)
        ):
            return {field.name: another(field, record[field.name])}
    pytest.skip("no field can be changed freely")


def _only(resource: Resource, before: Record, after: Record, name: str) -> None:
    """Check that nothing but `name`, and what follows from it, differs."""
    sets = resource.update.sets if resource.update else {}
    for field in resource.visible:
        if field.name not in (name, *sets) and not field.computed:
            assert after[field.name] == before[field.name], f"{field.name} changed too"
    immutable = [f for f in resource.visible if f.computed and f.immutable]
    for field in immutable:
        assert after[field.name] == before[field.name], f"{field.name} changed"
