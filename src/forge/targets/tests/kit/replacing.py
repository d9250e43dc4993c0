"""A replacement sets every field that may change and clears what is left out."""

from __future__ import annotations

from . import expect
from .cases import Case, Named, named, refused
from .collecting import Suite, each, needs
from .declarations import Field, Resource
from .desk import Desk, Record, key_of
from .exhibits import exhibits
from .forms import same
from .reading import unknown_key
from .values import sample


def _demanded(resource: Resource) -> list[Field]:
    operation = resource.replace
    names = operation.requires if operation else ()
    return [f for f in resource.replaceable if f.demanded or f.name in names]


class Replacing(Suite):
    """`PUT` of one record."""

    @needs("create", "replace")
    def test_replacement_clears_what_is_left_out(self, desk: Desk) -> None:
        assert self.resource.replace is not None  # the test runs where it is offered
        record = desk.create(self.resource, optional=True)
        body = _body(self.resource, record)
        answer = desk.put(self.resource, key_of(self.resource, record), body)
        changed = desk.answered(self.resource, "replace", answer, record)
        for field in self.resource.replaceable:
            if field.sensitive or field.name in self.resource.replace.sets:
                continue
            wanted = body.get(field.name, field.default)
            assert same(field, changed[field.name], wanted), field.name
        for field in self.resource.visible:
            if field.immutable:
                assert changed[field.name] == record[field.name], field.name

    @needs("create", "replace")
    @each(lambda resource: named(_demanded(resource)))
    def test_replacement_requires(self, desk: Desk, case: Named) -> None:
        record = exhibits(desk, self.resource)[0]
        body = _body(self.resource, record)
        body.pop(case.field.name, None)
        answer = desk.put(self.resource, key_of(self.resource, record), body)
        expect.problem(answer, 422, pointer=expect.escaped(case.field.name))

    @needs("create", "replace")
    @each(lambda resource: refused(resource.replaceable))
    def test_replacement_refuses(self, desk: Desk, case: Case) -> None:
        record = exhibits(desk, self.resource)[0]
        body = _body(self.resource, record) | {case.field.name: case.value}
        answer = desk.put(self.resource, key_of(self.resource, record), body)
        expect.problem(answer, 422, pointer=expect.escaped(case.field.name))

    @needs("replace")
    def test_replacement_of_an_unknown_key_is_not_found(self, desk: Desk) -> None:
        body = desk.body(self.resource)
        names = {f.name for f in self.resource.replaceable}
        body = {name: value for name, value in body.items() if name in names}
        answer = desk.put(self.resource, unknown_key(self.resource), body)
        expect.problem(answer, 404)


def _body(resource: Resource, record: Record) -> Record:
    """The least that a replacement of `record` has to hold."""
    return {
        field.name: sample(field) if field.sensitive else record[field.name]
        for field in _demanded(resource)
    }
