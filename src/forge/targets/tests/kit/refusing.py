"""Bodies that break the contract are refused, and the answer says where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from . import expect
from .cases import Case, Named, named, refused
from .collecting import Suite, each, needs, when
from .declarations import Field, Resource, Rule
from .desk import Desk, key_of
from .exhibits import attempt, exhibits
from .unique import keys_of
from .values import NoValue, sample

MALFORMED = {
    "cut off": b'{"a": ',
    "empty": b"",
    "not UTF-8": b'{"a": "\xff"}',
    "NaN": b'{"a": NaN}',
    "two values": b"{} {}",
    "a member twice": b'{"a": 1, "a": 2}',
    "nested deeply": b"[" * 50_000,
}
NO_OBJECTS: tuple[Any, ...] = ([], "text", 1, None, True)


@dataclass(frozen=True, slots=True)
class _Key:
    """Fields whose values together occur once."""

    fields: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.fields)


def _read_only(resource: Resource) -> list[Field]:
    return [f for f in resource.fields if not f.settable]


def _unchangeable(resource: Resource) -> list[Field]:
    return [
        f
        for f in resource.fields
        if (not f.settable or f.immutable or f.name in resource.key)
        and not f.untestable
    ]


def _demanded(resource: Resource) -> list[Field]:
    operation = resource.create
    names = operation.requires if operation else ()
    return [f for f in resource.writable if f.demanded or f.name in names]


def _demanded_by_update(resource: Resource) -> list[Field]:
    names = resource.update.requires if resource.update else ()
    return [f for f in resource.changeable if f.name in names]


def _unique(resource: Resource) -> list[_Key]:
    accepted = {f.name for f in resource.writable}
    return [_Key(key) for key in keys_of(resource) if accepted.issuperset(key)]


def _unique_changeable(resource: Resource) -> list[_Key]:
    changeable = {f.name for f in resource.changeable}
    return [key for key in _unique(resource) if changeable.intersection(key.fields)]


class _Broken(str):
    """A rule as a case, by its message."""

    rule: Rule


def _rules(name: str) -> Any:
    def cases(resource: Resource) -> Sequence[_Broken]:
        found = []
        operation = resource.operation(name)
        for rule in operation.rules if operation else ():
            if rule.fails is not None:
                case = _Broken(rule.detail)
                case.rule = rule
                found.append(case)
        return found

    return cases


class Refusing(Suite):
    """Creates and changes that are refused."""

    @needs("create")
    @each(lambda resource: refused(resource.writable))
    def test_create_refuses(self, desk: Desk, case: Case) -> None:
        name = case.field.name
        body = desk.body(self.resource) | {name: case.value}
        answer = desk.post(self.resource, body)
        expect.problem(answer, 422, pointer=expect.escaped(name))

    @needs("create", "update")
    @each(lambda resource: refused(resource.changeable))
    def test_update_refuses(self, desk: Desk, case: Case) -> None:
        name = case.field.name
        answer = attempt(desk, self.resource, {name: case.value})
        expect.problem(answer, 422, pointer=expect.escaped(name))

    @needs("create")
    @each(lambda resource: named(_demanded(resource)))
    def test_create_requires(self, desk: Desk, case: Named) -> None:
        name = case.field.name
        body = desk.body(self.resource)
        del body[name]
        pointer = expect.escaped(name)
        expect.problem(desk.post(self.resource, body), 422, pointer=pointer)
        answer = desk.post(self.resource, body | {name: None})
        expect.problem(answer, 422, pointer=pointer)

    @needs("create", "update")
    @each(lambda resource: named(_demanded_by_update(resource)))
    def test_update_requires(self, desk: Desk, case: Named) -> None:
        key = key_of(self.resource, exhibits(desk, self.resource)[0])
        answer = desk.request(self.resource, "update", "PATCH", f"/{key}", body={})
        expect.problem(answer, 422, pointer=expect.escaped(case.field.name))

    @needs("create", "update")
    @each(lambda resource: named(f for f in resource.changeable if f.required))
    def test_update_refuses_null(self, desk: Desk, case: Named) -> None:
        answer = attempt(desk, self.resource, {case.field.name: None})
        expect.problem(answer, 422, pointer=expect.escaped(case.field.name))

    @needs("create")
    @each(lambda resource: named(_read_only(resource)))
    def test_create_cannot_set(self, desk: Desk, case: Named) -> None:
        name = case.field.name
        body = desk.body(self.resource) | {name: _some(case.field)}
        answer = desk.post(self.resource, body)
        expect.problem(answer, 422, pointer=expect.escaped(name))

    @needs("create", "update")
    @each(lambda resource: named(_unchangeable(resource)))
    def test_update_cannot_set(self, desk: Desk, case: Named) -> None:
        name = case.field.name
        record = exhibits(desk, self.resource)[0]
        answer = attempt(desk, self.resource, {name: _some(case.field)})
        expect.problem(answer, 422, pointer=expect.escaped(name))
        if not case.field.sensitive:
            assert desk.current(self.resource, record)[name] == record[name]

    @needs("create")
    def test_create_refuses_unknown_field(self, desk: Desk) -> None:
        body = desk.body(self.resource) | {"no_such~/field": 1}
        answer = desk.post(self.resource, body)
        expect.problem(answer, 422, pointer=expect.escaped("no_such~/field"))

    @needs("create")
    def test_unknown_field_gets_a_suggestion(self, desk: Desk) -> None:
        names = [f.name for f in self.resource.writable if len(f.name) > 4]
        for name in names[:1]:
            wrong = f"{name[:2]}{name[3:]}"
            body = desk.body(self.resource) | {wrong: 1}
            found = expect.problem(desk.post(self.resource, body), 422)
            assert any(name in str(e["detail"]) for e in found["errors"]), found

    @needs("create", "update")
    def test_update_refuses_unknown_field(self, desk: Desk) -> None:
        answer = attempt(desk, self.resource, {"no_such_field": 1})
        expect.problem(answer, 422, pointer="/no_such_field")

    @needs("create")
    def test_every_fault_is_reported(self, desk: Desk) -> None:
        body = desk.body(self.resource) | {"first_wrong": 1, "second_wrong": 1}
        answer = desk.post(self.resource, body)
        expect.problem(answer, 422, pointer="/first_wrong")
        expect.problem(answer, 422, pointer="/second_wrong")

    @needs("create")
    @each(lambda resource: _unique(resource))
    def test_create_refuses_taken(self, desk: Desk, case: _Key) -> None:
        body, _ = desk.created(self.resource, optional=True)
        taken = {name: body[name] for name in case.fields}
        others = desk.body(self.resource, optional=True)
        answer = desk.post(self.resource, others | taken)
        expect.problem(answer, 409, pointer=expect.escaped(case.fields[0]))

    @needs("create", "update")
    @each(lambda resource: _unique_changeable(resource))
    def test_update_refuses_taken(self, desk: Desk, case: _Key) -> None:
        changeable = {f.name for f in self.resource.changeable}
        body, _ = desk.created(self.resource, optional=True)
        kept = {n: body[n] for n in case.fields if n not in changeable}
        other = desk.create(self.resource, kept, optional=True)
        change = {n: body[n] for n in case.fields if n in changeable}
        answer = desk.patch(self.resource, key_of(self.resource, other), change)
        pointers = [expect.escaped(name) for name in case.fields]
        expect.problem(answer, 409, pointer=pointers[0])
        shown = [n for n in change if not self.resource.field(n).sensitive]
        current = desk.current(self.resource, other)
        assert all(current[name] == other[name] for name in shown)

    @needs("create", "update")
    @each(lambda resource: _unique_changeable(resource))
    def test_update_accepts_own_value(self, desk: Desk, case: _Key) -> None:
        body, answer = desk.created(self.resource, optional=True)
        changeable = {f.name for f in self.resource.changeable}
        change = {n: body[n] for n in case.fields if n in changeable}
        key = key_of(self.resource, answer.json())
        changed = desk.patch(self.resource, key, change)
        assert changed.is_success, expect.told(changed)

    @needs("create")
    @each(_rules("create"))
    def test_create_keeps_the_rule(self, desk: Desk, case: _Broken) -> None:
        body = desk.body(self.resource, optional=True)
        body |= desk.given(self.resource, case.rule.fails or {})
        place = expect.escaped(case.rule.field) if case.rule.field else None
        answer = desk.post(self.resource, body)
        found = expect.problem(answer, case.rule.status, pointer=place)
        assert case.rule.code in [e["code"] for e in found["errors"]], found

    @needs("create", "update")
    @each(_rules("update"))
    def test_update_keeps_the_rule(self, desk: Desk, case: _Broken) -> None:
        record = desk.create(self.resource, optional=True)
        key = key_of(self.resource, record)
        broken = desk.given(self.resource, case.rule.fails or {})
        answer = desk.patch(self.resource, key, broken)
        place = expect.escaped(case.rule.field) if case.rule.field else None
        found = expect.problem(answer, case.rule.status, pointer=place)
        assert case.rule.code in [e["code"] for e in found["errors"]], found

    @needs("create")
    @pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
    def test_create_refuses_malformed_json(self, desk: Desk, raw: bytes) -> None:
        expect.problem(desk.post(self.resource, content=raw), 400)

    @needs("create", "update")
    def test_update_refuses_malformed_json(self, desk: Desk) -> None:
        key = key_of(self.resource, exhibits(desk, self.resource)[0])
        expect.problem(desk.patch(self.resource, key, content=b'{"a":'), 400)

    @needs("create")
    @pytest.mark.parametrize("body", NO_OBJECTS, ids=repr)
    def test_create_refuses_what_is_no_object(self, desk: Desk, body: Any) -> None:
        expect.problem(desk.post(self.resource, body), 422)

    @needs("create", "update")
    def test_update_refuses_what_is_no_object(self, desk: Desk) -> None:
        expect.problem(attempt(desk, self.resource, [1]), 422)

    @needs("create")
    def test_create_refuses_large_body(self, desk: Desk) -> None:
        size = desk.client.service.max_body_bytes + 1
        raw = b'{"a": "' + b"x" * size + b'"}'
        expect.problem(desk.post(self.resource, content=raw), 413)

    @needs("create")
    def test_create_refuses_other_media_types(self, desk: Desk) -> None:
        answer = desk.post(
            self.resource, content=b"a=1", headers={"content-type": "text/plain"}
        )
        expect.problem(answer, 415)

    @needs("create")
    @when(lambda resource: not resource.untestable)
    def test_create_refuses_parameters(self, desk: Desk) -> None:
        body = desk.body(self.resource)
        expect.problem(desk.post(self.resource, body, params={"dry_run": "1"}), 400)


def _some(field: Field) -> Any:
    """A value of the field's type, whether clients may set it or not."""
    try:
        return sample(field)
    except NoValue:
        return "value"
