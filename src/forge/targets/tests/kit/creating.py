"""A create stores what it is sent, and the service fills the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import expect
from .cases import Case, Named, accepted, enumerated, kept, named
from .collecting import Suite, each, needs, when
from .declarations import Field, Resource
from .desk import Desk, Record
from .effects import stored
from .forms import TEXTUAL, same, well_formed
from .unique import keys_of

_VERSION_OF_UUID = 14


def _nullable(resource: Resource) -> list[Field]:
    operation = resource.create
    if operation is None:
        return []
    return [
        f for f in resource.free if not f.required and f.name not in operation.requires
    ]


def _computed(resource: Resource) -> list[Field]:
    return [f for f in resource.visible if f.computed]


def _sets(resource: Resource) -> Mapping[str, Any]:
    return resource.create.sets if resource.create else {}


class Creating(Suite):
    """`POST` to the collection, where it succeeds."""

    @needs("create")
    def test_all_fields_are_stored(self, desk: Desk) -> None:
        body, answer = desk.created(self.resource, optional=True)
        record = answer.json()
        _matches(self.resource, body, record)
        assert answer.headers.get("location") == record["_links"]["self"]
        assert re.fullmatch(r'"[^"]+"', answer.headers.get("etag", "")), (
            "no strong ETag"
        )
        _matches(self.resource, body, desk.current(self.resource, record))

    @needs("create")
    def test_required_fields_are_enough(self, desk: Desk) -> None:
        body, answer = desk.created(self.resource)
        record = answer.json()
        _matches(self.resource, body, record)
        for field in self.resource.visible:
            given = field.name in body or field.name in _sets(self.resource)
            if field.settable and not given:
                shown = record[field.name]
                assert same(field, shown, field.default), (
                    f"{field.name} is {shown!r} instead of its default{expect.told(answer)}"
                )

    @needs("create")
    def test_representation_has_every_visible_field(self, desk: Desk) -> None:
        _, answer = desk.created(self.resource, optional=True)
        record = answer.json()
        wanted = {f.name for f in self.resource.visible} | {"_links"}
        assert set(record) == wanted, f"other members{expect.told(answer)}"
        for field in self.resource.visible:
            assert well_formed(field, record[field.name]), (
                f"{field.name} is {record[field.name]!r}{expect.told(answer)}"
            )

    @needs("create")
    @when(lambda resource: any(f.sensitive for f in resource.writable))
    def test_sensitive_values_never_leave(self, desk: Desk) -> None:
        body, answer = desk.created(self.resource, optional=True)
        texts = [answer.text, str(desk.current(self.resource, answer.json()))]
        for field in self.resource.writable:
            value = body.get(field.name)
            if field.sensitive and field.type in TEXTUAL and len(str(value)) >= 8:
                assert not any(str(value) in text for text in texts), (
                    f"{field.name} leaks{expect.told(answer)}"
                )

    @needs("create")
    @each(lambda resource: named(_computed(resource)))
    def test_service_fills(self, desk: Desk, case: Named) -> None:
        record = desk.create(self.resource)
        _is_computed(case.field, record)

    @needs("create")
    @each(lambda resource: named(f for f in resource.visible if f.examples))
    def test_service_computes(self, desk: Desk, case: Named) -> None:
        field = case.field
        writable = {f.name for f in self.resource.writable}
        for values, wanted in field.examples:
            if not writable.issuperset(values):
                continue
            record = desk.create(self.resource, values)
            shown = record[field.name]
            assert same(field, shown, wanted), f"{shown!r} from {values}"
            assert desk.current(self.resource, record)[field.name] == shown

    @needs("create")
    @when(_sets)
    def test_create_sets(self, desk: Desk) -> None:
        record = desk.create(self.resource, optional=True)
        for name, value in _sets(self.resource).items():
            stored(self.resource.field(name), record[name], value)

    @needs("create")
    @when(lambda resource: any(f.form for f in resource.fields))
    def test_numbers_go_up(self, desk: Desk) -> None:
        records = [desk.create(self.resource) for _ in range(2)]
        for field in self.resource.visible:
            if field.form:
                first, second = (digits(field, record) for record in records)
                assert second > first, f"{field.name}: {second} follows {first}"
                assert desk.client.remote or second == first + 1, "a number is left out"

    @needs("create")
    @when(lambda resource: any(f.form for f in resource.fields))
    def test_failed_create_burns_no_number(self, desk: Desk) -> None:
        before = desk.create(self.resource)
        body = desk.body(self.resource)
        for key in keys_of(self.resource):
            if all(before.get(name) is not None for name in key):
                expect.problem(
                    desk.post(self.resource, body | {n: before[n] for n in key}), 409
                )
        expect.problem(desk.post(self.resource, body | {"no_such_field": 1}), 422)
        after = desk.create(self.resource)
        for field in self.resource.visible:
            if field.form and not desk.client.remote:
                assert digits(field, after) == digits(field, before) + 1

    @needs("create")
    @when(lambda resource: resource.workflow is not None)
    def test_record_begins_in_the_initial_state(self, desk: Desk) -> None:
        workflow = self.resource.workflow
        assert workflow is not None
        record = desk.create(self.resource)
        assert record[workflow.field] == workflow.initial

    @needs("create")
    @each(lambda resource: kept([f for f in resource.free if not f.sensitive]))
    def test_keeps(self, desk: Desk, case: Case) -> None:
        name = case.field.name
        if self.resource.reference_of(name) is not None:
            return
        record = desk.create(self.resource, {name: case.value})
        for shown in (record[name], desk.current(self.resource, record)[name]):
            assert _is_one(shown, case.kept), (
                f"{case.value!r} comes back as {shown!r} instead of {case.kept!r}"
            )

    @needs("create")
    @each(lambda resource: accepted(resource.free))
    def test_accepts(self, desk: Desk, case: Case) -> None:
        name = case.field.name
        if self.resource.reference_of(name) is not None:
            return
        record = desk.create(self.resource, {name: case.value})
        if not case.field.sensitive:
            assert same(case.field, record[name], case.value)

    @needs("create")
    @each(lambda resource: named(_nullable(resource)))
    def test_accepts_null(self, desk: Desk, case: Named) -> None:
        name = case.field.name
        record = desk.create(self.resource, {name: None})
        if not case.field.sensitive:
            assert record[name] is None

    @needs("create")
    @each(lambda resource: enumerated(resource.free))
    def test_accepts_every_value_of_the_enum(self, desk: Desk, case: Case) -> None:
        name = case.field.name
        record = desk.create(self.resource, {name: case.value})
        assert case.field.sensitive or record[name] == case.value


def _matches(resource: Resource, body: Record, record: Record) -> None:
    """Check that a representation holds what a body sent."""
    for name, value in body.items():
        field = resource.field(name)
        if not field.sensitive and name not in _sets(resource):
            assert same(field, record[name], value), (
                f"{name} is {record[name]!r} instead of {value!r}"
            )


def _is_one(one: Any, other: Any) -> bool:
    """Whether two JSON values are one; `1` and `1.0` are, `1` and `true` are not."""
    return bool(one == other) and isinstance(one, bool) is isinstance(other, bool)


def digits(field: Field, record: Record) -> int:
    """What the service counted, in a number such as `TKT-000001`."""
    found = re.fullmatch(field.form, record[field.name])
    assert found is not None, f"{field.name} is {record[field.name]!r}"
    return int(found[1])


def _is_computed(field: Field, record: Record) -> None:
    value = record[field.name]
    assert well_formed(field, value), f"{field.name} is {value!r}"
    match field.computed:
        case "uuid":
            assert str(value)[_VERSION_OF_UUID] == "7", f"{value} is no UUIDv7"
        case "sequence":
            assert digits(field, record) > 0
        case "now" | "now_on_update" | "identity":
            assert value is not None
